"""A difference between two versions in the reader's language: for a page, a file or an e-mail."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from core.fields import Translated
from observation.comparison import Difference, DomainChange, ItemChange, Score, difference
from observation.enums import Change, Comparable
from observation.models import InstrumentVersion
from observation.serializers import words

Part = dict[str, Any]
STATUS = {Comparable.YES: "good", Comparable.CARE: "caution", Comparable.NO: "problem"}


@dataclass(frozen=True)
class Line:
    """One thing that differs: what ("Item", "Rule" …), its code and name, how, before and now."""

    part: str
    code: str
    name: str
    change: str
    before: str
    after: str


@dataclass(frozen=True)
class ScoreLine:
    """Whether a score stays comparable, and what keeps it from being so."""

    name: str
    verdict: str
    status: str
    why: str


@dataclass(frozen=True)
class Told:
    """A difference told: ``before`` and ``after`` are the versions, the older first."""

    before: InstrumentVersion
    after: InstrumentVersion
    lines: list[Line]
    scores: list[ScoreLine]
    summary: str


def tell(
    before: InstrumentVersion, after: InstrumentVersion, said: dict[int, dict[str, Any]]
) -> Told:
    """The difference of two versions; ``said``: their contents by id."""
    old, new = said[before.pk], said[after.pk]
    found = difference(old, new)
    names = {each["code"]: each["name"] for each in [*old["domains"], *new["domains"]]}
    lines = [
        *(
            Line(
                _("Rule"),
                "",
                words.rule_name(each.name),
                _("changed"),
                words.rule(each.name, each.before),
                words.rule(each.name, each.after),
            )
            for each in found.rules
        ),
        *(line for each in found.domains for line in _of_a_domain(each)),
        *(line for each in found.items for line in _of_an_item(each, names)),
    ]
    scores = [_score(score, names) for score in found.scores]
    return Told(before, after, lines, scores, summary(found, names))


def summary(found: Difference, names: dict[str, dict[str, str]]) -> str:
    """One line: how many items changed in which way, and which scores no longer compare."""
    if not found:
        return _("Nothing differs.")
    counts = Counter(change for item in found.items for change in item.changes)
    parts = [f"{Change(change).label}: {counts[change]}" for change in Change if counts[change]]
    if parts:
        parts[0] = _("Items %(counts)s") % {"counts": parts[0]}
    if n := len(found.domains):
        parts.append(ngettext("%(n)s domain changed", "%(n)s domains changed", n) % {"n": n})
    if n := len(found.rules):
        parts.append(ngettext("%(n)s rule changed", "%(n)s rules changed", n) % {"n": n})
    broken = [_domain(score, names) for score in found.scores if score.verdict == Comparable.NO]
    if broken:
        parts.append(_("scores not comparable: %(names)s") % {"names": ", ".join(broken)})
    return "; ".join(parts) + "."


def email(told: Told, address: str) -> str:
    """A letter to the departments: what changed, which scores compare, where to read on."""
    about = {
        "name": told.after.instrument,
        "before": told.before.number,
        "after": told.after.number,
    }
    paragraphs = [_("%(name)s: what changes from version %(before)s to version %(after)s") % about]
    if reason := str(told.after.reason):
        paragraphs.append(_("Why this version: %(reason)s") % {"reason": reason})
    paragraphs.append("\n".join(["- " + " ".join(_sentence(line)) for line in told.lines]))
    if not told.lines:
        paragraphs[-1] = told.summary
    scores = [
        "- " + ": ".join(filter(None, (score.name, score.verdict, score.why)))
        for score in told.scores
    ]
    paragraphs.append("\n".join([_("Scores of the two versions side by side:"), *scores]))
    paragraphs.append(_("All of it, to read and to download: %(address)s") % {"address": address})
    return "\n\n".join(filter(None, paragraphs))


def _sentence(line: Line) -> Iterable[str]:
    yield f"{line.code or line.part} {line.name}:".strip()
    yield line.change + "."
    if line.before:
        yield _("Before: %(text)s.") % {"text": line.before.rstrip(".")}
    if line.after:
        yield _("Now: %(text)s.") % {"text": line.after.rstrip(".")}


# ---- items and domains


def _of_a_domain(found: DomainChange) -> Iterable[Line]:
    old, new = ((each or {}).get("name", {}) for each in (found.before, found.after))
    name = str(Translated(new or old))
    for change in found.changes:
        before, after = _texts(old, new) if change in _WORDED else ("", "")
        yield Line(_("Domain"), found.code, name, str(change.label), before, after)


def _of_an_item(found: ItemChange, names: dict[str, dict[str, str]]) -> Iterable[Line]:
    name = str(Translated((found.after or found.before or {})["text"]))
    for change in found.changes:
        before, after = _ends(found, change, names)
        yield Line(_("Item"), found.code, name, str(change.label), before, after)


_WORDED = {Change.REWORDED, Change.TRANSLATED}


def _ends(found: ItemChange, change: Change, names) -> tuple[str, str]:
    """What the item said before and says now of what changed."""
    old, new = found.before, found.after
    if old is None or new is None:
        item = old or new or {}
        about = "{}; {}".format(Translated(names[item["domain"]]), words.scale(item["scale"]))
        return (about, "") if new is None else ("", about)
    if change == Change.ANCHORS:
        return _anchors(old, new), _anchors(new, old)
    if change in (*_WORDED, Change.NA_WORDS):
        field = "na_rule" if change == Change.NA_WORDS else "text"
        return _texts(old[field], new[field])
    says: dict[Change, Callable[[Part], str]] = {
        Change.KIND: words.kind,
        Change.RESCALED: lambda item: words.scale(item["scale"]),
        Change.DOMAIN: lambda item: str(Translated(names[item["domain"]])),
        Change.WEIGHT: words.weight,
        Change.NOT_APPLICABLE: words.not_applicable,
        Change.AGE_GROUPS: words.age_groups,
        Change.MOMENTS: words.moments,
        Change.NOTE: _note,
        Change.CRITICAL: lambda item: _("critical") if item["critical"] else _("not critical"),
    }
    if change not in says:
        return "", ""
    return says[change](old), says[change](new)


def _texts(old: dict[str, str], new: dict[str, str]) -> tuple[str, str]:
    """In the reader's language; where that is the same or missing, in those that differ."""
    before, after = Translated(old), Translated(new)
    alike = before.language == after.language or not (before and after)
    if str(before) != str(after) and alike:
        return str(before), str(after)
    differing = [code for code, _name in settings.LANGUAGES if old.get(code) != new.get(code)]
    return _labelled(old, differing), _labelled(new, differing)


