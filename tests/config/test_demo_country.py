"""The demonstration country that was loaded: plausible, and within the rules."""

from dataclasses import replace

import pandas as pd
import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from config.demo import people, telling
from config.demo.goals import GOALS
from config.demo.scales import VARIANCE
from core.models import AuditRecord
from lms import statements as lesson_statements
from lms.actions import catch_up
from lms.models import Enrolment, QuestionAnswer
from lrs.actions.statements import fingerprint
from lrs.models import Statement
from measurement import scoring
from measurement.reliability import cronbach_alpha
from mentoring.enums import CycleStatus
from mentoring.models import CycleStep, MentoringCycle, PracticeGoal
from observation import policies, queries
from observation.actions import cycles as cycle_rows
from observation.actions import draws
from observation.enums import InstrumentKind, ItemKind, RatingState, SessionStatus
from observation.models import (
    CodingDraw,
    CodingPair,
    InstrumentVersion,
    ObservationSession,
    Rating,
    SessionScore,
)
from observation.queries import double
from organisations.models import Post, Unit, User
from organisations.roles import RoleCode
from tests.factories.demo import DAY, TINY, load
from tests.factories.observation import rows as checklist
from visits.models import GuideAnswer, GuideResponse


def test_every_scored_item_has_a_goal_of_its_own():
    texts = {row["code"]: row["text_es"] for row in checklist() if row["item_type"] == "scored"}

    assert set(GOALS) == set(texts)
    assert len(set(GOALS.values()) - set(texts.values())) == len(texts)


def test_variance_shares_add_to_one():
    assert sum(VARIANCE.values()) == pytest.approx(1)


@pytest.mark.usefixtures("empty")
def test_parents_agree_with_the_checklist_only_partly():
    load(
        scale=replace(
            TINY,
            centres=60,
            regions=10,
            rooms_per_centre=2,
            caregivers=240,
            mentors=20,
            sessions=420,
            statements=1600,
            guides=720,
        )
    )
    seen = pd.DataFrame(
        GuideAnswer.objects.filter(
            item__guide_item__in_safety_index=True, value__in=["yes", "no"]
        ).values_list("response__visit__centre__path", "value"),
        columns=["centre", "value"],
    )
    scores = pd.DataFrame(
        SessionScore.objects.filter(domain=None, score__isnull=False).values_list(
            "session__unit__path", "score"
        ),
        columns=["room", "score"],
    )
    length = len(seen["centre"][0])

    index = seen["value"].eq("yes").groupby(seen["centre"]).mean()
    quality = scores["score"].groupby(scores["room"].str[:length]).mean()

    both = pd.concat([index, quality], axis=1, join="inner")
    assert 0 < both.corr().iloc[0, 1] < 0.7


