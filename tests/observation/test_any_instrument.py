"""Instruments of every sort: recorded on the page, scored, shown on their own range."""

import datetime
import io

import pypdf
import pytest
from django.utils import timezone

from analytics.frames import board_inputs
from core.refusals import Refusal
from observation import queries
from observation.actions import cycles, sessions
from observation.models import Rating
from observation.views import feedback, feedback_pdf
from tests.factories import instruments as other
from tests.factories import observation as make
from tests.factories import organisations
from tests.factories.instruments import (
    COUNT,
    DICHOTOMOUS,
    FIVE,
    LEVELS,
    LOOKS,
    SEEN,
    SEGMENTS,
    SEVEN,
    TEN,
    UNSEEN,
)


@pytest.fixture
def observer(country):
    return organisations.person("mentor", country.here.centre)


@pytest.fixture
def begin(country, observer):
    """A draft in a room of infants, with an instrument on ``scale``."""

    def open_with(scale, items=2, **rules):
        version = other.published(other.content(scale, items, **rules))
        return make.draft(country.here.rooms[0], observer, version=version)

    return open_with


@pytest.fixture
def record(begin, sign_in):
    """What the page answers when ``sent`` is written into the first cycle."""

    def write(scale, sent, items=2, **rules):
        session = begin(scale, items, **rules)
        client = sign_in(session.observer)
        page = client.post(f"/observacion/{session.pk}/ciclo/1/", sent)
        return session, page

    return write


def scored(value, **more):
    return {"state": "scored", "value": value, **more}


def close(session, ratings):
    entry = {"number": 1, "ratings": ratings}
    return sessions.close(session=session, cycles=[entry], by=session.observer)


def figures(session):
    return {
        score.domain.code if score.domain else None: score.score for score in session.scores.all()
    }


@pytest.mark.parametrize(
    ("scale", "rule", "values", "score"),
    [
        (DICHOTOMOUS, "percent", (1, 0), 50),
        (SEEN, "range", (1, 1), 100),
        (other.STEPS, "percent", (3, 2), 100 * (3 / 3 + 2 / 3) / 2),
        (other.STEPS, "mean", (3, 2), 2.5),
        (FIVE, "percent", (5, 2), 70),
        (FIVE, "range", (5, 2), 62.5),
        (FIVE, "mean", (5, 2), 3.5),
        (SEVEN, "range", (1, 4), 25),
        (SEVEN, "mean", (1, 4), 2.5),
        (LEVELS, "range", (1, 2), 25),
        (LEVELS, "mean", (1, 2), 1.5),
        (TEN, "percent", (4, 10), 70),
        (COUNT, "mean", (4, 13), 8.5),
    ],
)
def test_session_is_scored_by_the_rule_of_its_instrument(begin, scale, rule, values, score):
    session = begin(scale, scoring=rule)

    close(session, {"A1": scored(values[0]), "A2": scored(values[1])})

    assert figures(session) == {"A": pytest.approx(score), None: pytest.approx(score)}


def test_looks_count_what_was_seen_and_leave_out_what_was_not_looked_at(begin):
    session = begin(LOOKS, items=3, segments=SEGMENTS)
    ratings = {
        "A1": scored(2, marks=[1, 0, 1]),
        "A2": scored(0, marks=[0, 0, 0]),
        "A3": {"state": "missing", "value": None, "marks": [1, 1, None]},
    }
    with pytest.raises(Refusal, match="A3"):
        close(session, ratings)

    entry = {"number": 1, "ratings": ratings}
    closed = sessions.close(
        session=session, cycles=[entry], by=session.observer, leave_missing=True
    )

    assert figures(closed) == {"A": pytest.approx(100 / 3), None: pytest.approx(100 / 3)}
    assert Rating.objects.get(item__code="A3").marks == [1, 1, None]
    again = sessions.close(session=closed, cycles=[entry], by=session.observer)
    assert again.content_hash == closed.content_hash
    entry["ratings"]["A3"]["marks"] = [1, None, None]
    with pytest.raises(Refusal, match="other answers"):
        sessions.close(session=closed, cycles=[entry], by=session.observer)
    draft = sessions.correct(session=closed, reason="A look was left out", by=session.observer)
    assert Rating.objects.get(cycle__session=draft, item__code="A3").marks == [1, 1, None]


