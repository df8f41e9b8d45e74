"""What waits from the phone of the demonstration's mentor: held by the mailroom's own rules."""

import json

import pytest

from fieldwork.actions import settlements
from fieldwork.models import Delivery
from observation.models import ObservationSession
from organisations.models import User


@pytest.mark.usefixtures("look")
class TestHeldRecords:
    """What holds in one country."""

    def test_each_waits_for_a_reason_of_its_own_and_counts_nowhere(self):
        rows = Delivery.objects.order_by("id")

        assert [(row.state, row.code) for row in rows] == [
            ("held", "second_session"),
            ("held", "jurisdiction"),
            ("held", "refused"),
        ]
        assert all(json.loads(bytes(row.body))["id"] == str(row.record) for row in rows)
        kept = ObservationSession.objects.filter(pk__in=rows.values("record"))
        assert not kept.exists()

    def test_coordinator_of_the_first_zone_sees_them_all(self):
        zonal = User.objects.get(email="zonal@demo.trenza.example")

        assert Delivery.objects.visible_to(zonal, "fieldwork.settle").count() == 3

    def test_session_of_another_room_counts_once_a_coordinator_takes_it_in(self):
        national = User.objects.get(email="national@demo.trenza.example")
        held = Delivery.objects.get(code="jurisdiction")

        taken = settlements.take_in(delivery=held, reason="Se acordó así.", by=national)

        assert taken.state == "accepted"
        session = ObservationSession.objects.get(pk=held.record)
        assert (session.observer_id, session.unit) == (held.by_id, held.unit)