@pytest.mark.usefixtures("look")
class TestCountry:
    """What holds in one country."""

    def test_counts_are_those_of_the_scale(self):
        assert ObservationSession.objects.count() == TINY.sessions
        assert Rating.objects.count() == TINY.sessions * 2 * 24
        assert Statement.objects.count() == TINY.statements
        assert GuideResponse.objects.count() == TINY.guides
        assert Unit.objects.of_kind("room").count() == TINY.centres * TINY.rooms_per_centre
        roles = dict(Post.objects.values_list("role").annotate(n=Count("user", distinct=True)))
        assert roles["caregiver"] == TINY.caregivers
        assert roles["mentor"] == TINY.mentors

    def test_tree_has_no_problems(self):
        assert Unit.find_problems() == ([], [], [], [], [])

    def test_every_session_passes_the_rules_of_observation(self):
        sessions = ObservationSession.objects.select_related(
            "version__instrument", "unit", "observer"
        )
        for session in sessions.order_by("pk"):
            items = list(session.version.items.filter(kind=ItemKind.SCORED).select_related("scale"))
            sheets = cycle_rows.sheets(session)
            final = {
                sheet.cycle.number: cycle_rows.final(sheet, items, session.age_group)
                for sheet in sheets
            }
            policies.may_be_closed(session.version, sheets, items, session.age_group)
            policies.observer_may_record(session.observer, session.unit)
            policies.caregiver_works_there(session.caregiver, session.unit, session.observed_on)
            policies.mentor_is_not_the_judge(session.observer, session.unit, session.purpose)
            assert session.status == SessionStatus.CLOSED
            assert session.content_hash == cycle_rows.content_hash(session, sheets, final)
            assert [sheet.ratings for sheet in sheets] == [
                final[sheet.cycle.number] for sheet in sheets
            ]

    def test_instruments_were_published_before_they_were_used(self):
        version = InstrumentVersion.objects.get(instrument__kind=InstrumentKind.CHECKLIST)
        first = ObservationSession.objects.earliest("observed_on")

        assert timezone.localtime(version.published_at).date() < first.observed_on

    def test_scores_are_those_that_measurement_computes(self):
        session = ObservationSession.objects.order_by("pk").first()
        rows = Rating.objects.filter(cycle__session=session)
        ratings = pd.DataFrame(
            rows.values_list("cycle__session_id", "cycle__number", "item__code", "state", "value"),
            columns=["session", "cycle", "item", "state", "value"],
        ).astype({"value": float})
        items = pd.DataFrame(
            session.version.items.filter(kind=ItemKind.SCORED).values_list("code", "domain__code"),
            columns=["item", "domain"],
        ).assign(weight=1.0, minimum=0.0, maximum=3.0)

        expected = scoring.session_scores(scoring.domain_scores(ratings, items))

        stored = {
            score.domain.code if score.domain else "ALL": score for score in session.scores.all()
        }
        for row in expected.itertuples():
            assert stored[row.domain].cycles == row.cycles
            assert stored[row.domain].score == pytest.approx(row.score)

    def test_answers_have_gaps_of_every_sort(self):
        states = set(Rating.objects.values_list("state", flat=True))

        assert states == set(RatingState.values)
        assert Rating.objects.filter(state=RatingState.NOT_APPLICABLE).exclude(note="").exists()
        assert SessionScore.objects.exclude(domain=None).filter(score=None).exists()

    def test_some_rooms_are_coded_by_two_observers_on_a_day(self):
        pairs = ObservationSession.objects.filter(purpose="official").values("unit", "observed_on")

        assert pairs.annotate(n=Count("observer", distinct=True)).filter(n=2).exists()

    def test_rooms_differ_in_their_scores(self):
        scores = pd.DataFrame(
            SessionScore.objects.filter(domain=None, score__isnull=False).values_list(
                "session__unit", "score"
            ),
            columns=["room", "score"],
        )
        by_room = scores.groupby("room")["score"]
        within = (scores["score"] - by_room.transform("mean")).pow(2).sum()
        within /= len(scores) - by_room.ngroups
        between = (by_room.count() * (by_room.mean() - scores["score"].mean()) ** 2).sum()
        between /= by_room.ngroups - 1

        assert between > 2 * within  # an intraclass correlation well above zero

    def test_items_of_a_domain_rise_and_fall_together(self):
        ratings = pd.DataFrame(
            Rating.objects.filter(state=RatingState.SCORED).values_list(
                "cycle__session", "item__domain__code", "item__code", "value"
            ),
            columns=["session", "domain", "item", "value"],
        )
        alphas = [
            cronbach_alpha(given.pivot_table("value", "session", "item")).estimate.value
            for _domain, given in ratings.groupby("domain")
        ]

        # Published instruments of this kind show high alphas; noise alone would give none.
        assert len(alphas) == 4
        assert 0.7 <= sum(alphas) / 4 <= 0.85

    def test_mentoring_cycles_stand_where_their_steps_say(self):
        cycles = MentoringCycle.objects.annotate(
            steps_done=Count("steps", filter=Q(steps__done_on__isnull=False))
        )
        assert set(cycles.values_list("status", flat=True)) >= {"completed", "prepare", "observe"}
        order = [*CycleStatus.values[:6], "completed"]
        for cycle in cycles.exclude(status="cancelled").select_related("goal"):
            waits = cycle.steps_done == 4 and cycle.goal.accepted_on is None
            assert cycle.status == order[cycle.steps_done - waits]
            assert (cycle.first_session is not None) == (cycle.steps_done > 1)
            assert (cycle.second_session is not None) == (cycle.status == "completed")

    def test_linked_sessions_are_of_the_cycle(self):
        for name in ("first_session", "second_session"):
            linked = MentoringCycle.objects.filter(**{f"{name}__isnull": False})
            same = linked.filter(
                room=F(f"{name}__unit"),
                mentor=F(f"{name}__observer"),
                caregiver=F(f"{name}__caregiver"),
                **{f"{name}__purpose": "formative"},
            )
            assert same.count() == linked.count() > 0

    def test_every_fact_of_learning_has_its_statement(self):
        assert catch_up.tell_missing() == 0

        answer = QuestionAnswer.objects.select_related("enrolment__lesson").order_by("pk").first()
        told = lesson_statements.answered(answer)
        assert Statement.objects.get(pk=told["id"]).fingerprint == fingerprint(told)

    def test_people_are_obviously_invented(self):
        made = User.objects.filter(email__endswith="@" + people.DOMAIN)

        assert made.exclude(first_name="Persona", last_name__startswith="Inventada").count() == 0
        assert User.objects.count() == made.count()

    @pytest.mark.parametrize(("role", "email", "password"), people.sign_ins())
    def test_sign_in_of_each_role_works(self, role, email, password):
        user = User.objects.get(email=email)

        assert user.check_password(password)
        assert user.posts.in_force(DAY).filter(role=role).exists()

    def test_mentor_and_caregiver_who_sign_in_have_something_to_do(self):
        mentor = User.objects.get(email=f"{RoleCode.MENTOR}@{people.DOMAIN}")
        caregiver = User.objects.get(email=f"{RoleCode.CAREGIVER}@{people.DOMAIN}")
        due = CycleStep.objects.filter(cycle__mentor=mentor, done_on=None, planned_on=DAY)

        assert due.count() >= 3
        assert (
            PracticeGoal.objects.filter(cycle__caregiver=caregiver, accepted_on=None).count() == 1
        )
        enrolment = Enrolment.objects.get(user=caregiver)
        assert enrolment.completed_at is None
        assert enrolment.answers.count() == 1

    def test_stages_leave_one_audit_record_each(self):
        made = AuditRecord.objects.filter(action__startswith="demo.")

        assert made.values("action").distinct().count() == made.count()
        assert made.get(action="demo.observation").detail["sessions"] == TINY.sessions
        # Whether there are cases is for officers of child protection alone.
        assert not any("alerts" in one.detail for one in made)

    def test_teller_replaces_every_stand_in(self):
        for raw in Statement.objects.values_list("raw", flat=True):
            assert str(telling.PERSON) not in raw
            assert telling.THEN.isoformat() not in raw

    def test_keys_go_on_after_the_load(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM organisations_user")
            count = cursor.fetchone()[0]

        assert User.objects.create_user("persona-nueva@trenza.example").pk > count

    def test_second_codings_are_paired_and_their_figures_are_those_of_the_ratings(self):
        pairs = CodingPair.objects.filter(completed_at__isnull=False)
        assert pairs.exists()
        for pair in pairs.select_related("first_session"):
            assert pair.planned_on == pair.first_session.observed_on
            assert pair.completed_at.date() >= pair.planned_on
            both = [cell.both for cell in double.cells(pair) if cell.both]
            assert (pair.compared, pair.exact) == (len(both), sum(a == b for a, b in both))
            assert pair.difference == pytest.approx(sum(b - a for a, b in both) / len(both))
            assert pair.first_session.observed_on == pair.second_session.observed_on
        official = queries.official(ObservationSession.objects.all())
        assert not official.filter(pk__in=pairs.values("second_session")).exists()

    def test_draw_for_the_next_month_can_be_repeated(self):
        made = CodingDraw.objects.get()

        assert draws.frame_hash(made.frame) == made.frame_hash
        assert draws.repeat(made) == made.result
        assert sorted(made.pairs.values_list("visit", flat=True)) == sorted(made.result)
