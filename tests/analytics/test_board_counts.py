"""What the board counts: findings, who has begun, who answered."""

import datetime
import io
import json

import numpy as np
import pandas as pd
import pytest
from django.utils import timezone
from openpyxl import load_workbook

from analytics.actions.board import adoption, clearing
from analytics.models import Run
from analytics.reports import bundle
from analytics.serializers import REPORTS
from lms.models import Enrolment
from measurement.disclosure import feasible
from organisations.models import Post
from tests.factories import boards, learning, mentoring
from tests.factories import organisations as make
from tests.factories.mentoring import days_ago
from visits.models import Finding, PublicRule

DAY = datetime.date(2026, 6, 30)
TODAY = DAY.toordinal()


def lesson(who, at, days: int) -> None:
    day = timezone.now() - datetime.timedelta(days)
    Enrolment.objects.create(
        user=who, lesson=learning.lesson(), unit=at, started_at=day, completed_at=day
    )


def found(*rows: tuple[str, int, int, float]) -> pd.DataFrame:
    """Findings: severity, and days before the last one on which raised, due and cleared."""
    frame = pd.DataFrame(rows, columns=["severity", "raised_on", "due_on", "cleared_on"])
    days = ["raised_on", "due_on", "cleared_on"]
    frame[days] = TODAY - frame[days].astype(float)
    return frame


# Findings


def test_findings_that_nobody_cleared_are_counted_open_and_overdue(country):
    boards.visit(country.here.centre, 0, 3, on=days_ago(60))
    first = Finding.objects.order_by("pk").first()
    Finding.objects.exclude(pk=first.pk).update(due_on=days_ago(1))
    Finding.objects.filter(pk=first.pk).update(due_on=days_ago(0))

    section = boards.board(country.here.centre).result["clearing"]

    whole = section["tables"]["open"][-1]
    assert {name: whole[name] for name in ("severity", "open", "overdue", "done")} == {
        "severity": "all",
        "open": 3,
        "overdue": 2,
        "done": 0,
    }
    assert (whole["median"]["reason"], whole["median"]["n"]) == ("no_events", 3)
    # That nothing is written down is no share of 0 in time.
    assert whole["in_time"] is None
    assert [note["code"] for note in section["notes"]] == ["nothing_cleared"]
    assert "curve" not in section["tables"]


def test_findings_once_cleared_have_a_median_a_share_in_time_and_a_curve():
    quick = [("high", 50, 30, 40)] * 6
    late = ("low", 50, 30, 10)
    still = ("low", 50, 30, np.nan)

    section = clearing.compute(found(*quick, late, still), DAY)

    rows = {row["severity"]: row for row in section["tables"]["open"]}
    assert list(rows) == ["high", "low", "all"]
    assert (rows["all"]["open"], rows["all"]["overdue"], rows["all"]["done"]) == (1, 1, 7)
    assert rows["all"]["in_time"]["value"] == 75
    assert (rows["high"]["median"]["value"], rows["all"]["median"]["value"]) == (10, 10)
    curve = {row["days"]: row["share"]["value"] for row in section["tables"]["curve"]}
    # Beyond the fiftieth day nothing is known: one is open still.
    assert curve == {"0": 100, "7": 100, "14": 25, "30": 25}
    assert "notes" not in section


def test_finding_cleared_after_the_last_day_is_open_on_it():
    section = clearing.compute(found(("high", 20, 5, -3), ("high", 20, 5, 10)), DAY)

    whole = section["tables"]["open"][-1]
    assert (whole["open"], whole["overdue"], whole["done"]) == (1, 1, 1)


# The toolkit


def test_rooms_and_people_count_from_the_month_of_their_first(country):
    pair = mentoring.pair(country.here)
    mentoring.cycle(pair, "completed", opened=100)
    mentoring.cycle(pair, "completed", opened=40)
    lesson(pair.caregiver, country.elsewhere.rooms[0], 70)
    lesson(pair.caregiver, pair.room, 10)
    make.person("caregiver", country.here.rooms[1])
    gone = make.person("caregiver", pair.room)
    lesson(gone, pair.room, 200)
    Post.objects.filter(user=gone).update(ends_on=days_ago(50))

    section = boards.board(country.here.region).result["adoption"]

    months = {row["month"]: row for row in section["tables"]["months"]}
    begun = Run.objects.get().result["names"]["month"]
    assert list(months) == list(begun) == sorted(months)
    for tier, days, share in (("rooms", 100, 50), ("caregivers", 70, 50), ("mentors", 0, 0)):
        first = adoption.month_of(days_ago(days))
        shares = [row[tier]["value"] for month, row in months.items() if month >= first]
        assert set(shares) == {share}
        assert {row[tier]["value"] for month, row in months.items() if month < first} <= {0}
    assert [row["rooms"]["n"] for row in months.values()] == [2] * len(months)
    assert months[adoption.month_of(days_ago(0))]["mentors"]["n"] == 1
    assert months[adoption.month_of(days_ago(0))]["rooms"]["method"] == "wilson"
    assert section["notes"] == [{"code": "no_end"}]
    assert section["tables"]["ends"] == []


