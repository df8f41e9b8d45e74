import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.refusals import Refusal
from observation.actions import checklists, instruments
from observation.enums import ItemKind, VersionStatus
from observation.models import Instrument, InstrumentVersion, Item
from tests.factories import observation as make


def problems(rows) -> list[tuple[int, str]]:
    with pytest.raises(checklists.InvalidRows) as refused:
        checklists.parse(rows)
    return [(problem.row, problem.column) for problem in refused.value.problems]


def test_load_of_the_programmes_checklist_gives_all_its_items(db):
    version = instruments.load(make.rows())

    kinds = [version.items.filter(kind=kind).count() for kind in ItemKind]
    assert kinds == [24, 4, 6]
    assert version.items.filter(kind=ItemKind.SCORED, na_allowed=False).count() == 9
    scored = version.domains.filter(items__kind=ItemKind.SCORED).distinct()
    assert list(scored.values_list("code", flat=True)) == ["CAL", "SEN", "LEN", "CON"]
    item = version.items.get(code="SEN7")
    assert item.anchors["3"]["en"] == "Offers real choices, waits and adjusts help to each child."
    assert item.age_groups == ["LB", "LC", "MA", "MB1", "MB2", "MC1", "MC2"]
    assert (item.age_min_months, item.age_max_months) == (7, 48)
    assert (version.minimum_cycles, version.cycle_minutes, version.cycle_minutes_most) == (
        2,
        15,
        20,
    )


def test_load_again_with_the_same_content_changes_nothing(version):
    again = instruments.load(make.rows())

    assert again == version
    assert again.published_at == version.published_at
    assert Item.objects.count() == 34


def test_version_that_was_published_elsewhere_keeps_its_day(db):
    call_command("load_checklist", since=datetime.date(2024, 3, 1), stdout=io.StringIO())

    version = InstrumentVersion.objects.get()
    assert timezone.localtime(version.published_at) == datetime.datetime(
        2024, 3, 1, tzinfo=timezone.get_current_timezone()
    )


def test_version_is_not_published_on_a_day_to_come(db):
    draft = instruments.load(make.rows())
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    with pytest.raises(Refusal, match="still to come"):
        instruments.publish(version=draft, since=tomorrow)


def test_load_of_other_content_into_a_draft_replaces_it(db):
    instruments.load(make.rows())
    rows = make.rows()
    rows[0]["text_en"] = "Greets each child."

    version = instruments.load(rows)

    assert str(version.items.get(code="CAL1").text["en"]) == "Greets each child."
    assert Item.objects.count() == 34


def test_load_of_other_content_into_a_published_version_is_refused(version):
    rows = make.rows()
    rows[0]["text_en"] = "Greets each child."

    with pytest.raises(Refusal, match="2"):
        instruments.load(rows)
    assert version.items.get(code="CAL1").text["en"].startswith("Approaches")


def test_load_of_other_content_as_a_new_version_keeps_the_old(version):
    rows = make.rows()
    rows[0]["text_en"] = "Greets each child."

    newer = instruments.publish(version=instruments.load(rows, number=2))

    assert newer.content_hash != version.content_hash
    assert Instrument.objects.get().versions.count() == 2


def test_publish_hashes_the_same_content_to_the_same_value(version):
    assert instruments.content_hash(instruments.content_of(version)) == version.content_hash
    assert len(version.content_hash) == 64


def test_publish_without_items_is_refused(db):
    empty = Instrument.objects.create(code="empty").versions.create(number=1)

    with pytest.raises(Refusal):
        instruments.publish(version=empty)


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("scale", "FREQ_0_9", "scale"),
        ("item_type", "scord", "item_type"),
        ("age_groups", "LA|XX", "age_groups"),
        ("moments", "ALI|ZZZ", "moments"),
        ("anchor_2_en", "", "anchor_2_en"),
        ("text_es", "", "text_es"),
        ("na_allowed", "maybe", "na_allowed"),
        ("na_rule_es", "", "na_rule_es"),
        ("weight", "-1", "weight"),
        ("weight", "0", "weight"),
        ("weight", "²", "weight"),
        ("weight", "1000", "weight"),
        ("weight", "9" * 5000, "weight"),
        ("code", "x" * 65, "code"),
        ("domain", "x" * 33, "domain"),
        ("scored", "0", "scored"),
        ("code", "CAL2", "code"),
        ("domain_en", "Warm", "domain_es"),
    ],
)
def test_load_of_a_wrong_cell_names_row_and_column(column, value, named):
    rows = make.rows()
    rows[0][column] = value

    assert named in {where for _row, where in problems(rows)}
    assert {row for row, _column in problems(rows)} <= {2, 3, 4, 5, 6, 7}


def test_load_without_a_column_names_it():
    rows = [{key: value for key, value in row.items() if key != "scale"} for row in make.rows()]

    assert problems(rows) == [(1, "scale")]


def test_load_of_no_rows_says_so():
    assert problems([]) == [(2, "code")]


def test_command_twice_publishes_once(db):
    out = io.StringIO()
    call_command("load_checklist", stdout=out)
    call_command("load_checklist", stdout=out)

    assert InstrumentVersion.objects.get().status == VersionStatus.PUBLISHED
    assert out.getvalue().count("34 items, published") == 2


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"code,order\nA,1\n", None])
def test_command_with_rubbish_says_what_is_wrong_and_writes_nothing(db, tmp_path, content):
    file = tmp_path / "rubbish.csv"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError):
        call_command("load_checklist", str(file))
    assert not Instrument.objects.exists()


def test_steps_of_an_item_stand_in_the_order_of_their_numbers():
    item = Item(anchors={step: {"es": f"Paso {step}"} for step in ("10", "9", "0")})

    assert [step for step, _text in item.steps] == ["0", "9", "10"]
