"""The page of boards: who sees which, how another is asked for, and in which forms it comes."""

import datetime
import html
import io
import json
import re
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from analytics.models import Run
from analytics.reports import bundle, documents, schema
from analytics.reports.board import REPORT
from tests.factories import boards
from tests.factories import organisations as make
from tests.factories.mentoring import days_ago

URL = "/tableros/"
# The parts that are the board's own; those of linkage have tests of theirs.
OWN = ("scores", "safety", "clearing", "adoption", "answered")


def form(unit) -> dict[str, str]:
    period = {"starts_on": days_ago(300), "ends_on": days_ago(0)}
    return {name: f"{day:%Y-%m-%d}" for name, day in period.items()} | {"unit": unit.code}


def page(client, language: str = "en", **asked) -> str:
    answer = client.get(URL, asked, headers={"accept-language": language})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def as_(client, role: str, at):
    user = make.person(role, at)
    client.force_login(user)
    return user


@pytest.fixture
def visited(country):
    """Twelve centres of the region here, of which parents of the last one saw much worse."""
    made = boards.centres(country.here.zone, 12, rooms=0)
    for number, centre in enumerate(made[:-1]):
        boards.visit(centre, 36 - number % 2, 2 + number % 2)
    boards.visit(made[-1], 14, 24)
    return country


def test_board_asked_for_is_computed_and_shown(country, client, django_capture_on_commit_callbacks):
    as_(client, "zonal", country.here.zone)
    assert "Nothing was computed for this place yet" in page(client)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(URL, form(country.here.zone))
    run = Run.objects.get()

    assert answer.url == reverse("analytics:run_detail", args=[run.pk])
    assert (run.kind, run.status) == ("board", "done")
    assert run.options["minimum_parents"] == 10
    shown = page(client)
    assert "Insufficient data: nothing of this kind has happened yet." in shown
    assert country.here.zone.name in shown


def test_board_of_a_place_without_any_record_says_so_in_every_part(country):
    empty = make.unit("zone", country.here.region)

    document = documents.build(REPORT, boards.board(empty).result)

    nothing = ["Insufficient data: nothing of this kind has happened yet."]
    sections = {one.key: one for one in document.sections}
    assert list(sections) == [one.key for one in REPORT.sections]
    assert all(sections[key].notes == nothing for key in OWN)
    assert not any(sections[key].tables for key in OWN)


def test_page_shows_the_newest_board_of_ones_own_unit(country, client):
    for unit in (country.here.centre, country.here.region, country.country):
        boards.board(unit)
    as_(client, "director", country.here.centre)

    shown = page(client)

    assert f"manage.py board --unit {country.here.centre.code} " in shown
    assert country.here.region.name not in re.findall(r"<option.*?>(.*?)</option>", shown)


@pytest.mark.parametrize("role", ["director", "zonal", "regional"])
def test_neighbour_sees_nothing_of_a_board(visited, client, role):
    run = boards.board(visited.here.region)
    there = visited.elsewhere
    at = {"director": there.centre, "zonal": there.zone, "regional": there.region}
    as_(client, role, at[role])

    assert "norte" not in page(client).lower()
    assert "Nothing was computed" in page(client, unit=visited.here.region.code)
    assert client.post(URL, form(visited.here.region)).status_code == 400
    assert client.get(reverse("analytics:run_detail", args=[run.pk])).status_code == 404


@pytest.mark.parametrize("role", ["caregiver", "mentor", "witness"])
def test_who_answers_for_no_centre_has_no_boards(country, client, role):
    as_(client, role, country.here.rooms[0] if role == "caregiver" else country.here.centre)

    assert client.get(URL).status_code == 403


def test_board_names_centres_and_never_people(visited, client):
    people = [
        make.person(role, visited.here.centre) for role in ("caregiver", "mentor", "director")
    ]
    run = boards.board(visited.here.region)
    as_(client, "evaluator", visited.country)

    shown = page(client, unit=visited.here.region.code)

    assert "Norte-z1-c21" in shown
    for text in (shown, json.dumps(run.result), run.table):
        assert not [who for who in people if who.last_name in text or who.email in text]


def test_files_are_offered_to_who_may_fetch_them(visited, client):
    run = boards.board(visited.here.centre)
    link = reverse("analytics:run_file", args=[run.pk, "pdf"])

    as_(client, "director", visited.here.centre)
    assert link not in page(client)
    assert client.get(link).status_code == 403
    as_(client, "regional", visited.here.region)
    assert link in page(client, unit=visited.here.centre.code)
    assert client.get(link)["Content-Type"] == "application/pdf"


def test_page_of_a_run_leads_back_to_the_boards(country, client):
    run = boards.board(country.here.region)
    as_(client, "regional", country.here.region)

    shown = client.get(reverse("analytics:run_detail", args=[run.pk])).content.decode()

    assert f'href="{URL}?unit=norte"' in shown


