import pandas as pd
import pytest

from measurement import scoring
from observation import frames, queries
from observation.actions import sessions
from observation.enums import Purpose
from observation.models import ObservationSession
from tests.factories import observation as make
from tests.factories import organisations

ALL = ObservationSession.objects.all()


def test_ratings_are_tidy_and_typed(room):
    session = make.closed(room, value=3)

    frame = frames.ratings(ALL.all())

    assert list(frame.columns) == ["session", "cycle", "item", "value", "state"]
    assert len(frame) == 48
    assert set(frame["session"]) == {session.pk}
    assert frame["value"].dropna().unique().tolist() == [3.0]
    assert (frame["value"].isna() == (frame["state"] != "scored")).all()
    assert [str(frame[name].dtype) for name in ("cycle", "item", "value", "state")] == [
        "int64",
        "category",
        "float64",
        "category",
    ]


def test_ratings_of_no_sessions_keep_their_columns(db):
    frame = frames.ratings(ALL.all())

    assert frame.empty
    assert list(frame.columns) == frames.RATING_COLUMNS


def test_scores_of_no_sessions_keep_their_columns(db):
    frame = frames.scores(ALL.all())

    assert frame.empty
    assert list(frame.columns) == frames.SCORE_COLUMNS


def test_scores_equal_what_the_ratings_give(country, room):
    make.closed(room, value=1)
    make.closed(country.here.rooms[1], value=3)

    stored = frames.scores(ALL.all())

    version = ALL.all()[0].version
    computed = scoring.session_scores(
        scoring.domain_scores(frames.ratings(ALL.all()), frames.items(version))
    )
    both = stored.merge(computed, on=["session", "domain"], suffixes=("", "_again"))
    assert len(both) == len(computed) == 10
    pd.testing.assert_series_equal(both["score"], both["score_again"], check_names=False)


def test_scores_lead_to_room_and_centre(country, room):
    session = make.closed(room)

    frame = frames.scores(ALL.all())

    assert frame["room"].unique().tolist() == [room.pk]
    assert frame["centre"].unique().tolist() == [country.here.centre.pk]
    assert frame["caregiver"].unique().tolist() == [session.caregiver_id]
    assert frame["observed_on"].dt.date.unique().tolist() == [session.observed_on]


def test_current_sessions_leave_out_what_a_closed_correction_replaced(room):
    session = make.closed(room)
    draft = sessions.correct(session=session, reason="A slip", by=session.observer)
    assert list(queries.current(ALL.all())) == [session]

    later = sessions.close(session=draft, by=session.observer)

    assert list(queries.current(ALL.all())) == [later]


def test_official_sessions_are_not_a_mentors(country, room):
    make.closed(room)
    zonal = organisations.person("zonal", country.here.zone)
    official = make.closed(room, zonal, purpose=Purpose.OFFICIAL)

    assert list(queries.official(ALL.all())) == [official]


@pytest.mark.parametrize("frame", [frames.ratings, frames.scores, frames.sessions])
def test_frames_ask_the_same_queries_whatever_the_number(
    room, frame, django_assert_max_num_queries
):
    for _each in range(3):
        make.closed(room)

    with django_assert_max_num_queries(3):
        frame(ALL.all())
