"""The pages of analysis plans: written, frozen, computed, and by whom."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from analytics.actions import plans
from analytics.models import EvaluationPlan, Run
from tests.factories import organisations as make
from tests.factories import trials
from tests.factories.observation import checklist

FILLED = {
    "code": "mentoring-2026",
    "unit": "norte",
    "question": "Does mentoring raise the score?",
    "domain": "ALL",
    "treatment": "mentored",
    "design": "cluster_trial",
    "before_from": "2026-01-01",
    "before_to": "2026-03-31",
    "after_from": "2026-07-01",
    "after_to": "2026-09-30",
}


@pytest.fixture
def coordinator(country, client):
    user = make.person("national", country.country)
    client.force_login(user)
    return user


def sent(client, instrument, **fields):
    fields = FILLED | {"version": instrument.pk} | fields
    english = {"accept-language": "en"}
    return client.post(reverse("analytics:plan_write"), fields, headers=english)


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def page(client, name: str, *arguments):
    return client.get(
        reverse(f"analytics:{name}", args=arguments), headers={"accept-language": "en"}
    )


def test_plan_filled_in_becomes_a_draft_by_who_wrote_it(coordinator, client, country):
    answer = sent(client, checklist())

    plan = EvaluationPlan.objects.get()
    assert answer.url == reverse("analytics:plan_detail", args=[plan.pk])
    assert (plan.created_by, plan.unit, plan.is_frozen) == (coordinator, country.here.region, False)
    assert plan.content["plan"]["baselines"] == {"ALL": "ALL_before"}
    assert plan.content["rows"]["after"] == ["2026-07-01", "2026-09-30"]


def test_plan_as_a_file_counts_before_what_is_filled_in(coordinator, client):
    answer = sent(client, checklist(), plan=upload(trials.PLAN.encode(), "p.toml"), question="")

    assert answer.status_code == 302
    assert EvaluationPlan.objects.get().content["plan"]["unit"] == "salon"


def test_assignment_is_kept_as_the_file_has_it(coordinator, client):
    rows = upload(b"centre,arm\nnorte-z1-c1,mentored\n", "a.csv")

    sent(client, checklist(), assignment=rows)

    plan = EvaluationPlan.objects.get()
    assert plan.assignment == [{"centre": "norte-z1-c1", "arm": "mentored"}]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"question": ""}, "Fill this in, or give the plan as a file."),
        ({"before_from": ""}, "Fill this in, or give the plan as a file."),
        ({"before_from": "2026-04-01"}, "“before” needs a first and a last day, in this order."),
        ({"before_to": "2026-07-01"}, "“after” must begin when “before” is over."),
        ({"bound": "0"}, "greater than or equal to 0.1"),
        ({"code": "Mi plan"}, "valid “slug”"),
        ({"code": "a\0b"}, "Null characters are not allowed."),
        ({"question": "a\0b"}, "Null characters are not allowed."),
        ({"unit": "luna"}, "Select a valid choice."),
        ({"unit": "norte-z1-c1"}, "Select a valid choice."),
        ({"version": "0"}, "Select a valid choice."),
        ({"design": "guess"}, "Select a valid choice."),
    ],
)
def test_plan_with_a_fault_says_which_and_nothing_is_written(coordinator, client, fields, sentence):
    answer = sent(client, checklist(), **fields)

    assert answer.status_code == 200
    assert sentence in text(answer)
    assert not EvaluationPlan.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan", b"seed = ", "The plan is not valid TOML"),
        ("plan", b"PK\x03\x04\xff", "The plan is not a text file (UTF-8)."),
        ("plan", b"#" * 1_000_001, "The file is larger than a megabyte."),
        ("plan", b"x = 1", "“question” is missing."),
        ("assignment", b"school,arm\nx,y\n", "The assignment needs a column “centre” or “room”."),
        ("assignment", b"centre,arm\nc,x\nc,y\n", "These stand twice in the assignment: c."),
        ("assignment", b"#" * 1_000_001, "The file is larger than a megabyte."),
    ],
)
def test_file_with_a_fault_says_which_and_nothing_is_written(
    coordinator, client, name, content, sentence
):
    answer = sent(client, checklist(), **{name: upload(content, "f.csv")})

    assert sentence in text(answer)
    assert not EvaluationPlan.objects.exists()


def test_code_that_is_taken_is_refused_on_the_page(coordinator, client):
    version = checklist()
    sent(client, version)

    assert sent(client, version).status_code == 409
    assert EvaluationPlan.objects.count() == 1


@pytest.fixture
def draft(country) -> EvaluationPlan:
    version = trials.imported(country.here.region, trials.rows(centres=2, rooms=1))
    return trials.written(version, country.here.region)


def test_draft_is_frozen_on_its_page_and_computed_after(
    coordinator, client, draft, django_capture_on_commit_callbacks
):
    before = text(page(client, "plan_detail", draft.pk))
    early = client.post(reverse("analytics:plan_compute", args=[draft.pk]))
    frozen = client.post(reverse("analytics:plan_freeze", args=[draft.pk]))
    after = text(client.get(frozen.url, headers={"accept-language": "en"}))
    with django_capture_on_commit_callbacks(execute=True):
        computed = client.post(reverse("analytics:plan_compute", args=[draft.pk]))
    run = Run.objects.get()
    found = text(client.get(computed.url, headers={"accept-language": "en"}))

    assert ("plan-freeze" in before, "plan-compute" in before) == (True, False)
    assert early.status_code == 409
    assert ("plan-freeze" in after, "plan-compute" in after) == (False, True)
    assert EvaluationPlan.objects.get().content_hash in after
    assert (run.status, run.requested_by, run.seed) == ("done", coordinator, 7)
    assert "Evaluation report" in found
    assert reverse("analytics:run_detail", args=[run.pk]) in text(
        page(client, "plan_detail", draft.pk)
    )


def test_frozen_plan_is_frozen_no_second_time(coordinator, client, draft):
    plans.freeze(plan=draft, by=None)

    answer = client.post(
        reverse("analytics:plan_freeze", args=[draft.pk]), headers={"accept-language": "en"}
    )

    assert answer.status_code == 409
    assert "This plan is frozen." in text(answer)


def test_plans_are_listed_with_where_and_how_they_stand(coordinator, client, draft):
    shown = text(page(client, "plan_list"))

    assert all(words in shown for words in (draft.code, "Norte", "draft", "taller"))


def test_list_without_a_plan_says_what_to_do(coordinator, client):
    assert "No plan yet" in text(page(client, "plan_list"))


def test_neighbour_finds_no_plan_and_may_not_compute_it(client, country, draft):
    client.force_login(make.person("regional", country.elsewhere.region))

    assert page(client, "plan_detail", draft.pk).status_code == 404
    for name in ("plan_freeze", "plan_compute"):
        assert client.post(reverse(f"analytics:{name}", args=[draft.pk])).status_code == 404
    assert draft.code not in text(page(client, "plan_list"))
    assert not EvaluationPlan.objects.get().is_frozen


def test_neighbour_cannot_plan_for_another_region_nor_on_its_data(client, country, draft):
    client.force_login(make.person("regional", country.elsewhere.region))

    assert "Select a valid choice." in text(sent(client, checklist()))
    assert "Select a valid choice." in text(sent(client, draft.version, unit="sur"))
    assert EvaluationPlan.objects.count() == 1