def _labelled(text: dict[str, str], codes: list[str]) -> str:
    said = ((get_language_info(code)["name_translated"], text.get(code, "")) for code in codes)
    return "; ".join(f"{name}: {words}" for name, words in said if words)


def _anchors(item: Part, other: Part) -> str:
    """The anchors and names of steps that ``other`` does not say so."""
    steps = [
        f"{step}: {_texts(text, other['anchors'].get(step, {}))[0]}"
        for step, text in sorted(item["anchors"].items())
        if text != other["anchors"].get(step)
    ]
    if item["scale"]["options"] != other["scale"]["options"]:
        steps.append(words.scale(item["scale"]))
    return "; ".join(steps)


def _note(item: Part) -> str:
    note = str(Translated(item["note"]))
    months = [item["age_min_months"], item["age_max_months"]]
    if months == [None, None]:
        return note
    ends = "–".join("" if month is None else str(month) for month in months)
    span = _("%(span)s months") % {"span": ends}
    return f"{note} ({span})".strip()


# ---- scores


def _domain(score: Score, names: dict[str, dict[str, str]]) -> str:
    return _("Over all") if score.domain is None else str(Translated(names[score.domain]))


def _score(score: Score, names: dict[str, dict[str, str]]) -> ScoreLine:
    parts = []
    if score.items:
        parts.append(_("items %(codes)s") % {"codes": ", ".join(score.items)})
    parts += [words.rule_name(name) for name in score.rules]
    verdict = str(score.verdict.label)
    return ScoreLine(_domain(score, names), verdict, STATUS[score.verdict], ", ".join(parts))