def test_board_page_asks_the_same_number_of_queries_for_more_centres(visited, client):
    as_(client, "regional", visited.here.region)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(client)
        return len(caught)

    boards.board(visited.here.region)
    queries()
    before = queries()
    for centre in boards.centres(make.unit("zone", visited.here.region, "z2"), 6, rooms=0):
        boards.visit(centre, 30, 8)
    boards.board(visited.here.region)

    assert queries() == before


def test_funnel_is_drawn_of_all_and_lists_those_outside(visited):
    run = boards.board(visited.here.region)

    sections = {one.key: one for one in documents.build(REPORT, run.result).sections}
    places, _counts, outside = sections["safety"].tables

    assert places.rows == []
    assert places.chart.rows[0][0] == "Norte-z1-c21"
    assert places.chart.rows[-1][0] == "All others (11)"
    assert 'class="name"' in places.chart.wide
    assert [row[0].text for row in outside.rows] == ["Norte-z1-c21"]
    assert outside.rows[0][2].text == "below the 99.8 % limits"
    months = sections["adoption"].tables[0].chart
    assert months.columns[1] == "Rooms with a mentoring cycle (%) (n 2)"
    assert months.wide.count('class="label"') == 1


@pytest.mark.parametrize(("rows", "folded"), [(30, 0), (31, 1)])
def test_long_table_is_folded_beneath_its_title(rows, folded):
    cells = [[documents.Cell(f"Centre {number}")] for number in range(rows)]
    table = documents.ShownTable("Outside", "", [documents.Cell("Centre")], cells)
    section = documents.ShownSection("part", "A part", "", [], [table])

    context = {"document": documents.Document("A report", "", sections=[section])}
    page = render_to_string("analytics/_report.html", context)

    assert page.count(f"<summary>Outside: {rows} rows</summary>") == folded
    assert page.count("Centre 29") == 1


def test_every_form_of_a_board_can_be_read(visited):
    run = boards.board(visited.here.region)
    made = {ending: how(REPORT, run) for ending, (how, _kind) in bundle.FORMS.items()}

    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(made["pdf"])).pages)
    book = load_workbook(io.BytesIO(made["xlsx"]))
    told = json.loads(made["json"])
    data = zipfile.ZipFile(io.BytesIO(made["zip"]))

    assert "Board: Norte" in text
    assert "Norte-z1-c21" in text
    assert "Norte-z1-c10" not in text  # within the limits: in the drawing and the workbook alone
    places = book["Centres and what parents saw"]
    assert places.max_row == 13
    assert told["command"].startswith("manage.py board --unit norte --from 20")
    known = schema.schema(REPORT)["properties"]
    for section in REPORT.sections:
        tables = told["report"][section.key].get("tables", {})
        for key, rows in tables.items():
            columns = known[section.key]["properties"]["tables"]["properties"][key]["items"]
            assert set().union(*rows) <= set(columns["properties"])
    rows = data.read("data.csv").decode("utf-8-sig").splitlines()
    assert (rows[0], len(rows)) == ("centre,sessions,score,yes,no", 14)
    assert "norte" not in data.read("data.csv").decode().lower()
    assert "mean score, 0 to 100" in data.read("codebook.csv").decode()


def test_same_records_give_the_same_bytes(visited):
    first, second = (boards.board(visited.here.region) for _each in range(2))

    for ending, (how, _kind) in bundle.FORMS.items():
        assert how(REPORT, first) == how(REPORT, second), ending


def test_period_that_is_not_over_ends_today(country):
    boards.visit(country.here.centre, 0, 2, on=days_ago(2))
    ends_on = timezone.localdate() + datetime.timedelta(300)

    run = boards.board(country.here.centre, ends_on=ends_on)

    assert run.result["about"]["day"] == timezone.localdate().isoformat()
    assert run.result["clearing"]["tables"]["open"][-1]["overdue"] == 0


def test_period_that_has_not_begun_is_refused_with_a_sentence(country):
    tomorrow = timezone.localdate() + datetime.timedelta(1)

    run = boards.board(country.here.centre, starts_on=tomorrow, ends_on=tomorrow)

    assert run.status == "failed"
    assert run.failure == "This period has not begun yet. Choose an earlier first day."


def test_command_writes_the_board_of_a_unit(visited, tmp_path, capsys):
    call_command("board", "--unit", "norte", "--out", str(tmp_path), "--language", "en")

    said = capsys.readouterr().out
    assert "Mean of 12 centres: " in said
    endings = ("html", "pdf", "xlsx", "json", "schema.json", "zip")
    assert {f"board-norte.{one}" for one in endings} < {one.name for one in tmp_path.iterdir()}
    assert "<h1>Board: Norte</h1>" in (tmp_path / "board-norte.html").read_text()
    with pytest.raises(CommandError, match="no unit with the code luna"):
        call_command("board", "--unit", "luna")


def test_keys_of_the_board_stand_once():
    for section in REPORT.sections:
        keys = [table.key for table in section.tables]
        assert len(keys) == len(set(keys))
        for table in section.tables:
            columns = [column.key for column in table.columns]
            assert len(columns) == len(set(columns))
            assert table.chart in ("", *columns)
