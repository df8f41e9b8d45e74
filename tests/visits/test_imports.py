import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from core import row_imports, spreadsheets
from core.models import AuditRecord
from core.refusals import Refusal
from core.row_imports import RowsRefused
from core.spreadsheets import SpreadsheetError
from tests.factories import organisations as people
from tests.factories import visits as make
from visits import signals
from visits.actions import guides
from visits.forms.answers import AnswersImport
from visits.forms.visits import VisitImport
from visits.models import Finding, GuideAnswer, GuideResponse, Visit

VISITS = ["code", "centre_code", "visited_on", "invited", "accepted", "confirmed", "attended"]
VISIT = ["v-1", "norte-z1-c1", "2026-03-10", "20", "8", "7", "6"]


def sheet(*rows, name="file.csv"):
    """Rows as a spreadsheet program saves them; the first holds the headings."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return spreadsheets.read(out.getvalue().encode(), name)


def answers(*rows, codes=("PSG-ACC01", "PSG-ACC02")):
    return sheet(["visit_code", "parent", *codes], *rows)


def errors(refused):
    return [(error.row, error.column) for error in refused.value.preview.errors]


@pytest.fixture
def head(country):
    """Who imports: the head of the region, with the guide loaded."""
    make.guide()
    return people.person("regional", country.here.region)


@pytest.fixture
def visit(country, head):
    return make.visit(country.here.centre, code="v-1")


def test_visits_are_entered_with_each_count_apart(head):
    done = row_imports.apply(VisitImport(head), sheet(VISITS, VISIT))

    visit = Visit.objects.get()
    assert done.counts == {"created": 1, "updated": 0, "unchanged": 0, "errors": 0}
    assert (visit.invited, visit.accepted, visit.confirmed, visit.attended) == (20, 8, 7, 6)
    assert visit.version.instrument.code == "psg"
    assert AuditRecord.objects.filter(action="visits.record", actor_id=head.pk).count() == 1


def test_visits_imported_again_change_nothing(head):
    row_imports.apply(VisitImport(head), sheet(VISITS, VISIT))
    before = AuditRecord.objects.count()

    done = row_imports.apply(VisitImport(head), sheet(VISITS, VISIT))

    assert done.counts["unchanged"] == 1
    assert AuditRecord.objects.count() == before


def test_visit_without_a_column_keeps_what_was_there(head):
    row_imports.apply(VisitImport(head), sheet(VISITS, VISIT))

    row_imports.apply(VisitImport(head), sheet([*VISITS[:3], "attended"], [*VISIT[:3], "5"]))

    visit = Visit.objects.get()
    assert (visit.invited, visit.attended) == (20, 5)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", ""),
        ("code", "a b"),
        ("centre_code", "sur-z1-c1"),
        ("centre_code", "norte-z1"),
        ("centre_code", "nowhere"),
        ("visited_on", "2026-13-01"),
        ("visited_on", "2999-01-01"),
        ("visited_on", ""),
        ("invited", "many"),
        ("invited", "-1"),
        ("invited", "6.5"),
        ("accepted", "21"),
        ("confirmed", "9"),
    ],
)
def test_visits_with_rubbish_name_row_and_column_and_write_nothing(head, column, value):
    wrong = ["v-2", *VISIT[1:]]
    wrong[VISITS.index(column)] = value

    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(VisitImport(head), sheet(VISITS, VISIT, wrong))
    assert errors(refused) == [(3, column)]
    assert Visit.objects.count() == 0


def test_visit_code_of_another_region_is_refused_without_telling_of_it(head, country):
    make.visit(country.elsewhere.centre, code="v-1")

    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(VisitImport(head), sheet(VISITS, VISIT))
    assert errors(refused) == [(2, "code")]


def test_visit_twice_in_a_file_is_refused(head):
    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(VisitImport(head), sheet(VISITS, VISIT, VISIT))
    assert errors(refused) == [(3, "code")]


def test_visit_with_answers_keeps_its_day(head, visit):
    make.response(visit)

    with pytest.raises(RowsRefused):
        row_imports.apply(VisitImport(head), sheet(VISITS, [*VISIT[:2], "2026-03-11", *VISIT[3:]]))
    visit.refresh_from_db()
    assert visit.visited_on == make.DAY


def test_visits_before_the_guide_is_loaded_say_so(country):
    head = people.person("regional", country.here.region)

    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(VisitImport(head), sheet(VISITS, VISIT))
    assert errors(refused) == [(2, "")]
    with pytest.raises(Refusal):
        AnswersImport(head)


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("sí", "yes"),
        ("Si", "yes"),
        ("S", "yes"),
        ("yes", "yes"),
        ("NO", "no"),
        ("n", "no"),
        ("no vi", "not_seen"),
        ("No vió", "not_seen"),
        ("not seen", "not_seen"),
        ("NV", "not_seen"),
    ],
)
def test_answer_in_either_language_is_understood(head, visit, word, kept):
    row_imports.apply(AnswersImport(head), answers(["v-1", "1", word, ""]))

    answer = GuideAnswer.objects.get()
    assert (answer.item.code, answer.value) == ("PSG-ACC01", kept)


@pytest.mark.parametrize(
    ("code", "text", "kept"),
    [
        ("PSG-PER01", "12/2", ("", 12, 2)),
        ("PSG-PER01", "12 y 2", ("", 12, 2)),
        ("PSG-PED01", "4", ("", 4, None)),
        ("PSG-PED01", "no vi", ("not_seen", None, None)),
        ("PSG-OPI01", "5", ("", 5, None)),
        ("PSG-OPI03", "sí", ("yes", None, None)),
    ],
)
def test_answer_by_the_scale_of_its_item_is_kept(head, visit, code, text, kept):
    row_imports.apply(AnswersImport(head), answers(["v-1", "1", text], codes=[code]))

    answer = GuideAnswer.objects.get()
    assert (answer.value, answer.number, answer.second_number) == kept


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("PSG-ACC01", "maybe"),
        ("PSG-ACC01", "1"),
        ("PSG-ACC01", "=1+1"),
        ("PSG-PED01", "5"),
        ("PSG-PED01", "0"),
        ("PSG-PED01", "3.5"),
        ("PSG-PED01", "²"),
        ("PSG-OPI01", "no vi"),
        ("PSG-OPI03", "no vi"),
        ("PSG-PER01", "12"),
        ("PSG-PER01", "1200/2"),
        ("PSG-OPI04", "Muy amables"),
    ],
)
def test_answer_that_is_none_is_refused_at_its_cell(head, visit, code, text):
    rows = (["v-1", "1", "sí", ""], ["v-1", "2", "", text])
    if code == "PSG-ACC01":
        rows = (["v-1", "1", "sí", "sí"], ["v-1", "2", text, "sí"])
        file = answers(*rows)
    else:
        file = answers(*rows, codes=("PSG-ACC01", code))

    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(AnswersImport(head), file)
    assert errors(refused) == [(3, code)]
    assert GuideResponse.objects.count() == 0


@pytest.mark.parametrize("parent", ["Persona Inventada", "", "-1", "1.5", "12345"])
def test_parent_by_name_or_nonsense_is_refused(head, visit, parent):
    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(AnswersImport(head), answers(["v-1", parent, "sí", "no"]))
    assert errors(refused) == [(2, "parent")]


def test_parent_twice_in_a_file_is_refused_however_written(head, visit):
    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(
            AnswersImport(head), answers(["v-1", "1", "sí", "no"], ["v-1", "01", "no", "no"])
        )
    assert errors(refused) == [(3, "parent")]


def test_answers_received_again_change_nothing_and_others_are_refused(head, visit):
    row_imports.apply(AnswersImport(head), answers(["v-1", "1", "sí", "no"]))

    again = row_imports.apply(AnswersImport(head), answers(["v-1", "01", "Yes", "N"]))
    assert again.counts["unchanged"] == 1
    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(
            AnswersImport(head), answers(["v-1", "2", "sí", "sí"], ["v-1", "1", "sí", "sí"])
        )
    assert errors(refused) == [(3, "parent")]
    assert GuideResponse.objects.count() == 1


def test_answers_for_a_visit_elsewhere_or_nowhere_are_refused(head, visit, country):
    make.visit(country.elsewhere.centre, code="v-2")

    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(
            AnswersImport(head), answers(["v-2", "1", "sí", "no"], ["v-3", "1", "sí", "no"])
        )
    assert errors(refused) == [(2, "visit_code"), (3, "visit_code")]


def test_row_without_answers_is_refused(head, visit):
    with pytest.raises(RowsRefused) as refused:
        row_imports.apply(AnswersImport(head), answers(["v-1", "1", "", ""]))
    assert errors(refused) == [(2, "")]


def test_column_of_no_item_is_named_with_the_nearest(head, visit):
    with pytest.raises(SpreadsheetError, match="PSG-ACC91"):
        row_imports.preview(AnswersImport(head), answers(["v-1", "1", "sí"], codes=["PSG-ACC91"]))


def test_no_to_an_item_with_a_severity_raises_a_finding_with_its_day(
    head, visit, django_capture_on_commit_callbacks
):
    heard = []

    def hear(sender, finding_id, **kwargs):
        heard.append(finding_id)

    signals.finding_raised.connect(hear)
    rows = [["v-1", "1", "sí", "no", "no"], ["v-1", "2", "no vi", "sí", "no"]]
    codes = ("PSG-ACC01", "PSG-ACC02", "PSG-OPI03")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            row_imports.apply(AnswersImport(head), answers(*rows, codes=codes))
    finally:
        signals.finding_raised.disconnect(hear)

    finding = Finding.objects.get()
    assert (finding.item.code, finding.severity) == ("PSG-ACC02", "high")
    assert (finding.said_no, finding.said_yes) == (1, 1)
    assert (finding.due_on - visit.visited_on).days == 5
    assert heard == [finding.pk]


def test_more_parents_later_change_the_counts_and_raise_nothing_twice(head, visit):
    row_imports.apply(AnswersImport(head), answers(["v-1", "1", "sí", "no"]))
    row_imports.apply(AnswersImport(head), answers(["v-1", "2", "sí", "no"]))

    assert Finding.objects.get().said_no == 2
    assert AuditRecord.objects.filter(action="visits.raise_finding").count() == 1


def test_import_visits_command_brings_in_both_files(head, tmp_path, capsys):
    visits = tmp_path / "visits.csv"
    visits.write_bytes(spreadsheets.write_csv(VISITS, [VISIT]))
    guides = tmp_path / "answers.csv"
    guides.write_bytes(
        spreadsheets.write_csv(["codigo_visita", "familia", "PSG-ACC01"], [["v-1", "1", "sí"]])
    )

    call_command("import_visits", visits, guides, by=head.email)
    call_command("import_visits", visits, guides, by=head.email)

    assert (Visit.objects.count(), GuideAnswer.objects.count()) == (1, 1)
    assert "unchanged: 1" in capsys.readouterr().out


def test_import_visits_command_with_a_wrong_row_writes_nothing_and_names_it(head, tmp_path, capsys):
    file = tmp_path / "visits.csv"
    file.write_bytes(spreadsheets.write_csv(VISITS, [VISIT, ["v-2", "nowhere", *VISIT[2:]]]))

    with pytest.raises(CommandError):
        call_command("import_visits", file, by=head.email)
    assert Visit.objects.count() == 0
    assert "3, centre_code:" in capsys.readouterr().err


def test_answers_take_as_many_reading_queries_for_three_rows_as_for_one(
    head, visit, django_assert_num_queries
):
    job = AnswersImport(head)
    row_imports.preview(job, answers(["v-1", "9", "sí", "no"]))  # reads the posts of the person

    for count in (1, 3):
        rows = [["v-1", str(n), "sí", "no"] for n in range(count)]
        with django_assert_num_queries(2):
            row_imports.preview(job, answers(*rows))


@pytest.mark.parametrize("method", ["get", "post"])
def test_list_for_an_older_guide_leads_back_with_its_sentence(client, head, visit, method):
    client.cookies["django_language"] = "en"
    client.force_login(head)
    file = SimpleUploadedFile("a.csv", b"visit_code,parent,PSG-ACC01\nv-1,1,yes\n")
    address = client.post(reverse("import_upload", args=["answers"]), {"file": file}).url
    newer = [row | {"code": f"N-{row['code']}"} for row in make.guide_rows()]
    guides.load(newer, number=2)

    response = getattr(client, method)(address)

    (message,) = response.context["messages"]
    assert response.status_code == 409
    assert str(message).startswith("The column “PSG-ACC01” is not known.")
    assert not GuideResponse.objects.exists()
