"""Writing an instrument: a draft edited part by part, each part on a page of its own."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.fields import Translated
from core.refusals import Refusal
from observation import policies, queries
from observation.actions import drafts, instruments
from observation.enums import InstrumentKind
from observation.forms.parts import InstrumentForm
from observation.models import InstrumentVersion
from observation.serializers import words
from organisations.adapters import ScopedMixin, SignedInRequest


class InstrumentStart(ScopedMixin, View):
    """A new instrument, empty."""

    permission = "observation.author"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(request, InstrumentForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = InstrumentForm(request.POST)
        if form.is_valid():
            code = form.cleaned_data["code"]
            try:
                draft = drafts.begin(code=code, name=form.name(), by=request.user)
            except Refusal as refusal:
                form.add_error("code", str(refusal))
            else:
                return redirect("observation:draft_edit", code, draft.number)
        return self._page(request, form)

    def _page(self, request: SignedInRequest, form: InstrumentForm) -> HttpResponse:
        return render(request, "observation/instrument_start.html", {"form": form})


class VersionStart(ScopedMixin, View):
    """The next version of an instrument: a copy of one of its versions, or from nothing."""

    permission = "observation.author"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        instrument = get_object_or_404(queries.checklists(), code=code)
        versions = queries.versions_of(code)
        context = {"instrument": instrument, "versions": versions}
        return render(request, "observation/version_start.html", context)

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        instrument = get_object_or_404(queries.checklists(), code=code)
        source = None
        if number := request.POST.get("source"):
            if not number.isascii() or not number.isdigit():
                raise Http404
            source = get_object_or_404(queries.versions_of(code), number=int(number[:5]))
        draft = drafts.begin_version(instrument=instrument, source=source, by=request.user)
        return redirect("observation:draft_edit", code, draft.number)


class DraftMixin(ScopedMixin):
    """Views over a draft of a checklist."""

    permission = "observation.author"

    def draft(self, code: str, number: int) -> InstrumentVersion:
        rows = queries.versions_of(code).filter(instrument__kind=InstrumentKind.CHECKLIST)
        version = get_object_or_404(rows, number=number)
        policies.is_being_written(version)
        return version

    def onward(self, draft: InstrumentVersion, place: str) -> HttpResponse:
        """To the draft as a whole, where ``place`` stands."""
        address = reverse("observation:draft_edit", args=[draft.instrument.code, draft.number])
        return HttpResponseRedirect(f"{address}#{place}")


class DraftEdit(DraftMixin, View):
    """The draft as a whole: what it says, what is missing, where each part is changed."""

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        draft = self.draft(code, number)
        said = instruments.content_of(draft)
        items = list(draft.items.select_related("domain", "scale").order_by("order"))
        context = {
            "version": draft,
            "said": said,
            "known": instruments.content_hash(said),
            "rules": words.rules(draft),
            "scales": [(scale["code"], words.scale(scale)) for scale in said["scales"]],
            "groups": _grouped(said),
            "gaps": list(policies.gaps(draft, items)),
            "wishes": list(policies.wishes(said)),
        }
        return render(request, "observation/draft_edit.html", context)


class DraftDiscard(DraftMixin, View):
    """Throw the draft away, once asked whether it is meant."""

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        context = {"version": self.draft(code, number)}
        return render(request, "observation/draft_discard.html", context)

    def post(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        instruments.discard(version=self.draft(code, number), by=request.user)
        messages.success(request, _("The draft is discarded."))
        return redirect("observation:instrument_list")


def _grouped(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Each domain with its items, and of each item what the page shows."""
    scales = {scale["code"]: scale for scale in said["scales"]}
    return [
        {
            "code": domain["code"],
            "name": Translated(domain["name"]),
            "items": [
                {
                    "code": item["code"],
                    "text": Translated(item["text"]),
                    "missing": [
                        code for code, _name in settings.LANGUAGES if not item["text"].get(code)
                    ],
                    "kind": words.kind(item),
                    "scale": words.scale(scales[item["scale"]]),
                    "anchored": bool(policies.anchored_steps(scales[item["scale"]])),
                    "weight": words.weight(item),
                    "age_groups": words.age_groups(item),
                    "moments": words.moments(item),
                    "na": words.not_applicable(item),
                }
                for item in said["items"]
                if item["domain"] == domain["code"]
            ],
        }
        for domain in said["domains"]
    ]
