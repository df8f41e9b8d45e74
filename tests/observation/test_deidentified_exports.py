"""Exports with drawn numbers: nobody and no place in them, the same answers, a new draw each."""

import csv
import datetime
import io
import zipfile

import pytest
from django.urls import reverse

from core.models import AuditRecord
from core.refusals import Refusal
from observation.models import Export, ObservationSession, QualityRules, ShowingRule
from tests.factories import observation as make
from tests.factories import organisations
from tests.factories.mentoring import days_ago
from tests.observation.exporting import made
from tests.observation.looking import visits

PAGE = reverse("observation:export_deidentified")
DAYS = (days_ago(400), days_ago(0))
PEOPLE_AND_PLACES = ("session", "region", "centre", "room", "observer", "caregiver")


@pytest.fixture
def evaluator(country):
    return organisations.person("evaluator", country.country)


@pytest.fixture
def session(country, version):
    """One of seven in five centres of a region, with two rooms in the first."""
    zone = country.here.zone
    for number in range(3):
        centre = organisations.unit("centre", zone, f"oculto-{number}", provision="contracted")
        room = organisations.unit("room", centre, f"oculto-{number}-a", age_group="LB")
        make.closed(room, value=number, observed_on=days_ago(20 + number))
    make.closed(country.elsewhere.rooms[0], value=3, observed_on=days_ago(2))
    first, second = country.here.rooms
    make.closed(second, value=1, observed_on=days_ago(9))
    one = make.closed(first, value=2, observed_on=days_ago(8))
    make.closed(first, one.observer, 3, caregiver=one.caregiver, observed_on=days_ago(1))
    return one


def taken(by, session, level="scores", **fields) -> zipfile.ZipFile:
    return made(by, session, level, days=DAYS, deidentified=True, **fields)


