import pytest
from django.urls import reverse

from analytics import queries
from analytics.reports.gates import State, judged, state
from core.models import AuditRecord
from measurement.estimates import Estimate, Reason
from organisations.roles import RoleCode
from tests.factories import organisations as make
from visits.queries import minimum_parents

GATE = {"provisional": 0.6, "good": 0.75, "at_most": False, "minimum_n": 10}
LOWER = {"provisional": 0.08, "good": 0.08, "at_most": True, "minimum_n": 10}


@pytest.mark.parametrize(
    ("gate", "estimate", "expected"),
    [
        (GATE, Estimate(0.85, 0.76, 0.9, 50), State.GOOD),
        (GATE, Estimate(0.70, 0.61, 0.8, 50), State.PROVISIONAL),
        (GATE, Estimate(0.70, 0.55, 0.8, 50), State.UNDECIDED),
        (GATE, Estimate(0.40, 0.30, 0.59, 50), State.POOR),
        (GATE, Estimate(0.90, 0.85, 0.95, 9), State.INSUFFICIENT),
        (GATE, Estimate.insufficient(Reason.ONE_RATER, 50), State.INSUFFICIENT),
        (LOWER, Estimate(0.05, 0.03, 0.07, 50), State.GOOD),
        (LOWER, Estimate(0.10, 0.09, 0.12, 50), State.POOR),
        (LOWER, Estimate(0.08, 0.07, 0.09, 50), State.UNDECIDED),
        (GATE, Estimate(0.75, None, None, 50), State.GOOD),
        (GATE, Estimate(0.85, None, None, 50, reason=Reason.AT_BOUNDARY), State.UNDECIDED),
        (GATE, Estimate(1.0, None, None, 50, reason=Reason.PERFECT_AGREEMENT), State.GOOD),
    ],
)
def test_state_goes_by_the_whole_interval(gate, estimate, expected):
    assert state(estimate, gate) == expected


def test_judged_gate_keeps_what_it_was_judged_by():
    found = judged(GATE | {"code": "icc"}, "CAL", Estimate(0.85, 0.76, 0.9, 50))

    assert (found["code"], found["subject"], found["good"]) == ("icc", "CAL", 0.75)
    assert (found["state"], found["estimate"]["value"]) == ("good", 0.85)


@pytest.fixture
def coordinator(country, client):
    user = make.person(RoleCode.NATIONAL, country.country)
    client.force_login(user)
    return user


def sent(**changes):
    values = {
        f"{gate['code']}_{name}": gate[name]
        for gate in queries.gates()
        for name in ("provisional", "good", "minimum_n")
    }
    return values | {"minimum_parents": 10} | changes


def test_changed_gate_is_in_force_and_on_the_audit_trail(coordinator, client):
    client.post(reverse("analytics:gates"), sent(icc_good=0.8))

    (icc,) = [gate for gate in queries.gates() if gate["code"] == "icc"]
    assert (icc["provisional"], icc["good"]) == (0.6, 0.8)
    assert AuditRecord.objects.filter(action="gates.change").count() == 1


def test_gate_that_is_good_before_it_is_provisional_is_refused(coordinator, client):
    english = {"Accept-Language": "en"}
    answer = client.post(reverse("analytics:gates"), sent(icc_good=0.5), headers=english)

    assert answer.status_code == 200
    assert "“Good” must be at least as strict as “provisional”." in answer.content.decode()
    assert queries.gates()[0]["good"] == 0.75


def test_gates_page_names_every_gate(coordinator, client):
    page = client.get(
        reverse("analytics:gates"), headers={"Accept-Language": "en"}
    ).content.decode()

    assert all(gate["title"]["en"] in page for gate in queries.gates())


def test_fewest_parents_for_a_count_can_be_changed_beside_the_gates(coordinator, client):
    client.post(reverse("analytics:gates"), sent())
    unchanged = AuditRecord.objects.filter(action="rules.change").exists()
    client.post(reverse("analytics:gates"), sent(minimum_parents=15))

    assert (unchanged, minimum_parents()) == (False, 15)
    assert AuditRecord.objects.get(action="rules.change").actor_id == coordinator.pk
    refused = client.post(reverse("analytics:gates"), sent(minimum_parents=1))
    assert (refused.status_code, minimum_parents()) == (200, 15)
