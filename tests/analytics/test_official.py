"""What is left out of official figures is left out of every analysis, and second codings too."""

import pytest

from analytics import queries
from analytics.enums import Observers
from analytics.frames import board, braid
from observation import queries as observed
from observation.enums import Purpose
from observation.models import ObservationSession, QualityRules, Reinstatement
from tests.factories import double as pairing
from tests.factories import observation as make
from tests.factories.mentoring import days_ago


@pytest.fixture
def sessions(country):
    """Two pairs' sessions and one by an observer of her own; nobody is certified."""
    version = make.checklist()
    room, other = country.here.rooms
    pairs = [pairing.completed(room), pairing.completed(other, values=(1, 3))]
    alone = make.closed(room, pairing.observer(room), purpose=Purpose.OFFICIAL)
    return version, pairs, alone


def counts(country, version) -> tuple:
    """Official sessions as the board, the strands and the validity report count them."""
    unit, since, until = country.here.region, days_ago(30), days_ago(0)
    validity = queries.validity_sessions(version, unit, since, until, Observers.OFFICIAL)
    return (
        len(board.board_inputs(unit, since, until)["sessions"]),
        int(braid.braid_inputs(unit, since, until)["sessions"]["official"].iloc[0]),
        validity.count(),
    )


def test_second_codings_count_in_agreement_alone(country, sessions):
    version, _pairs, _alone = sessions

    assert counts(country, version) == (3, 3, 5)


def test_flagged_sessions_are_left_out_everywhere_and_come_back_everywhere(country, sessions):
    version, _pairs, alone = sessions
    QualityRules.objects.create(pk=1, certified_from=days_ago(10))
    assert counts(country, version) == (0, 0, 0)

    Reinstatement.objects.create(session=alone, reason="Her test was lost", by=alone.observer)

    assert counts(country, version) == (1, 1, 1)
    everything = ObservationSession.objects.all()
    assert list(observed.official(everything)) == [alone]
    both = queries.validity_sessions(
        version, country.here.region, days_ago(30), days_ago(0), Observers.ALL
    )
    assert both.count() == 5
