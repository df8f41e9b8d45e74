"""The page of validity reports: what there is, what is asked for, and two of them side by side."""

import html
import re

import pytest
from django.urls import reverse

from analytics import queries, serializers
from analytics.actions import gates, runs
from analytics.models import Run
from analytics.reports import documents
from observation.enums import Purpose
from observation.models import InstrumentVersion
from tests.factories import observation as observe
from tests.factories import organisations as make
from tests.factories import trials
from tests.factories.mentoring import days_ago


@pytest.fixture
def coordinator(country, client):
    user = make.person("national", country.country)
    client.force_login(user)
    return user


@pytest.fixture
def observed(country) -> InstrumentVersion:
    """A room that two zonal coordinators saw officially today; formative sessions beside it."""
    room, other = country.here.rooms
    for observer in [make.person("zonal", country.here.zone) for _each in range(2)]:
        observe.closed(room, observer, purpose=Purpose.OFFICIAL)
    observe.closed(room)
    observe.closed(other, observed_on=days_ago(3))
    observe.draft(other)
    return InstrumentVersion.objects.get()


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def sent(client, version, **fields):
    asked = {
        "version": version.pk,
        "unit": "norte",
        "starts_on": days_ago(30).isoformat(),
        "ends_on": days_ago(0).isoformat(),
        "observers": "official",
    }
    english = {"accept-language": "en"}
    return client.post(reverse("analytics:validity"), asked | fields, headers=english)


def table(shown: str, caption: str) -> list[list[str]]:
    """The rows of the table of that caption, as texts."""
    pattern = rf"<caption>{caption}</caption>.*?<tbody[^>]*>(.*?)</tbody>"
    (body,) = re.findall(pattern, shown, re.DOTALL)
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")
    ]
    return [[words(cell) for cell in row] for row in cells if row]


def words(cell: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", cell).split())


def looked(client, version, **fields) -> dict[str, list[str]]:
    shown = text(sent(client, version, look="1", **fields))
    return {row[0]: row[1:] for row in table(shown, "What there is, before anything is computed")}


def test_look_counts_official_sessions_and_says_what_is_missing(coordinator, client, observed):
    found = looked(client, observed)

    assert found == {
        "Sessions": ["2", "200", "Too few to judge how the items group."],
        "Observers": ["2", "2", "Enough."],
        "Rooms that two observers saw on one day": [
            "1",
            "30",
            "Too few to judge whether observers agree: have more sessions coded twice.",
        ],
        "Sessions begun and not closed": ["1", "–", "They do not count until they are closed."],
        "Rooms seen on two days or more": ["0", "30", "Too few to judge whether scores last."],
    }
    assert not Run.objects.exists()


def test_look_at_all_sessions_counts_formative_ones_too(coordinator, client, observed):
    assert looked(client, observed, observers="all")["Sessions"][0] == "4"


@pytest.mark.parametrize(
    "fields",
    [
        {"unit": "sur"},
        {"starts_on": days_ago(40).isoformat(), "ends_on": days_ago(31).isoformat()},
    ],
)
def test_look_elsewhere_or_at_another_time_finds_nothing(coordinator, client, observed, fields):
    assert looked(client, observed, **fields)["Sessions"][0] == "0"


def test_look_at_imported_data_asks_for_no_days(coordinator, client, country):
    version = trials.imported(country.here.region, trials.rows(centres=2, rooms=1))

    found = looked(client, version, unit="norte", starts_on="2001-01-01", ends_on="2001-01-02")

    assert {name: row[0] for name, row in found.items()} == {
        "Sessions": "4",
        "Observers": "2",
        "Rooms that two observers saw on one day": "0",
    }


def test_official_sessions_of_the_last_year_are_asked_for_unless_said_otherwise(
    coordinator, client, observed
):
    form = client.get(reverse("analytics:validity")).context["form"]

    assert (form["observers"].value(), form["ends_on"].value()) == ("official", days_ago(0))
    assert form["starts_on"].value() == days_ago(364)
    assert [str(field.name) for field in form] == [
        *("version", "unit", "starts_on", "ends_on", "observers")
    ]


def test_report_is_computed_from_what_was_chosen_and_shown(
    coordinator, client, observed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = sent(client, observed)
    run = Run.objects.get()
    shown = text(client.get(answer.url, headers={"accept-language": "en"}))
    listed = text(client.get(reverse("analytics:validity"), headers={"accept-language": "en"}))

    assert (run.status, run.requested_by, run.unit.code) == ("done", coordinator, "norte")
    assert run.options["observers"] == "official"
    assert run.result["read"]["tables"]["counts"][0] == {"what": "sessions", "n": 2}
    assert "Only official evaluations by observers other than the room's mentor." in shown
    assert "insufficient data" in shown
    assert reverse("analytics:run_file", args=[run.pk, "pdf"]) in shown
    (row,) = table(listed, "Reports")
    assert row[1] == str(observed.instrument.name)
    assert row[2:4] == ["Norte", "done"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"version": "0"}, "Choose an instrument from the list."),
        ({"version": "x"}, "Choose an instrument from the list."),
        ({"unit": "luna"}, "Choose a place from the list."),
        ({"ends_on": "2000-01-01"}, "The last day is before the first."),
        ({"starts_on": "2000-01-01"}, "Choose a period of five years at most."),
        ({"observers": "me"}, "Select a valid choice."),
    ],
)
@pytest.mark.parametrize("look", [{}, {"look": "1"}])
def test_what_cannot_be_asked_for_is_refused_with_a_sentence(
    coordinator, client, observed, fields, sentence, look
):
    answer = client.post(
        reverse("analytics:validity"),
        {
            "version": observed.pk,
            "unit": "norte",
            "starts_on": days_ago(30).isoformat(),
            "ends_on": days_ago(0).isoformat(),
            "observers": "official",
        }
        | fields
        | look,
        headers={"accept-language": "en"},
    )

    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not Run.objects.exists()


