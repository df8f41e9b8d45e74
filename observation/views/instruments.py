"""What the instruments say: versions, domains, items and anchors."""

from itertools import pairwise

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from observation import queries
from observation.actions import instruments
from observation.enums import InstrumentKind, ItemKind, VersionStatus
from observation.models import InstrumentVersion
from observation.serializers import differences, words
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest


class InstrumentList(ScopedMixin, View):
    """Instruments with their versions: state, what each changed, what to do next."""

    permission = "observation.instruments"

    def get(self, request: SignedInRequest) -> HttpResponse:
        author = "observation.author" in jurisdiction.permissions(request.user)
        readable = {
            instrument: [
                version
                for version in instrument.versions.all()
                if author or version.status != VersionStatus.DRAFT
            ]
            for instrument in queries.instruments()
        }
        said = instruments.contents_of(each for some in readable.values() for each in some)
        context = {
            "instruments": [
                {
                    "instrument": instrument,
                    "versions": _told(versions, said),
                    "written": instrument.kind == InstrumentKind.CHECKLIST and author,
                    "draft": next((v for v in versions if v.status == VersionStatus.DRAFT), None),
                }
                for instrument, versions in readable.items()
                if versions
            ],
            "author": author,
        }
        return render(request, "observation/instrument_list.html", context)


def _told(
    versions: list[InstrumentVersion], said: dict
) -> list[tuple[InstrumentVersion, differences.Told | None]]:
    """Each version, the newest first, with what it changed in the one before."""
    told = [differences.tell(before, after, said) for after, before in pairwise(versions)]
    return list(zip(versions, [*told, None], strict=True))


class InstrumentDetail(ScopedMixin, View):
    """One version: its rules, and each item with its anchors."""

    permission = "observation.instruments"

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        author = "observation.author" in jurisdiction.permissions(request.user)
        versions = queries.versions_of(code)
        if not author:
            versions = versions.exclude(status=VersionStatus.DRAFT)
        version = get_object_or_404(versions, number=number)
        groups: dict[int, dict] = {}
        for item in version.items.select_related("domain", "scale").order_by("order"):
            group = groups.setdefault(item.domain_id, {"domain": item.domain, "items": []})
            group["items"].append((item, item.steps, words.applies(item), words.scale_of(item)))
        context = {
            "version": version,
            "groups": groups.values(),
            "rules": words.rules(version),
            "scored": ItemKind.SCORED,
            "before": queries.last_published(version),
            "author": author and version.instrument.kind == InstrumentKind.CHECKLIST,
        }
        return render(request, "observation/instrument_detail.html", context)
