"""Sessions with their scores, and ratings and scores a row each."""

from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics

from core.pagination import InOrder
from observation import queries
from observation.api.filters import KnownFilters, RatingFilter, ScoreFilter, SessionFilter
from observation.api.reading import Reading
from observation.enums import ItemKind
from observation.models import Cycle, ObservationSession, Rating, SessionScore
from observation.serializers.rows import RatingRowSerializer, ScoreRowSerializer
from observation.serializers.sessions import SessionDetailSerializer, SessionSerializer
from organisations.adapters import ScopedFilterBackend


class _Sessions(Reading):
    filter_backends = [ScopedFilterBackend, KnownFilters]
    queryset = ObservationSession.objects.order_by("-observed_on", "-created_at", "pk")

    def get_queryset(self):
        rows = queries.readable_by(super().get_queryset(), self.person)
        scores = SessionScore.objects.select_related("domain").order_by("domain__order")
        marked = queries.with_flags(rows).select_related("unit", "version__instrument")
        return marked.prefetch_related(Prefetch("scores", scores))


@extend_schema(
    summary=_("Sessions"),
    description=_(
        "Observation sessions of rooms, the newest first, each with its scores. Drafts only of "
        "the person herself. Treatment alerts are never among them."
    ),
)
class SessionList(_Sessions, generics.ListAPIView):
    serializer_class = SessionSerializer
    filterset_class = SessionFilter


@extend_schema(
    summary=_("One session"),
    description=_("A session with each of its cycles and ratings."),
    parameters=[OpenApiParameter("id", UUID, "path", description=_("Id of a session."))],
)
class SessionDetail(_Sessions, generics.RetrieveAPIView):
    serializer_class = SessionDetailSerializer
    filter_backends = [ScopedFilterBackend]

    def get_queryset(self):
        cycles = Cycle.objects.order_by("number").prefetch_related("ratings__item")
        return super().get_queryset().prefetch_related(Prefetch("cycles", cycles))


class _Rows(Reading, generics.ListAPIView):
    """Rows below a session: of closed ones, each visit once, in one lasting order."""

    filter_backends = [ScopedFilterBackend, KnownFilters]
    pagination_class = InOrder

    def counted(self):
        """Ids of the sessions whose rows are given."""
        hers = ObservationSession.objects.order_by().visible_to(self.person, self.permission)
        return queries.countable(queries.readable_by(hers, self.person)).values("pk")


class ByCycle(InOrder):
    """Along an index that leads from the cycles one may see to their ratings.

    By the rating's own number, SQLite reads and sorts all ratings of a country for each page.
    """

    ordering = ("cycle_id", "item_id")


@extend_schema(
    summary=_("Ratings"),
    description=_(
        "What was given to each item in each cycle of closed sessions, a row each; of corrected "
        "sessions the correction, of a visit that two observers coded the session of the first. "
        "Follow “next” to the end."
    ),
)
class RatingList(_Rows):
    queryset = Rating.objects.filter(item__kind=ItemKind.SCORED).select_related(
        "cycle__session__unit", "cycle__session__version__instrument", "item__domain"
    )
    serializer_class = RatingRowSerializer
    filterset_class = RatingFilter
    pagination_class = ByCycle

    def get_queryset(self):
        cycles = Cycle.objects.filter(session__in=self.counted())
        return super().get_queryset().filter(cycle__in=cycles.values("pk"))


@extend_schema(
    summary=_("Scores"),
    description=_(
        "Scores of closed sessions, a row for each domain and one over all; of corrected sessions "
        "those of the correction, of a visit that two observers coded those of the first. "
        "Follow “next” to the end."
    ),
)
class ScoreList(_Rows):
    queryset = SessionScore.objects.select_related(
        "domain", "session__unit", "session__version__instrument"
    )
    serializer_class = ScoreRowSerializer
    filterset_class = ScoreFilter

    def get_queryset(self):
        return super().get_queryset().filter(session__in=self.counted()).order_by("pk")
