"""What the instruments say, version by version."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics

from observation.api.reading import Reading
from observation.enums import InstrumentKind
from observation.models import InstrumentVersion
from observation.serializers.instruments import VersionContentSerializer, VersionSerializer


class _Versions(Reading):
    permission = "observation.instruments"
    scope = "instruments.read"
    # An imported table belongs to a unit; it is read through its data set.
    queryset = (
        InstrumentVersion.objects.exclude(instrument__kind=InstrumentKind.IMPORTED)
        .select_related("instrument")
        .order_by("instrument__code", "-number")
    )


@extend_schema(
    summary=_("Instruments"),
    description=_("All versions of the instruments, the newest number of each first."),
)
class InstrumentList(_Versions, generics.ListAPIView):
    serializer_class = VersionSerializer


@extend_schema(
    summary=_("One version of an instrument"),
    description=_("Its rules, domains, scales and items: what its hash is made from."),
    parameters=[
        OpenApiParameter("code", str, "path", description=_("Code of an instrument.")),
        OpenApiParameter("number", int, "path", description=_("Number of its version.")),
    ],
)
class InstrumentDetail(_Versions, generics.RetrieveAPIView):
    serializer_class = VersionContentSerializer

    def get_object(self) -> InstrumentVersion:
        return get_object_or_404(
            self.get_queryset(),
            instrument__code=self.kwargs["code"],
            number=self.kwargs["number"],
        )