def rows(archive, name="data.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


@pytest.mark.parametrize("level", ["long", "wide", "scores"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "sav", "dta"])
def test_every_level_and_form_can_be_taken(evaluator, session, level, form):
    archive = taken(evaluator, session, level, form=form)

    names = [row["variable"] for row in rows(archive, "codebook.csv")]
    assert names[:7] == ["session", "region", "centre", "room", "purpose", "left_out", "week"]
    assert "observed_on" not in names


@pytest.mark.parametrize("level", ["long", "wide", "scores"])
def test_no_code_name_number_or_day_of_anybody_is_left(evaluator, session, level):
    archive = taken(evaluator, session, level)

    text = archive.read("data.csv").decode()
    for secret in ("norte", "sur", "oculto", "c1", "Persona", "2025-", "2026-", str(session.pk)):
        assert secret not in text
    given = rows(archive)
    for name in PEOPLE_AND_PLACES:
        numbers = {int(row[name]) for row in given if row[name]}
        assert numbers == set(range(1, len(numbers) + 1))


def test_the_same_number_is_the_same_person_or_place(evaluator, session):
    given = rows(taken(evaluator, session))

    known = {
        "region": 2,
        "centre": 5,
        "room": 6,
        "session": 7,
        "observer": ObservationSession.objects.values("observer").distinct().count(),
        "caregiver": ObservationSession.objects.values("caregiver").distinct().count(),
    }
    assert {name: len({row[name] for row in given}) for name in known} == known
    ours = sorted((row for row in given if row["centre"] == _two_rooms(given)), key=_week)
    assert [float(row["score_ALL"]) for row in ours] == pytest.approx([100 / 3, 200 / 3, 100])
    assert ours[1]["caregiver"] == ours[2]["caregiver"] != ours[0]["caregiver"]
    assert ours[1]["room"] == ours[2]["room"] != ours[0]["room"]


def _two_rooms(given) -> str:
    rooms = {(row["centre"], row["room"]) for row in given}
    centres = [centre for centre, _room in rooms]
    return next(centre for centre in centres if centres.count(centre) == 2)


def _week(row) -> tuple[int, float]:
    return int(row["week"]), float(row["score_ALL"])


def test_days_are_weeks_from_the_first_of_the_file(evaluator, session):
    given = rows(taken(evaluator, session))

    # The first was 22 days ago.
    assert sorted(int(row["week"]) for row in given) == [1, 1, 1, 2, 3, 3, 4]


def test_numbers_and_order_are_drawn_anew_for_each_file(evaluator, session):
    files = [taken(evaluator, session).read("data.csv") for _nth in range(5)]

    assert len(set(files)) > 1
    for file in files:
        order = [row["session"] for row in csv.DictReader(io.StringIO(file.decode("utf-8-sig")))]
        assert order == [str(number) for number in range(1, 8)]


def test_codebook_and_readme_say_what_was_replaced(evaluator, session):
    archive = taken(evaluator, session)

    said = {row["variable"]: row["what it says"] for row in rows(archive, "codebook.csv")}
    for name in PEOPLE_AND_PLACES:
        assert said[name].endswith("by a number drawn for this file")
    assert said["week"].startswith("week, in place of the day")
    assert "the key was not kept" in archive.read("README.txt").decode()


def test_few_centres_are_refused_since_everybody_knows_which_they_are(evaluator, session, country):
    with pytest.raises(Refusal, match="It holds 1 centre; drawn numbers hide it from 5"):
        taken(evaluator, session, unit=country.here.centre)
    ShowingRule.objects.create(pk=1, minimum_centres=6)
    with pytest.raises(Refusal, match="It holds 5 centres"):
        taken(evaluator, session)
    assert Export.objects.count() == 0


def test_evaluator_asks_on_her_page_and_takes_her_file(
    evaluator, session, sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(evaluator)
    sent = {
        "version": session.version_id,
        "starts_on": DAYS[0],
        "ends_on": DAYS[1],
        "level": "wide",
        "form": "sav",
        "language": "en",
    }

    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(PAGE, sent)
    export = Export.objects.get()
    detail = client.get(asked.url)
    file = client.get(reverse("observation:export_file", args=[export.pk]))

    assert (export.deidentified, detail.status_code) == (True, 200)
    assert b"with drawn numbers" in detail.content
    assert zipfile.ZipFile(io.BytesIO(b"".join(file))).testzip() is None
    assert "wide-deidentified-sav.zip" in file.headers["Content-Disposition"]
    assert AuditRecord.objects.get(action="exports.request").detail["deidentified"] is True
    assert str(export.pk).encode() in client.get(PAGE).content


def test_evaluator_gets_nothing_with_names_in_it(evaluator, session, sign_in):
    client = sign_in(evaluator)

    assert client.get(reverse("observation:export_list")).status_code == 403
    assert b"/observacion/exportar/sin-identidad/" in client.get(reverse("home")).content
    named = Export.objects.create(
        user=evaluator,
        version=session.version,
        starts_on=DAYS[0],
        ends_on=DAYS[1],
        level="wide",
        form="csv",
        language="es",
        sessions=1,
        expires_at=ObservationSession.objects.first().created_at + datetime.timedelta(days=9),
    )
    for route in ("export_detail", "export_file"):
        assert client.get(reverse(f"observation:{route}", args=[named.pk])).status_code == 403


def test_who_sees_sessions_may_hand_them_on_with_drawn_numbers(national, session, sign_in):
    client = sign_in(national)

    named = client.get(reverse("observation:export_list")).content.decode()

    assert PAGE in named
    assert reverse("observation:export_list") in client.get(PAGE).content.decode()
    assert len(rows(taken(national, session))) == 7


@pytest.mark.parametrize("role", ["mentor", "caregiver", "zonal", "director"])
def test_whoever_needs_no_drawn_numbers_is_not_let_in(country, sign_in, role):
    post = country.here.zone if role == "zonal" else country.here.centre
    client = sign_in(organisations.person(role, post))

    assert client.get(PAGE).status_code == 403


def test_what_official_figures_leave_out_is_marked_in_every_export(national, room):
    (official,) = visits(room, [2])
    make.closed(room, observed_on=days_ago(3))
    QualityRules.objects.create(pk=1, certified_from=days_ago(30))

    given = rows(made(national, official, "scores", days=DAYS))

    assert {row["purpose"]: row["left_out"] for row in given} == {"1": "0", "2": "1"}
