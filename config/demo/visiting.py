"""Parent visits: who came, what each parent's guide says, and the findings that follow."""

from dataclasses import dataclass

import numpy as np

from config.demo import scales, writing
from config.demo.quality import Quality
from config.demo.world import World
from observation.enums import ScaleKind, VersionStatus
from observation.models import InstrumentVersion, Item
from visits.actions import responses
from visits.actions.responses import Given
from visits.enums import Answer
from visits.models import Finding, GuideAnswer, GuideItem, GuideResponse, Visit

AT_ONCE = 2_000  # guides
EASE, EASE_SPREAD = 3.4, 0.7  # logit of a "yes" at a middling centre
BY_CENTRE, BY_PARENT = 1.0, 0.5
NOT_SEEN = 0.06
YES, NO, UNSEEN = Answer.YES.value, Answer.NO.value, Answer.NOT_SEEN.value


@dataclass(frozen=True)
class Visits:
    """One entry per visit."""

    centre: np.ndarray
    day: np.ndarray
    attended: np.ndarray


def write(world: World, rng: np.random.Generator) -> dict[str, int]:
    """Insert visits, guides, answers and findings; returns rows by kind."""
    places, quality = world.places, world.quality
    version = _guide()
    items = list(version.items.select_related("scale", "guide_item").order_by("order"))
    plan = _plan(world, rng)
    ids = _write_visits(plan, places, version, rng)
    visit = np.repeat(np.arange(len(plan.day)), plan.attended)
    parent = np.concatenate([np.arange(1, n + 1) for n in plan.attended.tolist()])
    liking = BY_CENTRE * _as_parents_see(quality, rng)[plan.centre[visit]]
    liking = liking + rng.normal(0, BY_PARENT, len(visit))
    keys = writing.uuids(rng, len(visit))
    ease = rng.normal(EASE, EASE_SPREAD, len(items))
    said = {answer: np.zeros((len(plan.day), len(items)), dtype=int) for answer in (YES, NO)}
    answers = 0
    for start in range(0, len(visit), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        columns = [_answers(item, ease[k], liking[part], rng) for k, item in enumerate(items)]
        for k, column in enumerate(columns):
            for answer in (YES, NO):
                here = np.array([value == answer for value in column])
                np.add.at(said[answer][:, k], visit[part][here], 1)
        answers += _write_guides(
            items,
            keys[part],
            ids[visit[part]],
            plan.day[visit[part]],
            parent[part],
            columns,
        )
    findings = _write_findings(items, ids, plan, said)
    return {
        "visits": len(plan.day),
        "guides": len(visit),
        "guide answers": answers,
        "findings": findings,
    }


def _guide() -> InstrumentVersion:
    version = (
        InstrumentVersion.objects.filter(instrument__code="psg", status=VersionStatus.PUBLISHED)
        .order_by("-number")
        .first()
    )
    if version is None:
        raise ValueError("The parents' guide is not loaded; run load_guide first.")
    return version


def _plan(world: World, rng: np.random.Generator) -> Visits:
    """Each centre's visits, half a year apart; about as many parents at each, the total exact."""
    scale, places = world.scale, world.places
    times = scale.visits_per_centre
    count = len(places.centres) * times
    apart = 340 // times
    last = np.repeat(rng.integers(2, apart, len(places.centres)), times)
    ago = last + apart * np.tile(np.arange(times), len(places.centres))
    attended = scale.guides // count + rng.integers(-1, 2, count)
    while missing := scale.guides - int(attended.sum()):
        step = 1 if missing > 0 else -1
        attended[rng.permutation(count)[: abs(missing)]] += step
    return Visits(
        np.repeat(np.arange(len(places.centres)), times),
        np.busday_offset(world.day - ago, 0, roll="backward"),
        attended,
    )


def _write_visits(plan, places, version, rng) -> np.ndarray:
    count = len(plan.day)
    confirmed = plan.attended + rng.integers(0, 2, count)
    accepted = confirmed + rng.integers(0, 3, count)
    codes = [
        f"{places.centres.codes[centre]}-{day}"
        for centre, day in zip(plan.centre.tolist(), writing.days(plan.day), strict=True)
    ]
    return writing.insert(
        Visit,
        count,
        centre_id=places.centres.ids[plan.centre],
        version_id=version.pk,
        code=codes,
        visited_on=writing.days(plan.day),
        invited=np.maximum(20, accepted),
        accepted=accepted,
        confirmed=confirmed,
        attended=plan.attended,
    )


def _as_parents_see(quality: Quality, rng: np.random.Generator) -> np.ndarray:
    """Per centre, in standard deviations: partly its quality, mostly things of its own."""
    spread = (scales.VARIANCE["region"] + scales.VARIANCE["centre"]) ** 0.5
    share = scales.PARENTS_FOLLOW_QUALITY
    own = rng.normal(size=len(quality.centre))
    return share * quality.centre / spread + (1 - share**2) ** 0.5 * own


def _answers(
    item: Item, ease: float, liking: np.ndarray, rng: np.random.Generator
) -> list[Given | None]:
    """One parent's answer each, as the guide's scale has it; None where there is none."""
    kind, count = item.scale.kind, len(liking)
    unseen = rng.random(count) < NOT_SEEN
    if kind in (ScaleKind.YES_NO, ScaleKind.YES_NO_UNSEEN):
        yes = rng.random(count) < 1 / (1 + np.exp(-(ease + liking)))
        said = np.where(yes, YES, NO)
        return np.where(unseen & (kind == ScaleKind.YES_NO_UNSEEN), UNSEEN, said).tolist()
    if kind == ScaleKind.ORDINAL:
        low, high = item.scale.minimum or 0, item.scale.maximum or 0
        middle = low + 0.75 * (high - low)
        value = np.clip((middle + 0.5 * liking + rng.normal(0, 0.5, count)).round(), low, high)
        may = bool(item.scale.options)  # "could not see it" beside the steps
        return [
            UNSEEN if may and hidden else int(step)
            for step, hidden in zip(value.tolist(), unseen.tolist(), strict=True)
        ]
    if kind == ScaleKind.INTEGER_PAIR:
        children, adults = rng.integers(8, 19, count), rng.integers(2, 4, count)
        return list(zip(children.tolist(), adults.tolist(), strict=True))
    return [None] * count  # free text is not kept


def _write_guides(items, keys, visit_ids, days, parents, columns) -> int:
    given = [
        {item.code: value for item, value in zip(items, values, strict=True) if value is not None}
        for values in zip(*columns, strict=True)
    ]
    writing.insert(
        GuideResponse,
        len(keys),
        id=keys,
        visit_id=visit_ids,
        parent=[str(n) for n in parents.tolist()],
        received_at=[writing.moment(day, 120) for day in writing.days(days)],
        content_hash=[responses.content_hash(answers) for answers in given],
    )
    ids = {item.code: item.pk for item in items}
    rows = [
        (key, ids[code], *_kept(value))
        for key, answers in zip(keys, given, strict=True)
        for code, value in answers.items()
    ]
    response, item, value, number, second = zip(*rows, strict=True)
    writing.insert(
        GuideAnswer,
        len(rows),
        response_id=response,
        item_id=item,
        value=value,
        number=number,
        second_number=second,
    )
    return len(rows)


def _kept(given: Given) -> tuple[str, int | None, int | None]:
    """A word, a step or two counts in the columns of an answer."""
    if isinstance(given, str):
        return given, None, None
    first, second = given if isinstance(given, tuple) else (given, None)
    return "", first, second


def _write_findings(items, ids, plan, said) -> int:
    """One per visit and item with a severity to which somebody said no."""
    meaning: list[GuideItem] = [item.guide_item for item in items]
    grave = np.array([bool(each.severity) for each in meaning])
    visit, k = np.nonzero((said[NO] > 0) & grave)
    days_to_fix = np.array([each.days_to_fix or 0 for each in meaning])
    writing.insert(
        Finding,
        len(visit),
        visit_id=ids[visit],
        item_id=np.array([item.pk for item in items])[k],
        said_no=said[NO][visit, k],
        said_yes=said[YES][visit, k],
        severity=[meaning[i].severity for i in k.tolist()],
        due_on=writing.days(plan.day[visit] + days_to_fix[k]),
        raised_at=[writing.moment(day, 180) for day in writing.days(plan.day[visit])],
    )
    return len(visit)
