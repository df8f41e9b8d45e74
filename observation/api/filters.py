"""What lists of sessions, ratings and scores may be asked for: the same of each."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

from observation import queries
from observation.enums import Purpose, SessionStatus
from observation.models import ObservationSession
from organisations.enums import UnitKind
from organisations.jurisdiction import below
from organisations.models import Unit


class KnownFilters(DjangoFilterBackend):
    """A misspelt filter is refused: passed over, it would give all rows for the few asked for."""

    def get_filterset(self, request, queryset, view):
        filterset = super().get_filterset(request, queryset, view)
        paging = {one["name"] for one in view.paginator.get_schema_operation_parameters(view)}
        known = {*filterset.base_filters, *paging}
        if unknown := sorted(set(request.query_params) - known):
            says = _("There is no such filter here. There are: %(known)s.")
            refusal = str(says) % {"known": ", ".join(sorted(known))}
            raise ValidationError({name: [refusal] for name in unknown})
        return filterset


# Moments that every database can compare, whatever their time zone.
FIRST = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
LAST = datetime.datetime(2200, 1, 1, tzinfo=datetime.UTC)


class WholeNumberFilter(django_filters.NumberFilter):
    """A decimal would be cut to the number before it."""

    field_class = forms.IntegerField


class PlaceFilter(django_filters.CharFilter):
    """Rows in the unit of this code and kind; none where there is no such unit."""

    def __init__(self, *args, kind: UnitKind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def filter(self, qs, value):
        if not value:
            return qs
        found = Unit.objects.filter(code=value, kind=self.kind).values_list("path", flat=True)
        paths = list(found)
        return qs.filter(below(paths, f"{self.field_name}__path")) if paths else qs.none()


class ChangedFilter(django_filters.IsoDateTimeFilter):
    """Closed, or while it is a draft begun, at this moment or later."""

    def filter(self, qs, value):
        if not value:
            return qs
        at = self.field_name
        return qs.filter(
            Q(**{f"{at}closed_at__gte": value})
            | Q(**{f"{at}closed_at": None, f"{at}created_at__gte": value})
        )


class CurrentFilter(django_filters.ChoiceFilter):
    """Without sessions that a correction has replaced."""

    def __init__(self, *args, **kwargs):
        # A BooleanFilter takes whatever it cannot read for “not asked”.
        super().__init__(*args, choices=[("true", "true"), ("false", "false")], **kwargs)

    def filter(self, qs, value):
        if value != "true":
            return qs
        current = queries.current(ObservationSession.objects.order_by())
        return qs.filter(pk__in=current.values("pk"))


def of_sessions(at: str) -> dict[str, Any]:
    """Filters of rows from which ``at`` ("cycle__session__") leads to their session."""
    moments = [MinValueValidator(FIRST), MaxValueValidator(LAST)]
    return {
        "room": PlaceFilter(f"{at}unit", kind=UnitKind.ROOM, help_text=_("Code of a room.")),
        "centre": PlaceFilter(f"{at}unit", kind=UnitKind.CENTRE, help_text=_("Code of a centre.")),
        "region": PlaceFilter(f"{at}unit", kind=UnitKind.REGION, help_text=_("Code of a region.")),
        "instrument": django_filters.CharFilter(
            f"{at}version__instrument__code", help_text=_("Code of an instrument.")
        ),
        "version": WholeNumberFilter(
            f"{at}version__number",
            min_value=0,
            max_value=32_767,
            help_text=_("Number of its version."),
        ),
        "purpose": django_filters.ChoiceFilter(
            field_name=f"{at}purpose",
            choices=Purpose.choices,
            help_text=_("Formative or official."),
        ),
        "day": django_filters.DateFilter(f"{at}observed_on", help_text=_("Observed on this day.")),
        "from": django_filters.DateFilter(
            f"{at}observed_on", "gte", help_text=_("Observed on this day or later.")
        ),
        "to": django_filters.DateFilter(
            f"{at}observed_on", "lte", help_text=_("Observed on this day or before.")
        ),
        "changed_since": ChangedFilter(
            at,
            validators=moments,
            help_text=_(
                "Closed (a draft: begun) at this moment or later, as 2026-11-24T08:00:00Z."
            ),
        ),
    }


def _declared(name: str, at: str) -> type[django_filters.FilterSet]:
    """A filter set of these; “from” is a word of Python, so no class body can name it."""
    return type(name, (django_filters.FilterSet,), of_sessions(at))


class SessionFilter(_declared("OfSessions", "")):  # type: ignore[misc]  # made at run time
    """Which sessions a list gives."""

    status = django_filters.ChoiceFilter(
        choices=SessionStatus.choices, help_text=_("Draft or closed.")
    )
    current = CurrentFilter(help_text=_("true: leave out sessions that were corrected since."))


class RatingFilter(_declared("OfRatings", "cycle__session__")):  # type: ignore[misc]  # likewise
    """Which ratings a list gives."""

    session = django_filters.UUIDFilter("cycle__session", help_text=_("Id of a session."))
    item = django_filters.CharFilter("item__code", help_text=_("Code of an item."))


class ScoreFilter(_declared("OfScores", "session__")):  # type: ignore[misc]  # likewise
    """Which scores a list gives."""

    session = django_filters.UUIDFilter("session", help_text=_("Id of a session."))
    domain = django_filters.CharFilter("domain__code", help_text=_("Code of a domain."))
