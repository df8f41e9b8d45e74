"""Writing an instrument: a draft edited part by part, each part on a page of its own."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core.fields import Translated
from core.refusals import Refusal
from observation import policies, queries
from observation.actions import drafts, instruments
from observation.enums import InstrumentKind
from observation.forms.items import AnchorsForm, ItemForm
from observation.forms.parts import DomainForm, InstrumentForm, PartForm, RulesForm
from observation.forms.scales import ScaleForm
from observation.models import InstrumentVersion
from observation.serializers import words
from organisations.adapters import ScopedMixin, SignedInRequest

PARTS = {
    "dominios": ("domains", DomainForm, gettext_lazy("Domain")),
    "escalas": ("scales", ScaleForm, gettext_lazy("Scale")),
    "reactivos": ("items", ItemForm, gettext_lazy("Item")),
}
ADD = {
    "dominios": gettext_lazy("New domain"),
    "escalas": gettext_lazy("New scale"),
    "reactivos": gettext_lazy("New item"),
}


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


class DraftForm(DraftMixin, View):
    """A part of the draft in a form; what was entered stays there until it is kept."""

    def get(self, request: SignedInRequest, code: str, number: int, **_part) -> HttpResponse:
        draft = self.draft(code, number)
        return self._page(draft, self.form(instruments.content_of(draft)))

    def post(self, request: SignedInRequest, code: str, number: int, **_part) -> HttpResponse:
        draft = self.draft(code, number)
        form = self.form(instruments.content_of(draft), request.POST)
        if form.is_valid():
            try:
                self.keep(draft, request.POST.get("known", ""), form.entry())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved."))
                return self.onward(draft, self.place(form.entry()))
        return self._page(draft, form)

    def form(self, said: dict[str, Any], data=None) -> PartForm:
        raise NotImplementedError

    def keep(self, draft: InstrumentVersion, known: str, entry: dict[str, Any]) -> None:
        raise NotImplementedError

    def place(self, entry: dict[str, Any]) -> str:
        """Where on the page of the draft the part stands."""
        raise NotImplementedError

    def title(self) -> str:
        raise NotImplementedError

    def _page(self, draft: InstrumentVersion, form: PartForm) -> HttpResponse:
        context = {"version": draft, "form": form, "title": self.title()}
        context["known"] = drafts.known(draft)
        return render(self.request, "observation/draft_part.html", context)


class RulesEdit(DraftForm):
    """What a session needs, and how it is scored."""

    def form(self, said, data=None) -> RulesForm:
        return RulesForm(data, content=said, entry=said["rules"])

    def keep(self, draft, known, entry) -> None:
        drafts.set_rules(draft=draft, known=known, rules=entry, by=self.person)

    def place(self, entry) -> str:
        return "reglas"

    def title(self) -> str:
        return _("Rules")


class PartEdit(DraftForm):
    """One domain, scale or item: a new one, or one that is changed."""

    kwargs: dict[str, Any]

    @property
    def kind(self) -> str:
        return known_kind(self.kwargs["kind"])

    @property
    def part(self) -> str:
        return self.kwargs.get("part", "")

    def form(self, said, data=None) -> PartForm:
        name, form_class, _title = PARTS[self.kind]
        return form_class(data, content=said, entry=_entry(said, name, self.part))

    def keep(self, draft, known, entry) -> None:
        name = PARTS[self.kind][0]
        drafts.put(draft=draft, known=known, part=name, entry=entry, was=self.part, by=self.person)

    def place(self, entry) -> str:
        return f"{self.kind}-{entry['code']}"

    def title(self) -> str:
        return f"{PARTS[self.kind][2]} {self.part}" if self.part else str(ADD[self.kind])


class AnchorsEdit(PartEdit):
    """What each step of an item's scale looks like."""

    kind = "reactivos"

    def form(self, said, data=None) -> AnchorsForm:
        return AnchorsForm(data, content=said, entry=_entry(said, "items", self.part))

    def title(self) -> str:
        return _("Anchors of %(code)s") % {"code": self.part}


class PartMove(DraftMixin, View):
    """A domain or an item one place up or down."""

    http_method_names = ["post"]

    def post(self, request, code: str, number: int, kind: str, part: str) -> HttpResponse:
        draft = self.draft(code, number)
        drafts.move(
            draft=draft,
            known=request.POST.get("known", ""),
            part=PARTS[known_kind(kind)][0],
            code=part,
            up="up" in request.POST,
            by=self.person,
        )
        return self.onward(draft, f"{kind}-{part}")


class PartRemove(DraftMixin, View):
    """Take a part out, once asked whether it is meant."""

    def get(self, request, code: str, number: int, kind: str, part: str) -> HttpResponse:
        return self._page(self.draft(code, number), kind, part)

    def post(self, request, code: str, number: int, kind: str, part: str) -> HttpResponse:
        draft, known = self.draft(code, number), request.POST.get("known", "")
        name = PARTS[known_kind(kind)][0]
        try:
            drafts.remove(draft=draft, known=known, part=name, code=part, by=self.person)
        except Refusal as refusal:
            return self._page(draft, kind, part, str(refusal))
        messages.success(request, _("Removed."))
        return self.onward(draft, kind)

    def _page(self, draft: InstrumentVersion, kind: str, part: str, refusal="") -> HttpResponse:
        said = instruments.content_of(draft)
        entry = _entry(said, PARTS[known_kind(kind)][0], part)
        context = {
            "version": draft,
            "kind": kind,
            "part": part,
            "text": Translated((entry or {}).get("text") or (entry or {}).get("name") or {}),
            "known": instruments.content_hash(said),
            "refusal": refusal,
        }
        return render(self.request, "observation/draft_remove.html", context)


class DraftDiscard(DraftMixin, View):
    """Throw the draft away, once asked whether it is meant."""

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        context = {"version": self.draft(code, number)}
        return render(request, "observation/draft_discard.html", context)

    def post(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        instruments.discard(version=self.draft(code, number), by=request.user)
        messages.success(request, _("The draft is discarded."))
        return redirect("observation:instrument_list")


def known_kind(kind: str) -> str:
    if kind not in PARTS:
        raise Http404
    return kind


def _entry(said: dict[str, Any], name: str, part: str) -> dict[str, Any] | None:
    """The part with the code ``part``; None for a new one."""
    if not part:
        return None
    found = next((each for each in said[name] if each["code"] == part), None)
    if found is None:
        raise Http404
    return found


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
