"""Exports, read back with the programs' own readers: equal numbers, labels, nobody's name."""

import csv
import datetime
import io
import zipfile

import openpyxl
import pyreadstat
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from core.models import AuditRecord
from core.refusals import Refusal
from observation.actions import export_tables, exports, sessions
from observation.enums import ExportStatus
from observation.models import Export, ObservationSession, Rating, ShowingRule
from tests.factories import observation as make
from tests.factories import organisations
from tests.observation.exporting import asked, made

LIST = reverse("observation:export_list")


def rows(archive: zipfile.ZipFile, name="data.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def stored() -> dict[tuple[int, str], int | None]:
    found = Rating.objects.filter(item__kind="scored").select_related("item", "cycle")
    return {(one.cycle.number, one.item.code): one.value for one in found}


def saved(archive: zipfile.ZipFile, folder, form: str, **options):
    path = folder / f"read.{form}"
    path.write_bytes(archive.read(f"data.{form}"))
    return getattr(pyreadstat, f"read_{form}")(str(path), **options)


def test_wide_csv_holds_each_value_and_tells_na_from_missing(regional, mixed):
    first, second = rows(made(regional, mixed))

    for number, row in ((1, first), (2, second)):
        for (cycle, item), value in stored().items():
            if cycle == number and value is not None:
                assert row[item] == str(value)
    assert (first["SEN3"], first["CAL1"], first["SEN2"]) == ("na", "", "0")
    assert (first["session"], first["room"]) == (str(mixed.pk), mixed.unit.code)
    assert first["region"] == "norte"
    assert first["centre"] == "norte-z1-c1"
    assert first["minutes"] == "18"


def test_long_csv_has_a_row_for_each_rating(regional, mixed):
    given = {
        (int(row["cycle"]), row["item"]): row["value"]
        for row in rows(made(regional, mixed, "long"))
    }

    values = {key: str(value) for key, value in stored().items() if value is not None}
    assert {key: given[key] for key in values} == values
    assert given[1, "SEN3"] == "na"
    assert len(given) == 48


def test_scores_csv_holds_the_stored_scores(regional, mixed):
    (row,) = rows(made(regional, mixed, "scores"))

    for score in mixed.scores.select_related("domain"):
        code = score.domain.code if score.domain else "ALL"
        assert float(row[f"score_{code}"]) == pytest.approx(score.score)
        assert int(row[f"cycles_{code}"]) == score.cycles


def test_xlsx_holds_numbers_as_numbers(regional, mixed):
    archive = made(regional, mixed, form="xlsx")

    book = openpyxl.load_workbook(io.BytesIO(archive.read("data.xlsx")))
    heads, first, _second = book["data"].iter_rows(values_only=True)
    row = dict(zip(heads, first, strict=True))
    assert (row["CAL2"], row["SEN2"], row["SEN3"], row["CAL1"]) == (3, 0, "na", None)
    assert row["observed_on"] == datetime.datetime.combine(mixed.observed_on, datetime.time.min)


def test_sav_holds_values_labels_and_user_missing(regional, mixed, folder):
    archive = made(regional, mixed, form="sav")

    frame, about = saved(archive, folder, "sav", user_missing=True)
    for (cycle, item), value in stored().items():
        if value is not None:
            assert frame[item][cycle - 1] == value
    assert (frame["SEN3"][0], frame["CAL1"][0]) == (-97, -99)
    item = mixed.version.items.get(code="CAL2")
    assert about.column_names_to_labels["CAL2"] == f"CAL2: {item.text['en']}"[:250]
    labels = about.variable_value_labels["CAL2"]
    assert labels[-97.0] == "not applicable"
    assert labels[-99.0] == "not answered"
    # SPSS holds 120 bytes of a label.
    assert labels[3.0] == item.anchors["3"]["en"].encode()[:118].decode()
    assert [(one["lo"], one["hi"]) for one in about.missing_ranges["CAL2"]] == [
        (-97, -97),
        (-99, -99),
    ]

    plain, _about = saved(archive, folder, "sav")
    assert plain["SEN3"].isna()[0]
    assert plain["observed_on"][0] == mixed.observed_on


def test_dta_holds_values_labels_and_letters_for_what_is_no_value(regional, mixed, folder):
    archive = made(regional, mixed, form="dta")

    frame, about = saved(archive, folder, "dta", user_missing=True)
    for (cycle, item), value in stored().items():
        if value is not None:
            assert frame[item][cycle - 1] == value
    assert (frame["SEN3"][0], frame["CAL1"][0]) == ("a", "b")
    labels = about.variable_value_labels["CAL2"]
    assert labels["a"] == "not applicable"
    item = mixed.version.items.get(code="CAL2")
    assert labels[3] == item.anchors["3"]["en"]
    assert about.column_names_to_labels["CAL2"] == f"CAL2: {item.text['en']}"[:80].rstrip()
    plain, _about = saved(archive, folder, "dta")
    assert plain["SEN3"].isna()[0]


@pytest.mark.parametrize("level", ["long", "wide", "scores"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "sav", "dta"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_level_in_every_form_and_language(regional, mixed, level, form, language):
    archive = made(regional, mixed, level, form, language)

    assert sorted(archive.namelist()) == ["README.txt", "codebook.csv", f"data.{form}"]
    book = rows(archive, "codebook.csv")
    heads = list(book[0])
    assert heads[0] == {"es": "variable", "en": "variable"}[language]
    assert all(row[heads[1]] for row in book)


def test_labels_are_in_the_language_that_was_asked_for(regional, mixed, folder):
    archive = made(regional, mixed, form="sav", language="es")

    _frame, about = saved(archive, folder, "sav")
    item = mixed.version.items.get(code="CAL2")
    assert about.column_names_to_labels["CAL2"] == f"CAL2: {item.text['es']}"


@pytest.mark.parametrize("level", ["long", "wide", "scores"])
def test_nothing_of_alerts_names_or_notes_is_in_a_file(regional, mixed, level):
    archive = made(regional, mixed, level)

    text = "".join(archive.read(name).decode() for name in archive.namelist())
    for word in ("ALE1", "Hidden", "HYPERLINK", "Nadie", "Persona", "Inventada", "@"):
        assert word not in text


def test_people_are_their_numbers(regional, mixed):
    (row, _second) = rows(made(regional, mixed))

    assert row["observer"] == str(mixed.observer_id)
    assert row["caregiver"] == str(mixed.caregiver_id)


def test_codebook_says_how_each_form_writes_what_is_no_value(regional, mixed):
    said = {
        form: next(
            row for row in rows(made(regional, mixed, form=form), "codebook.csv")
            if row["variable"] == "CAL2"
        )
        for form in ("csv", "sav", "dta")
    }  # fmt: skip

    assert said["csv"]["no values"] == "na = not applicable; empty = not answered"
    assert said["sav"]["no values"] == "'-97 = not applicable; -99 = not answered"
    assert said["dta"]["no values"] == ".a = not applicable; .b = not answered"
    assert said["csv"]["values"].startswith("0 = ")


def test_text_that_looks_like_a_formula_is_escaped(regional, mixed):
    ObservationSession.objects.filter(pk=mixed.pk).update(age_group="=1")

    (row, _second) = rows(made(regional, mixed))

    assert row["age_group"] == "'=1"


def test_a_corrected_session_is_there_once(regional, mixed):
    draft = sessions.correct(session=mixed, by=mixed.observer, reason="Una errata")
    corrected = sessions.close(session=draft, by=draft.observer, leave_missing=True)

    given = rows(made(regional, mixed, "scores"))

    assert [row["session"] for row in given] == [str(corrected.pk)]


def test_only_ones_own_places_are_in_it(country, mixed):
    make.closed(country.elsewhere.rooms[0])
    head = organisations.person("regional", country.elsewhere.region)
    national = organisations.person("national", country.country)

    (row,) = rows(made(head, mixed, "scores"))
    assert row["region"] == "sur"
    assert len(rows(made(national, mixed, "scores"))) == 2
    assert [
        row["region"] for row in rows(made(national, mixed, "scores", unit=country.here.centre))
    ] == ["norte"]


def test_a_caregiver_takes_only_what_is_about_her(room, mixed):
    make.closed(room)

    given = rows(made(mixed.caregiver, mixed, "scores"))

    assert [row["session"] for row in given] == [str(mixed.pk)]


def test_who_lost_her_post_before_it_was_made_gets_nothing(regional, mixed):
    ShowingRule.objects.create(pk=1, at_once=0)
    export = Export.objects.create(
        user=regional,
        version=mixed.version,
        starts_on=mixed.observed_on,
        ends_on=mixed.observed_on,
        level="scores",
        form="csv",
        language="es",
        sessions=1,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    regional.posts.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))

    exports.make(export=Export.objects.get(pk=export.pk))

    assert rows(zipfile.ZipFile(exports.path(export))) == []


def test_names_of_variables_are_taken_by_every_program():
    taken = {"room"}

    codes = ("1-a", "a b", "A_b", "ñandú", "x" * 40, "x" * 40, "room")
    given = [export_tables.variable_name(code, taken) for code in codes]

    assert given == ["v_1_a", "a_b", "A_b_2", "v__and_", "x" * 32, "x" * 30 + "_2", "room_2"]


def test_an_empty_export_is_refused_in_a_sentence(regional, mixed):
    long_ago = datetime.date(2001, 1, 1)

    with pytest.raises(Refusal, match="no closed session"):
        asked(regional, mixed, days=(long_ago, long_ago))
    assert Export.objects.count() == 0


def test_too_many_rows_for_a_workbook_are_refused_and_csv_is_not(regional, mixed, monkeypatch):
    monkeypatch.setattr("observation.policies.exporting.MOST_ROWS", 10)

    with pytest.raises(Refusal, match="Choose CSV"):
        asked(regional, mixed, "long", "xlsx")
    assert asked(regional, mixed, "long", "csv").status == ExportStatus.MADE


def test_a_failure_is_told_and_leaves_no_file(regional, mixed, folder, settings):
    blocked = folder / "file"
    blocked.write_text("")
    settings.EXPORTS_ROOT = str(blocked)

    assert asked(regional, mixed).status == ExportStatus.FAILED


def test_files_whose_days_are_over_are_forgotten(regional, mixed, capsys):
    old, new = asked(regional, mixed), asked(regional, mixed, "long")
    Export.objects.filter(pk=old.pk).update(expires_at=timezone.now())

    call_command("forget_exports")

    assert capsys.readouterr().out == "Removed 1 export(s).\n"
    assert list(Export.objects.all()) == [new]
    assert (exports.path(old).exists(), exports.path(new).exists()) == (False, True)


def test_each_export_leaves_a_record_without_personal_data(regional, mixed):
    export = asked(regional, mixed, "long")

    record = AuditRecord.objects.get(action="exports.request")
    assert (record.actor_id, record.object_id) == (regional.pk, str(export.pk))
    assert record.detail == {
        "version": mixed.version_id,
        "sessions": 1,
        "level": "long",
        "form": "csv",
        "purpose": "",
    }


def test_context_is_exported_in_numbers_where_it_was_said_in_numbers(regional, mixed):
    first, second = rows(made(regional, mixed))

    names = ["CTX1", "CTX2_1", "CTX2_2", "CTX3", "CTX4", "CTX5"]
    assert [first[name] for name in names] == ["ALI", "9", "3", "2", "1", "0"]
    assert [second[name] for name in names] == [""] * 6
    assert "CTX6" not in first


def test_each_variable_has_its_level_of_measurement(regional, mixed, folder):
    archive = made(regional, mixed, form="sav")

    _frame, about = saved(archive, folder, "sav")
    levels = about.variable_measure
    names = ["region", "purpose", "observer", "CTX1", "CTX4", "cycle", "CAL2", "minutes", "CTX2_1"]
    assert [levels[name] for name in names] == [
        *["nominal"] * 5,
        *["ordinal"] * 2,
        *["scale"] * 2,
    ]
    assert about.variable_value_labels["CTX4"] == {1.0: "yes", 0.0: "no"}
    book = {row["variable"]: row["level"] for row in rows(archive, "codebook.csv")}
    assert (book["CAL2"], book["minutes"]) == ("ordinal", "scale (metric)")
