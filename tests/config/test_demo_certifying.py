"""The observers of the demonstration: tested as anybody would be, in every state there is."""

import pytest

from config.demo.scales import OBSERVERS
from observation import policies
from observation.actions import verdicts
from observation.models import Certificate, CodingRound
from observation.queries import observers
from organisations.models import User
from organisations.roles import RoleCode
from tests.factories.demo import DAY


def test_shares_of_observers_add_to_one():
    assert sum(OBSERVERS.values()) == pytest.approx(1)


@pytest.mark.usefixtures("look")
class TestObservers:
    """What holds in one country."""

    def test_verdicts_are_those_that_the_codes_give(self):
        rounds = CodingRound.objects.select_related("observer")

        assert rounds.count() >= 8
        for round_ in rounds:
            again = verdicts.of_test(round_)
            assert again | {"code_version": "demo"} == round_.result
            assert round_.passed == all(gate["met"] for gate in again["gates"])

    def test_clips_are_those_that_the_seed_draws(self):
        for round_ in CodingRound.objects.all():
            frame = [policies.Drawable(**each) for each in round_.draw["frame"]]
            drawn = round_.codings.order_by("number").values_list(
                "clip__code", "clip__content_hash"
            )
            assert policies.draw(frame, 5, round_.draw["seed"]) == round_.draw["clips"]
            policies.draw_is_untouched(list(drawn), round_)

    def test_certificates_are_of_passed_tests_and_nobody_is_tested_in_the_future(self):
        passed = set(CodingRound.objects.filter(passed=True).values_list("pk", flat=True))

        assert set(Certificate.objects.values_list("round", flat=True)) == passed
        for certificate in Certificate.objects.select_related("round"):
            assert certificate.issued_on == certificate.round.finished_on
            assert certificate.issued_on < DAY

    def test_observers_are_mentors_and_zonal_coordinators_most_of_them_certified(self):
        roles = [RoleCode.MENTOR, RoleCode.ZONAL]
        everybody = User.objects.filter(posts__role__in=roles).distinct()
        states = [each.state for each in observers.with_states(everybody, DAY, 60)]

        assert states.count("certified") > len(states) / 2
        assert set(states) <= {"certified", "expiring", "expired", "never"}
