"""Sessions for programs: read only, within the jurisdiction of the person who asks."""

from typing import cast

import django_filters
from django.db.models import Prefetch
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics, permissions

from observation import queries
from observation.enums import SessionStatus
from observation.models import Cycle, ObservationSession, SessionScore
from observation.serializers.sessions import SessionDetailSerializer, SessionSerializer
from organisations import jurisdiction
from organisations.adapters import ScopedFilterBackend
from organisations.models import User


class HoldsPermission(permissions.IsAuthenticated):
    """Who holds the view's permission nowhere gets 403, as on the pages."""

    def has_permission(self, request, view) -> bool:
        held = super().has_permission(request, view)
        return held and view.permission in jurisdiction.permissions(request.user)


class SessionFilter(django_filters.FilterSet):
    """``room`` by code, ``status``, and days ``from`` … ``to``, both included."""

    room = django_filters.CharFilter(field_name="unit__code")
    status = django_filters.ChoiceFilter(choices=SessionStatus.choices)

    class Meta:
        model = ObservationSession
        fields: list[str] = []


SessionFilter.base_filters["from"] = django_filters.DateFilter("observed_on", "gte")
SessionFilter.base_filters["to"] = django_filters.DateFilter("observed_on", "lte")


class _Sessions(generics.GenericAPIView):
    permission = "observation.view"
    permission_classes = [HoldsPermission]
    filter_backends = [ScopedFilterBackend, DjangoFilterBackend]

    def get_queryset(self):
        person = cast(User, self.request.user)  # HoldsPermission let nobody else in
        rows = queries.readable_by(ObservationSession.objects.all(), person)
        scores = SessionScore.objects.select_related("domain").order_by("domain__order")
        return rows.select_related("unit", "version__instrument").prefetch_related(
            Prefetch("scores", scores)
        )


class SessionList(_Sessions, generics.ListAPIView):
    serializer_class = SessionSerializer
    filterset_class = SessionFilter


class SessionDetail(_Sessions, generics.RetrieveAPIView):
    serializer_class = SessionDetailSerializer

    def get_queryset(self):
        cycles = Cycle.objects.order_by("number").prefetch_related("ratings__item")
        return super().get_queryset().prefetch_related(Prefetch("cycles", cycles))
