"""What the analyses start from: the frames of the apps below, joined to units.

Slow to import: tasks and commands only.
"""

import datetime
import json

import pandas as pd
from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from observation import frames as observation_frames
from observation.enums import ItemKind, Purpose
from observation.models import InstrumentVersion
from organisations.enums import AgeGroup, Provision, UnitKind
from organisations.models import Unit
from visits import frames as visits_frames


def items(version: InstrumentVersion) -> pd.DataFrame:
    """Scored items in their order: item, domain, minimum, maximum (the ends of its scale)."""
    rows = version.items.filter(kind=ItemKind.SCORED).select_related("domain", "scale")
    return pd.DataFrame(
        [
            {
                "item": item.code,
                "domain": item.domain.code,
                "minimum": item.scale.minimum,
                "maximum": item.scale.maximum,
            }
            for item in rows.order_by("order")
        ]
    )


def names(version: InstrumentVersion) -> dict[str, dict[str, dict[str, str]]]:
    """What domains and items are called, in every language, by code."""
    whole = {
        code: _in(code, gettext_noop("Whole instrument")) for code, _name in settings.LANGUAGES
    }
    return {
        "domain": {domain.code: dict(domain.name) for domain in version.domains.all()}
        | {observation_frames.ALL: whole},
        "item": {item.code: dict(item.text) for item in version.items.all()},
        "group": _group_names(),
    }


def _group_names() -> dict[str, dict[str, str]]:
    """What age groups, kinds of provision and regions are called, in every language."""
    languages = [code for code, _name in settings.LANGUAGES]
    found: dict[str, dict[str, str]] = {}
    for language in languages:
        with override(language):
            for code, label in [*AgeGroup.choices, *Provision.choices]:
                found.setdefault(code, {})[language] = str(label)
    regions = Unit.objects.of_kind(UnitKind.REGION).values_list("code", "name")
    return found | {code: dict.fromkeys(languages, name) for code, name in regions}


def _in(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


def criteria(
    facts: pd.DataFrame, unit: Unit, starts_on: datetime.date, ends_on: datetime.date
) -> pd.DataFrame:
    """Other measures of quality beside each session (index of ``facts``), a column each.

    Of imported sessions the facts that are numbers; of the programme's own the safety index of the
    centre in the parents' visits of the period ("safety"). ``facts``: centre, facts (JSON).
    """
    given = told(facts)
    found = given.apply(pd.to_numeric, errors="coerce")
    found = found.loc[:, found.notna().sum() == given.notna().sum()]
    if len(given.columns):
        return found
    visits = visits_frames.safety(unit, starts_on, ends_on)
    codes = dict(Unit.objects.within(unit).of_kind(UnitKind.CENTRE).values_list("pk", "code"))
    answers = visits["yes"] + visits["no"]
    index = (100 * visits["yes"] / answers.where(answers > 0)).set_axis(visits["centre"].map(codes))
    safety = facts["centre"].astype(str).map(index).astype(float)
    found = pd.DataFrame({"safety": safety}, index=facts.index)
    return found.dropna(axis="columns", how="all")


def criterion_names(criteria: pd.DataFrame) -> dict[str, dict[str, str]]:
    """What the other measures are called, in every language."""
    safety = gettext_noop("parents' safety index of the centre")
    languages = [code for code, _name in settings.LANGUAGES]
    return {
        name: {code: _in(code, safety) if name == "safety" else str(name) for code in languages}
        for name in criteria.columns
    }


def groups(facts: pd.DataFrame) -> pd.DataFrame:
    """What sessions may be told apart by, beside each (index of ``facts``), "" where unknown.

    age_group, provision, region; of imported sessions also the facts that have few values.
    """
    given = told(facts).fillna("").astype(str)
    few = [name for name in given.columns if 2 <= given[name].nunique() <= MOST_GROUPS]
    known = facts[["age_group", "provision", "region"]].astype(str)
    return known.drop(columns=[name for name in few if name in known]).join(given[few])


def told(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts of imported sessions as columns of text, None where a row says nothing."""
    known = [json.loads(one) for one in facts["facts"].astype(str)]
    return pd.DataFrame(known, index=facts.index).replace("", None)


# As many as there are regions: what has more values names things, and does not group them.
MOST_GROUPS = 40
FACTS = {
    "pk": "pk",
    "unit__code": "room",
    "unit__path": "path",
    "subject": "subject",
    "rater": "rater",
    "cluster": "cluster",
    "line": "line",
    "observed_on": "on",
    "observer_id": "observer",
    "age_group": "age_group",
    "purpose": "purpose",
    "dataset_id": "dataset",
    "duplicate_of_id": "original",
    "facts": "facts",
}


def session_facts(sessions) -> pd.DataFrame:
    """One row per session: pk (UUID) and the columns of a snapshot that are not of the rating.

    In the programme's own sessions the subject is a room on a day and the rater the observer's id;
    of imported ones the room is the subject and the centre what it lies in, else itself.
    ``comparable``: may stand beside another rater's session of the same subject, as imported ones
    do. Of the programme's own only official sessions may: what a mentor and a coordinator see in
    a room on one day are two observations, not one coded twice.
    """
    records = sessions.order_by().values_list(*FACTS).iterator(chunk_size=5_000)
    frame = pd.DataFrame.from_records(list(records), columns=list(FACTS.values()))
    own = frame["dataset"].isna()
    subject = frame["room"] + " " + frame["on"].astype(str)
    day = [None if pd.isna(on) else on.toordinal() for on in frame["on"]]
    frame = frame.assign(
        session=[one.hex for one in frame["pk"]],
        day=pd.Series(day, frame.index, dtype="float64"),
        line=frame["line"].astype("float64"),
        comparable=~own | (frame["purpose"] == Purpose.OFFICIAL),
        duplicate=frame["original"].notna(),
        facts=[json.dumps(one, ensure_ascii=False, sort_keys=True) for one in frame["facts"]],
        subject=frame["subject"].where(~own, subject),
        rater=frame["rater"].where(~own, frame["observer"].astype("Int64").astype(str)),
    )
    lies = frame["cluster"].where(frame["cluster"] != "", frame["subject"])
    centres = _codes(UnitKind.CENTRE, frame["path"])
    return frame.assign(
        room=frame["room"].where(own, frame["subject"]),
        centre=centres["code"].where(own & (centres["code"] != ""), lies),
        region=_codes(UnitKind.REGION, frame["path"])["code"].where(own, ""),
        provision=centres["provision"].where(own, ""),
    ).drop(columns=["path", "cluster", "on", "observer", "dataset", "original"])


def _codes(kind: UnitKind, paths: pd.Series) -> pd.DataFrame:
    """Code and provision of the unit of ``kind`` above each path; empty where there is none."""
    units = Unit.objects.of_kind(kind).order_by().values_list("path", "code", "provision")
    known = pd.DataFrame.from_records(list(units), columns=["path", "code", "provision"])
    above = paths.str.slice(0, kind.depth * Unit.steplen)
    found = known.set_index("path").reindex(above).fillna("")
    return found.set_index(paths.index)
