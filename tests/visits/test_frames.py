import datetime

from tests.factories import visits as make
from visits import frames
from visits.models import Visit

YEAR = (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


def test_answers_have_a_row_per_parent_and_item_answered(country):
    visit = make.visit(country.here.centre)
    make.response(visit, "1", {"PSG-ACC01": "yes", "PSG-PER01": (12, 2), "PSG-PED01": 3})

    frame = frames.answers(Visit.objects.all())

    assert list(frame.columns) == list(frames.ANSWERS.values())
    assert frame[["item", "area", "value"]].to_numpy().tolist() == [
        ["PSG-ACC01", "ACC", "yes"],
        ["PSG-PER01", "PER", ""],
        ["PSG-PED01", "PED", ""],
    ]
    assert frame["number"].isna().tolist() == [True, False, False]
    assert frame["second_number"].dropna().tolist() == [2]
    assert frame["in_safety_index"].tolist() == [True, False, False]
    assert set(frame["centre"]) == {country.here.centre.pk}


def test_frames_of_no_visits_have_columns_and_no_rows(db):
    none = Visit.objects.none()

    assert list(frames.answers(none).columns) == list(frames.ANSWERS.values())
    assert list(frames.findings(none).columns) == list(frames.FINDINGS.values())
    assert len(frames.answers(none)) == len(frames.findings(none)) == 0


def test_findings_have_a_row_per_visit_and_item(country):
    visit = make.visit(country.here.centre)
    make.response(visit, "1", {"PSG-ACC02": "no", "PSG-PRC05": "no"})
    make.response(visit, "2", {"PSG-ACC02": "yes"})

    frame = frames.findings(Visit.objects.all())

    assert frame[["item", "severity", "said_no", "said_yes"]].to_numpy().tolist() == [
        ["PSG-ACC02", "high", 1, 1],
        ["PSG-PRC05", "high", 1, 0],
    ]


def test_safety_of_a_unit_sums_its_centres_in_the_period(country):
    guide = make.guide()
    for day in (make.DAY, make.DAY + datetime.timedelta(1), datetime.date(2025, 12, 31)):
        make.response(make.visit(country.here.centre, guide, visited_on=day))
    make.response(make.visit(country.elsewhere.centre, guide))

    frame = frames.safety(country.here.region, *YEAR)

    assert frame.to_dict("records") == [
        {
            "centre": country.here.centre.pk,
            "visits": 2,
            "parents": 2,
            "yes": 2,
            "no": 2,
            "findings": 2,
        }
    ]
    assert len(frames.safety(country.country, *YEAR)) == 2


def test_safety_of_a_unit_without_visits_has_no_rows(country):
    frame = frames.safety(country.country, *YEAR)

    assert (list(frame.columns), len(frame)) == (frames.SAFETY, 0)