def test_who_began_before_the_period_counts_from_its_first_month():
    reach = pd.DataFrame({"tier": "rooms", "month": ["2025-03", None]})

    section = adoption.compute(reach, ["2026-05", "2026-06"])

    assert [row["rooms"]["value"] for row in section["tables"]["months"]] == [50, 50]
    assert [row["mentors"] for row in section["tables"]["months"]] == [None, None]


def test_end_of_the_spread_is_told_once_the_curve_has_turned():
    t = np.arange(18)
    begun = np.round(np.diff(900 / (1 + np.exp(-0.7 * (t - 8))), prepend=0)).astype(int)
    months = adoption.months_between("2025-01", "2026-06")
    reach = pd.DataFrame({"month": np.repeat(months, begun), "tier": "caregivers"})
    waiting = pd.DataFrame({"month": [None] * 100, "tier": "caregivers"})

    section = adoption.compute(pd.concat([reach, waiting]), months)

    (row,) = section["tables"]["ends"]
    assert (row["tier"], row["begun"]) == ("caregivers", int(begun.sum()))
    assert row["end"]["value"] == pytest.approx(900, rel=0.01)
    assert section["notes"] == []


def test_months_between_run_over_the_year():
    assert adoption.months_between("2025-11", "2026-02") == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


# Who answered


@pytest.fixture
def answered(country):
    """Guides by region and provision: north 20 contracted, 4 direct; south 30 and 25."""
    for region, contracted, direct in ((country.here, 20, 4), (country.elsewhere, 30, 25)):
        other = boards.centre(region.zone, f"{region.region.code}-d", 0, provision="direct")
        for centre, number in ((region.centre, contracted), (other, direct)):
            boards.parents(centre, number)
    return country


def guides(run) -> dict[str, dict]:
    return {row["region"]: row for row in run.result["answered"]["tables"]["guides"]}


def test_small_cell_is_hidden_with_those_that_would_give_it_away(answered):
    run = boards.board(answered.country)

    hidden = "suppressed"
    assert guides(run) == {
        "Norte": {"region": "Norte", "contracted": hidden, "direct": hidden, "total": 24},
        "Sur": {"region": "Sur", "contracted": hidden, "direct": hidden, "total": 55},
        "total": {"region": "total", "contracted": 50, "direct": 29, "total": 79},
    }
    assert run.result["answered"]["notes"] == [{"code": "hidden", "facts": {"minimum": 10}}]


def test_hidden_count_cannot_be_worked_out_from_the_totals(answered):
    shown = pd.DataFrame(guides(boards.board(answered.country)).values()).set_index("region")

    ranges = feasible(shown.replace("suppressed", np.nan).astype(float))

    small = ranges[(ranges["row"] == "Norte") & (ranges["column"] == "direct")].iloc[0]
    assert small["low"] == 0
    assert small["high"] >= 10


def test_hidden_count_stands_in_no_form_of_the_board(answered, client):
    run = boards.board(answered.country)
    client.force_login(make.person("national", answered.country))

    page = client.get(f"/trenza/{run.pk}/", headers={"accept-language": "en"}).content.decode()
    workbook = load_workbook(io.BytesIO(bundle.as_workbook(REPORTS[run.kind], run)))
    (sheet,) = (one for one in workbook if one.title.startswith("Parents"))
    cells = [cell.value for row in sheet.iter_rows() for cell in row]

    assert page.count("too few people to show it") == 4
    assert cells.count("too few people to show it") == 4
    assert 4 not in cells
    assert "parents" not in json.dumps(run.result["safety"])
    assert "parents" not in run.table.splitlines()[0]


def test_threshold_is_the_rule_of_the_programme_and_stays_with_the_run(answered):
    before = boards.board(answered.country)
    PublicRule.objects.update(minimum_parents=4)
    after = boards.board(answered.country)
    none = PublicRule.objects.all().delete() and boards.board(answered.country)

    assert guides(before)["Norte"]["direct"] == "suppressed"
    assert guides(after)["Norte"]["direct"] == 4
    assert after.result["answered"]["notes"] == []
    assert none.result["answered"] == {
        "reason": "suppressed",
        "notes": [{"code": "no_minimum"}],
    }
    assert len({run.inputs_hash for run in (before, after, none)}) == 3


def test_single_small_count_is_hidden_with_its_total(country):
    boards.parents(country.here.centre, 3)

    assert guides(boards.board(country.here.centre)) == {
        "Norte": {"region": "Norte", "contracted": "suppressed"}
    }


def test_regions_of_one_name_are_told_apart_by_their_codes(country):
    twin = make.region(make.unit("provider", country.country, "dif"), "otro")
    twin.region.name = country.here.region.name
    twin.region.save()
    boards.parents(country.here.centre, 12)
    boards.parents(twin.centre, 15)

    assert set(guides(boards.board(country.country))) == {
        "Norte (norte)",
        "Norte (otro)",
        "Sur",
        "total",
    }
