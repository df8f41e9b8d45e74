"""Double codings: seats, blindness, completion, cancelling; hand-made and drawn."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import append_only
from core.refusals import Refusal
from observation.actions import instruments, pairs, sessions
from observation.enums import Purpose
from observation.forms.double import observers_for
from observation.models import CodingPair, ObservationSession, PairCoding
from observation.queries import double
from tests.factories import double as pairing
from tests.factories import observation as make
from tests.factories import organisations

DAY = datetime.timedelta(days=1)


@pytest.fixture
def pair(room):
    return pairing.pair(room)


def pages(session) -> list[str]:
    names = ("observation:session_detail", "observation:session_pdf")
    return [
        *(reverse(name, args=[session.pk]) for name in names),
        reverse("observation_api:session_detail", args=[session.pk]),
    ]


def lists(client) -> set:
    shown = client.get(reverse("observation:session_list")).context["page"].object_list
    told = client.get(reverse("observation_api:session_list")).json()["results"]
    return {str(pk) for pk in shown} | {row["id"] for row in told}


def test_neither_sees_the_others_session_until_both_have_closed(country, pair, sign_in):
    session = pairing.code(pair, pair.first)
    client = sign_in(pair.second)
    assert {client.get(page).status_code for page in pages(session)} == {404}
    assert lists(client) == set()
    assert {sign_in(pair.first).get(page).status_code for page in pages(session)} == {200}
    regional = organisations.person("regional", country.here.region)
    assert {sign_in(regional).get(page).status_code for page in pages(session)} == {200}

    second = pairing.code(pair, pair.second, value=3)

    client = sign_in(pair.second)
    assert {client.get(page).status_code for page in pages(session)} == {200}
    assert lists(client) == {str(session.pk), str(second.pk)}
    assert {sign_in(pair.first).get(page).status_code for page in pages(second)} == {200}


def test_second_who_closes_first_hides_hers_from_the_first(pair, sign_in):
    session = pairing.code(pair, pair.second)

    assert {sign_in(pair.first).get(page).status_code for page in pages(session)} == {404}


def test_completed_pair_keeps_what_the_two_said(pair):
    pairing.code(pair, pair.first, 2)
    pairing.code(pair, pair.second, 2, {(1, "CAL1"): 3, (2, "CAL2"): 0})
    pair.refresh_from_db()

    both = [cell.both for cell in double.cells(pair) if cell.both]
    assert (pair.compared, pair.exact) == (len(both), len(both) - 2)
    assert pair.difference == pytest.approx((1 - 2) / len(both))
    assert {cell.item.code for cell in double.cells(pair) if cell.differs(2)} == {"CAL2"}


def test_seat_is_taken_by_room_day_and_purpose_alone(country, room, pair):
    with pytest.raises(Refusal):
        make.draft(country.elsewhere.rooms[0], pair.first, purpose=Purpose.OFFICIAL)
    other = make.closed(country.here.rooms[1], pair.first, purpose=Purpose.OFFICIAL)
    formative = make.closed(room, pair.first)
    before = make.closed(
        room, pair.first, purpose=Purpose.OFFICIAL, observed_on=pairing.today() - DAY
    )
    stranger = make.closed(room, pairing.observer(room), purpose=Purpose.OFFICIAL)

    assert not PairCoding.objects.filter(session__in=[other, formative, before, stranger]).exists()
    session = pairing.code(pair, pair.first)
    again = make.closed(room, pair.first, purpose=Purpose.OFFICIAL)
    assert list(PairCoding.objects.values_list("session", flat=True)) == [session.pk]
    assert again.pk != session.pk


def test_both_may_come_together_on_another_day_once_it_is_arranged(pair):
    later = pairing.today() + DAY
    pairs.arrange(pair=pair, second=pair.second, planned_on=later, by=pair.first)

    assert not PairCoding.objects.exists()
    assert double.seat(coming(pair, pair.second, later)) == (pair, True)
    assert double.seat(coming(pair, pair.first, later)) == (pair, False)
    assert double.seat(coming(pair, pair.first, pairing.today())) is None


def coming(pair, observer, on, appointment=""):
    """What the two bring of ``pair``, not yet begun."""
    return ObservationSession(
        unit=pair.room,
        observer=observer,
        observed_on=on,
        purpose=pair.purpose,
        appointment=appointment,
    )


def test_session_sent_for_the_pair_belongs_to_it_on_whatever_day(pair):
    later = pairing.today() + DAY
    drawn = CodingPair(pk=7, visit="round-visit-3", room=pair.room)

    for who, second in ((pair.first, False), (pair.second, True)):
        name = pair.appointment(second)
        assert double.seat(coming(pair, who, later, name)) == (pair, second)
        assert double.seat(coming(pair, who, later, "pair-0")) is None
    assert [pair.appointment(False), pair.appointment(True)] == [
        f"pair-{pair.pk}-first",
        f"pair-{pair.pk}",
    ]
    assert [drawn.appointment(False), drawn.appointment(True)] == ["round-visit-3", "pair-7"]


def test_session_sent_for_a_pair_is_not_of_the_one_planned_that_day(room, pair):
    other = pairing.pair(room, pair.first, planned_on=pairing.today() + DAY)

    session = make.draft(
        room, pair.first, purpose=Purpose.OFFICIAL, appointment=other.appointment(False)
    )

    assert PairCoding.objects.get(session=session).pair == other


def test_discarded_draft_frees_its_seat(pair):
    draft = make.draft(pair.room, pair.second, purpose=Purpose.OFFICIAL)
    sessions.discard(session=draft, by=pair.second)

    session = pairing.code(pair, pair.second)
    assert PairCoding.objects.get().session == session


def test_correction_before_both_have_closed_takes_the_place(pair):
    session = pairing.code(pair, pair.first)
    later = sessions.correct(session=session, reason="A slip", by=pair.first)
    sessions.close(session=later, by=pair.first)
    pairing.code(pair, pair.second)
    pair.refresh_from_db()

    assert pair.first_session == later


def test_correction_after_both_have_closed_is_not_blind(pair):
    session = pairing.code(pair, pair.first)
    draft = sessions.correct(session=session, reason="A slip", by=pair.first)
    pairing.code(pair, pair.second)
    sessions.close(session=draft, by=pair.first)
    pair.refresh_from_db()

    assert pair.first_session == session


def test_observers_with_other_versions_compare_nothing(pair):
    pairing.code(pair, pair.first)
    changed = [row | {"text_en": row["text_en"] + " (new)"} for row in make.rows()]
    instruments.publish(version=instruments.load(changed, number=2))
    pairing.code(pair, pair.second)
    pair.refresh_from_db()

    assert (pair.compared, pair.exact, pair.difference) == (0, 0, None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": " "}, "Give the reason"),
        ({"planned_on": pairing.today() - DAY}, "That day is over"),
    ],
)
def test_pair_by_hand_is_refused(room, fields, sentence):
    with pytest.raises(Refusal, match=sentence):
        pairing.pair(room, **fields)


def test_pair_by_hand_is_made_before_either_begins(room):
    first, second = pairing.observer(room), pairing.observer(room)
    with pytest.raises(Refusal, match="Nobody codes twice"):
        pairing.pair(room, first, first)
    make.draft(room, second, purpose=Purpose.OFFICIAL)

    with pytest.raises(Refusal, match="would not be blind"):
        pairing.pair(room, first, second)


def test_pair_of_a_mentor_is_formative(country, room):
    mentor = organisations.person("mentor", country.here.centre)

    with pytest.raises(Refusal, match="formative"):
        pairing.pair(room, mentor)
    assert pairing.pair(room, mentor, purpose=Purpose.FORMATIVE)


def test_same_two_are_paired_once_a_day(pair):
    with pytest.raises(Refusal, match="already"):
        pairing.pair(pair.room, pair.second, pair.first)


def test_second_who_has_begun_stays(pair, room):
    make.draft(room, pair.second, purpose=Purpose.OFFICIAL)

    with pytest.raises(Refusal, match="has begun"):
        pairs.arrange(
            pair=pair, second=pairing.observer(room), planned_on=pair.planned_on, by=pair.first
        )


def test_cancelled_pair_binds_nobody(pair, sign_in):
    session = pairing.code(pair, pair.second)
    pairs.cancel(pair=pair, reason="The first fell ill", by=pair.first)

    assert {sign_in(pair.first).get(page).status_code for page in pages(session)} == {200}
    with pytest.raises(Refusal, match="is over"):
        pairs.cancel(pair=pair, reason="Again", by=pair.first)


def test_database_keeps_a_completed_pair(room):
    pair = pairing.completed(room)
    append_only.install(connection)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CodingPair.objects.filter(pk=pair.pk).update(exact=0)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PairCoding.objects.all().delete()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_many_queries_for_three_as_for_one(
    country, room, rows, client, django_assert_num_queries
):
    for _row in range(rows):
        pairing.pair(room)
    client.force_login(organisations.person("regional", country.here.region))

    with django_assert_num_queries(7):
        page = client.get(reverse("observation:pair_list"))
    assert len(page.context["pairs"]) == rows


def test_who_observes_elsewhere_alone_cannot_be_paired_here(country, room):
    here, elsewhere = pairing.observer(room), pairing.observer(country.elsewhere.rooms[0])
    organisations.post("caregiver", room, elsewhere)
    organisations.post("mentor", country.here.centre, here)
    regional = organisations.person("regional", country.here.region)

    assert list(observers_for(regional)) == [here]


def test_pairs_with_differences_are_looked_for_once(country, room, sign_in):
    pairing.completed(room, changed={(1, "CAL2"): 0})
    client = sign_in(organisations.person("regional", country.here.region))

    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("observation:pair_list"), {"state": "differ"})

    assert len(page.context["pairs"]) == 1
    assert sum("observation_rating" in query["sql"] for query in asked) == 1


def test_pages_make_arrange_and_cancel(country, room, sign_in):
    zonal, other = pairing.observer(room), pairing.observer(room)
    client = sign_in(zonal)
    make_one = reverse("observation:pair_make")
    form = {
        "room": room.pk,
        "planned_on": pairing.today().isoformat(),
        "purpose": "official",
        "first": zonal.pk,
        "second": other.pk,
        "reason": "Both are there",
    }
    label = f"{country.here.centre.name} · {room.name}"
    assert label in client.get(make_one, {"place": room.code}).content.decode()
    assert client.post(make_one, form | {"room": country.elsewhere.rooms[0].pk}).status_code == 400
    assert client.post(make_one, form | {"second": "x\x00"}).status_code == 400
    assert client.post(make_one, form | {"second": zonal.pk}).status_code == 400
    assert client.post(make_one, form).status_code == 302
    pair = CodingPair.objects.get()
    detail = reverse("observation:pair_detail", args=[pair.pk])
    assert client.post(make_one, form).status_code == 400

    third = pairing.observer(room)
    arrange = reverse("observation:pair_arrange", args=[pair.pk])
    client.post(arrange, {"second": third.pk, "planned_on": pairing.today().isoformat()})
    pair.refresh_from_db()
    assert pair.second == third
    assert client.post(arrange, {"second": "0"}).url == detail

    cancel = reverse("observation:pair_cancel", args=[pair.pk])
    client.post(cancel, {})
    pair.refresh_from_db()
    assert pair.is_open
    client.post(cancel, {"reason": "Rain"})
    assert "Rain" in client.get(detail).content.decode()


def test_mentor_sees_her_own_double_codings_alone(country, room, sign_in):
    mentor = organisations.person("mentor", country.here.centre)
    hers = pairing.pair(room, mentor, purpose=Purpose.FORMATIVE)
    others = pairing.pair(room)
    client = sign_in(mentor)

    assert [one.pk for one in client.get(reverse("observation:pair_list")).context["pairs"]] == [
        hers.pk
    ]
    assert client.get(reverse("observation:pair_detail", args=[others.pk])).status_code == 404
    page = client.get(reverse("observation:pair_detail", args=[hers.pk])).content.decode()
    assert "Cancel the double coding" not in page
    assert f"appointment=pair-{hers.pk}-first" in page

    make.draft(room, mentor)
    begun = client.get(reverse("observation:pair_detail", args=[hers.pk])).content.decode()
    assert "appointment=" not in begun