@pytest.mark.parametrize(
    "rating",
    [
        scored(2),
        scored(2, marks=[1, 1]),
        scored(3, marks=[1, 1, 0]),
        scored(2, marks=[1, 1, None]),
        scored(1, marks=[1, 2, 0]),
        scored(1, marks=["1", 1, 0]),
        scored(2, marks=[1, 1, 0, 0]),
        {"state": "missing", "marks": [1, 1, 0]},
        {"state": "na", "marks": [1, 1, 0]},
    ],
)
def test_looks_that_do_not_add_up_are_refused(begin, rating):
    session = begin(LOOKS)

    with pytest.raises(Refusal, match="A1"):
        sessions.save_draft(
            session=session,
            cycles=[{"number": 1, "ratings": {"A1": rating}}],
            by=session.observer,
        )


def test_marks_of_an_item_without_looks_are_refused(begin):
    session = begin(FIVE)

    with pytest.raises(Refusal, match="not looked at"):
        sessions.save_draft(
            session=session,
            cycles=[{"number": 1, "ratings": {"A1": scored(1, marks=[1])}}],
            by=session.observer,
        )


@pytest.mark.parametrize(
    ("scale", "rules", "sent", "kept"),
    [
        (LEVELS, {}, {"A1": "3"}, ("scored", 3, [])),
        (DICHOTOMOUS, {}, {"A1": "1"}, ("scored", 1, [])),
        (COUNT, {"scoring": "mean"}, {"A1": "12"}, ("scored", 12, [])),
        (COUNT, {"scoring": "mean"}, {"A1": "0"}, ("scored", 0, [])),
        (LOOKS, {}, {"A1-1": "1", "A1-2": "0", "A1-3": "1"}, ("scored", 2, [1, 0, 1])),
        (LOOKS, {}, {"A1-2": "1"}, ("missing", None, [None, 1, None])),
        (UNSEEN, {}, {"A1": "unseen"}, ("missing", None, [])),
    ],
)
def test_page_keeps_the_answer_and_shows_it_again(record, client, scale, rules, sent, kept):
    session, page = record(scale, sent, **rules)

    assert page.status_code == 302
    rating = Rating.objects.get()
    assert (rating.state, rating.value, rating.marks) == kept
    shown = client.get(f"/observacion/{session.pk}/ciclo/1/").content.decode()
    for name, value in sent.items():
        assert f'name="{name}" value="{value}"' in shown


@pytest.mark.parametrize(
    ("scale", "sent"),
    [
        (LEVELS, {"A1": "4"}),
        (DICHOTOMOUS, {"A1": "2"}),
        (DICHOTOMOUS, {"A1": "unseen"}),
        (TEN, {"A1": "11"}),
        (TEN, {"A1": "-1"}),
        (TEN, {"A1": "many"}),
        (LOOKS, {"A1-1": "2", "A1-2": "1", "A1-3": "1"}),
        (LOOKS, {"A1-note": "Only a note"}),
    ],
)
def test_page_keeps_nothing_that_does_not_fit_and_says_so(record, scale, sent):
    _session, page = record(scale, sent)

    assert page.status_code == 200
    assert "Saved except for this" in page.content.decode()
    assert not Rating.objects.exists()


def test_count_that_may_not_apply_has_a_box_and_needs_a_reason(country, observer, sign_in):
    said = other.content(TEN)
    for item in said["items"]:
        item |= {"na_allowed": True, "na_rule": other.words("Si no hubo comida")}
    session = make.draft(country.here.rooms[0], observer, version=other.published(said))
    client, address = sign_in(observer), f"/observacion/{session.pk}/ciclo/1/"

    client.post(address, {"A1-na": "on"})
    client.post(address, {"A2-na": "on", "A2-note": "No meal", "A2": "3"})
    assert not Rating.objects.exists()
    client.post(address, {"A1-na": "on", "A1-note": "No meal"})

    assert Rating.objects.get().state == "na"
    assert 'name="A1-na"' in client.get(address).content.decode()


def test_what_was_not_seen_is_an_answer_and_counts_nowhere(begin):
    session = begin(UNSEEN, items=3)

    close(session, {"A1": scored(1), "A2": scored(0), "A3": {"state": "missing"}})

    assert figures(session) == {"A": 50, None: 50}


