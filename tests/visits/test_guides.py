import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import append_only
from core.refusals import Refusal
from observation.actions.checklists import InvalidRows
from observation.models import InstrumentVersion
from tests.factories import visits as make
from visits.actions import guides
from visits.models import GuideItem


def test_guide_has_36_items_in_9_areas_with_19_in_the_index(db):
    version = make.guide()

    assert (version.instrument.code, version.number, version.status) == ("psg", 1, "published")
    assert (version.items.count(), version.domains.count()) == (36, 9)
    items = GuideItem.objects.filter(item__version=version)
    assert (items.count(), items.filter(in_safety_index=True).count()) == (36, 19)
    door = items.get(item__code="PSG-ACC02")
    assert (door.severity, door.days_to_fix, door.item.critical) == ("high", 5, True)


def test_guide_loaded_again_is_the_same_version(db):
    first, again = make.guide(), make.guide()

    assert first == again
    assert (InstrumentVersion.objects.count(), GuideItem.objects.count()) == (1, 36)


@pytest.mark.parametrize("column", ["text_es", "default_due_days"])
def test_guide_with_other_content_under_a_published_number_is_refused(db, column):
    make.guide()
    rows = make.guide_rows()
    rows[0][column] = "99"

    with pytest.raises(Refusal):
        guides.load(rows)
    assert guides.load(rows, number=2).number == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", ""),
        ("code", "PSG-ACC02"),
        ("text_en", " "),
        ("answer_type", "YES"),
        ("code", "x" * 65),
        ("area_code", "x" * 33),
        ("who_shows", "x" * 41),
        ("stop", "first"),
        ("stop", "9" * 5000),
        ("in_safety_index", "yes"),
        ("finding_severity_if_negative", "grave"),
        ("default_due_days", ""),
        ("default_due_days", "0"),
        ("default_due_days", "99999"),
        ("answer_type", "ESCALA_1_5"),
    ],
)
def test_guide_with_rubbish_names_row_and_column_and_loads_nothing(db, column, value):
    rows = make.guide_rows()
    rows[0][column] = value
    if value == "PSG-ACC02":
        rows.reverse()

    with pytest.raises(InvalidRows) as refused:
        guides.load(rows)
    first = refused.value.problems[0]
    assert first.row == (37 if value == "PSG-ACC02" else 2)
    expected = "in_safety_index" if value == "ESCALA_1_5" else column
    assert first.column == expected
    assert InstrumentVersion.objects.count() == 0


def test_guide_without_a_column_says_which(db):
    rows = [
        {key: value for key, value in row.items() if key != "stop"} for row in make.guide_rows()
    ]

    with pytest.raises(InvalidRows) as refused:
        guides.load(rows)
    assert [(each.row, each.column) for each in refused.value.problems] == [(1, "stop")]


def test_load_guide_command_is_idempotent_and_says_what_is_there(db, capsys):
    call_command("load_guide")
    call_command("load_guide")

    assert capsys.readouterr().out.splitlines() == ["psg version 1: 36 items, published."] * 2


def test_load_guide_command_of_a_missing_file_says_so(db):
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("load_guide", "no-such-file.csv")


def test_guide_items_of_a_published_version_and_answers_are_frozen_in_the_database(country):
    visit = make.visit(country.here.centre)
    response = make.response(visit)
    append_only.install(connection)

    for rows, change in (
        (GuideItem.objects.filter(item__code="PSG-ACC01"), {"days_to_fix": 99}),
        (response.answers.filter(value="no"), {"value": "yes"}),
        (type(response).objects.filter(pk=response.pk), {"parent": "9"}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows._raw_delete(using="default")
