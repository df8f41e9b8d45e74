"""A third person settles what two observers differ on."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from core import append_only
from core.models import AuditRecord
from core.refusals import Refusal
from observation.actions import adjudications
from observation.actions.adjudications import Settled
from observation.models import Adjudication, CodingPair, QualityRules, Rating
from observation.queries import double, experts
from tests.factories import double as pairing
from tests.factories import organisations


@pytest.fixture
def pair(room):
    return pairing.completed(room, changed={(1, "CAL1"): 0, (2, "CAL2"): 3})


@pytest.fixture
def regional(country):
    return organisations.person("regional", country.here.region)


def code(pair, item="CAL1", cycle=1, state="scored", value=1, reason="The film shows it"):
    pk = pair.first_session.version.items.get(code=item).pk
    return Settled(cycle, pk, state, value, reason)


def open_pairs(step=2):
    return list(double.unsettled(CodingPair.objects.all(), step))


def test_difference_is_open_until_it_is_settled(pair, regional):
    before = list(Rating.objects.order_by("pk").values())
    assert open_pairs() == [pair]

    adjudications.settle(pair=pair, codes=[code(pair)], by=regional)

    assert open_pairs() == []
    assert list(Rating.objects.order_by("pk").values()) == before
    assert AuditRecord.objects.get(action="adjudications.settle").detail == {"items": 1}


def test_step_decides_what_is_a_difference(pair, regional):
    assert open_pairs(3) == []
    adjudications.settle(pair=pair, codes=[code(pair)], by=regional)
    assert open_pairs(2) == []
    assert open_pairs(1) == [pair]

    adjudications.settle(pair=pair, codes=[code(pair, "CAL2", 2, value=3)], by=regional)
    assert open_pairs(1) == []


def test_who_did_not_score_differs_where_every_difference_counts(room):
    pair = pairing.pair(room)
    pairing.code(pair, pair.first)
    session = pairing.code(pair, pair.second)
    Rating.objects.filter(cycle__session=session, item__code="CAL3").update(
        state="missing", value=None
    )

    assert open_pairs(2) == []
    assert open_pairs(1) == [pair]


def test_later_code_takes_the_place_and_both_stay(pair, regional):
    for value in (1, 2, 2):
        adjudications.settle(pair=pair, codes=[code(pair, value=value)], by=regional)

    assert list(Adjudication.objects.values_list("value", flat=True)) == [1, 2]
    (cell,) = [cell for cell in double.cells(pair) if cell.settled]
    assert cell.agreed.value == 2
    assert experts.against_agreed(pair.first_id, pairing.today()) == {
        "n": 1,
        "same": 1,
        "difference": 0,
    }
    assert experts.against_agreed(pair.second_id, pairing.today())["difference"] == -2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": 4}, "not on the scale"),
        ({"value": None}, "not on the scale"),
        ({"reason": " "}, "say why"),
        ({"item": "CAL2", "cycle": 2, "state": "na", "value": None}, "choose a step"),
        ({"state": "missing", "value": None}, "choose a step"),
        ({"item": "CAL3"}, "do not differ"),
        ({"cycle": 7}, "do not differ"),
    ],
)
def test_code_that_does_not_fit_is_refused(pair, regional, fields, sentence):
    with pytest.raises(Refusal, match=sentence):
        adjudications.settle(pair=pair, codes=[code(pair, **fields)], by=regional)
    assert not Adjudication.objects.exists()


def test_who_coded_does_not_settle(pair):
    for person in (pair.first, pair.second):
        with pytest.raises(Refusal, match="You coded this room yourself"):
            adjudications.settle(pair=pair, codes=[code(pair)], by=person)


def test_nothing_is_settled_before_both_have_closed(room, regional):
    with pytest.raises(Refusal, match="must have closed"):
        adjudications.settle(pair=pairing.pair(room), codes=[], by=regional)


def test_database_keeps_agreed_codes(pair, regional):
    adjudications.settle(pair=pair, codes=[code(pair)], by=regional)
    append_only.install(connection)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Adjudication.objects.update(value=3)


def test_page_shows_both_codes_with_notes_and_keeps_what_was_entered(pair, regional, sign_in):
    Rating.objects.filter(
        cycle__session=pair.second_session, cycle__number=1, item__code="CAL1"
    ).update(note="She turned away")
    item = pair.first_session.version.items.get(code="CAL1").pk
    where = reverse("observation:pair_adjudicate", args=[pair.pk])
    client = sign_in(regional)
    page = client.get(where).content.decode()
    assert "She turned away" in page
    assert "CAL2" not in page  # one point apart
    for step, text in pair.first_session.version.items.get(code="CAL1").steps:
        assert f"<dt>{step}</dt><dd>{text}</dd>" in page

    assert client.post(where, {}).status_code == 400
    half = client.post(where, {f"1-{item}": "1", f"1-{item}-reason": ""})
    assert half.status_code == 400
    assert "Say why this is the code." in half.content.decode()
    assert "Reason for CAL1 in cycle 1</a>" in half.content.decode()
    assert client.post(where, {f"1-{item}": "9", f"1-{item}-reason": "x"}).status_code == 400
    assert client.post(where, {f"1-{item}": "1", f"1-{item}-reason": "a\x00"}).status_code == 400
    assert not Adjudication.objects.exists()

    kept = client.post(where, {f"1-{item}": "1", f"1-{item}-reason": "The film shows it"})
    assert kept.url == reverse("observation:pair_detail", args=[pair.pk])
    assert "The film shows it" in client.get(kept.url).content.decode()
    assert sign_in(pair.first).get(where).status_code == 409


def test_list_of_what_is_to_settle_follows_the_step(pair, regional, sign_in):
    where = reverse("observation:pair_list") + "?state=differ"
    client = sign_in(regional)
    assert len(client.get(where).context["pairs"]) == 1

    QualityRules.objects.create(pk=1, adjudicate_from=3)
    assert client.get(where).context["pairs"] == []