def test_gates_are_offered_to_who_may_change_them(coordinator, client, country):
    address = reverse("analytics:gates")

    assert address in text(client.get(reverse("analytics:validity")))
    client.force_login(make.person("regional", country.here.region))
    assert address not in text(client.get(reverse("analytics:validity")))


def computed(version, unit, **fields) -> Run:
    options = queries.validity_options(version, "all")
    period = {"starts_on": days_ago(30), "ends_on": days_ago(0)}
    fields = {"kind": "validity", "options": options, "background": False} | fields
    return runs.compute(run=runs.request(unit=unit, **period, **fields))


def test_report_keeps_the_gates_that_it_was_asked_for_with(coordinator, observed, country):
    before = computed(observed, country.country)
    gates.change(code="alpha", provisional=0.2, good=0.3, minimum_n=2, by=coordinator)
    after = computed(observed, country.country)
    report = serializers.REPORTS["validity"]

    def asked(run: Run) -> str:
        run.refresh_from_db()
        shown = documents.build(report, run.result).gates
        return next(gate.asked for gate in shown if "alpha" in gate.title)

    assert asked(before) == "at least 0.70"
    assert asked(after) == "provisional from 0.20, good from 0.30"


def compare(client, *given: Run):
    english = {"accept-language": "en"}
    address = reverse("analytics:validity_compare")
    return client.get(address, {"run": [run.pk for run in given]}, headers=english)


def test_two_reports_side_by_side_say_what_differs(coordinator, client, observed, country):
    first = computed(observed, country.country)
    observe.closed(country.here.rooms[1], make.person("zonal", country.here.zone), value=0)
    second = computed(observed, country.country, seed=2)
    shown = text(compare(client, second, first))

    made = {row[0]: row[1:] for row in table(shown, "What they were made from")}
    assert made["Seed"] == [str(first.seed), "2", "differs"]
    assert made["Inputs (SHA-256)"] == [first.inputs_hash, second.inputs_hash, "differs"]
    assert made["Where"] == ["Mx", "Mx", "the same"]
    assert made["Code version"][2] == "the same"
    found = table(shown, "What they found")
    subjects = {row["domain"] for row in first.result["internal"]["tables"]["domains"]}
    assert len(found) > len(subjects)
    assert all(len(row) == 4 for row in found)


def test_difference_is_the_second_less_the_first(coordinator, client, country):
    trial = trials.imported(country.here.region, trials.rows(centres=4, rooms=4))
    first = computed(trial, country.here.region)
    other = trials.MAP.replace(b'"taller"', b'"otro"')
    again = trials.imported(country.here.region, trials.rows(centres=4, rooms=4, seed=9), other)
    second = computed(again, country.here.region)

    shown = text(compare(client, first, second))
    row = next(row for row in table(shown, "What they found") if "alpha" in row[0])
    alphas = [
        run.result["internal"]["tables"]["domains"][0]["alpha"]["value"] for run in (first, second)
    ]
    assert [row[1].split()[0], row[2].split()[0]] == [
        f"{alpha:.2f}".replace("-", "−") for alpha in alphas
    ]
    assert row[3].replace("−", "-") == f"{alphas[1] - alphas[0]:+.2f}"


@pytest.mark.parametrize("asked", [[], ["1"], ["x", "y"], ["9" * 30, "1"], ["1", "1"], ["٣", "²"]])
def test_comparison_of_anything_but_two_reports_goes_back(coordinator, client, asked):
    answer = client.get(reverse("analytics:validity_compare"), {"run": asked}, follow=True)

    assert answer.redirect_chain == [(reverse("analytics:validity"), 302)]


def test_neighbour_compares_nothing_of_another_region(client, country, observed):
    given = [computed(observed, country.here.region, seed=seed) for seed in (1, 2)]
    client.force_login(make.person("regional", country.elsewhere.region))

    assert compare(client, *given).status_code == 302