def test_page_without_moments_shows_the_items_and_words_of_steps(begin, sign_in):
    session = begin(LEVELS)

    page = sign_in(session.observer).get(f"/observacion/{session.pk}/ciclo/1/").content.decode()

    assert 'name="moments"' not in page
    assert "2 · medio (en)" in page


def test_mean_is_shown_on_its_own_range(begin, sign_in):
    session = close(begin(SEVEN, scoring="mean"), {"A1": scored(1), "A2": scored(4)})

    read = feedback.read(session)
    page = sign_in(session.observer).get(f"/observacion/{session.pk}/").content.decode()
    words = pypdf.PdfReader(io.BytesIO(feedback_pdf.render(read, "en"))).pages[0].extract_text()

    assert read.domains[0].range.limits == (1, 7)
    assert "points, from 1 to 7" in page
    assert "from 1 to 7" in " ".join(words.split())
    assert "100" not in words
    listed = sign_in(session.observer).get("/observacion/").content.decode()
    assert '2.5 <span class="soft">points, from 1 to 7' in listed


def test_count_without_end_has_a_chart_and_no_strength(begin, sign_in):
    session = close(begin(COUNT, scoring="mean"), {"A1": scored(4), "A2": scored(13)})

    read = feedback.read(session)

    assert (read.strengths, read.focus) == ([], None)
    page = sign_in(session.observer).get(f"/observacion/{session.pk}/").content.decode()
    words = pypdf.PdfReader(io.BytesIO(feedback_pdf.render(read, "en"))).pages[0].extract_text()
    assert "counted without an end" in page
    assert "two thirds" not in page + words


def test_domains_on_different_scales_have_no_score_over_all(country, observer):
    said = other.content(SEVEN, scoring="mean")
    said["domains"].append({"code": "B", "name": other.words("Conteos")})
    said["scales"].append({"code": "N", **COUNT})
    said["items"][1] |= {"domain": "B", "scale": "N"}
    session = make.draft(country.here.rooms[0], observer, version=other.published(said))

    close(session, {"A1": scored(6), "A2": scored(9)})

    assert figures(session) == {"A": 6, "B": 9}
    assert feedback.read(session).range is None


def test_points_do_not_enter_figures_of_0_to_100(country):
    version = other.published(other.content(SEVEN, scoring="mean"))
    official = organisations.person("zonal", country.here.zone)
    session = make.draft(
        country.here.rooms[0], official, version=version, purpose="official", caregiver=None
    )
    close(session, {"A1": scored(7), "A2": scored(7)})

    found = board_inputs(country.here.region, datetime.date(2026, 1, 1), timezone.localdate())

    assert found["sessions"].empty
    assert queries.ranges_of(version)[None].limits == (1, 7)


def test_begin_asks_for_the_instrument_where_there_are_several(country, observer, sign_in):
    client = sign_in(observer)
    make.checklist()
    alone = client.get("/observacion/nueva/").content.decode()

    version = other.published()
    page = client.get("/observacion/nueva/").content.decode()

    assert 'name="version"' not in alone
    assert "at least two cycles" in alone
    assert f'<option value="{version.pk}">' in page
    assert "at least two cycles" not in page


def test_hash_of_a_session_of_the_checklist_is_as_ever(country, version):
    """Computed before there were marks: what was closed then must still be what it says."""
    session = make.draft(country.here.rooms[0], observed_on=datetime.date(2026, 3, 2))
    session.unit.code, session.observer_id, session.caregiver_id = "R", 1, 2
    ratings = {"CAL2": cycles.Answer("scored", 3), "SEN3": cycles.Answer("na", None, "Nadie lloró")}
    sheet = cycles.CycleSheet(
        cycles.Cycle(
            session=session,
            number=1,
            moments=["ALI"],
            started_at=datetime.time(9),
            ended_at=datetime.time(9, 18),
        ),
        ratings,
    )
    final = {1: cycles.final(sheet, queries.scored_items(session), "LB")}

    assert cycles.content_hash(session, [sheet], final) == (
        "2bd2468b7f126a4e765fc2cf8b188758827d4094e269d43efaed5fbf1399d92d"
    )
