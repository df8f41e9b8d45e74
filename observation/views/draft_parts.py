"""One part of a draft on a page of its own: its rules, a domain, a scale, an item, its anchors."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core.fields import Translated
from core.refusals import Refusal
from observation.actions import drafts, instruments
from observation.forms.items import AnchorsForm, ItemForm
from observation.forms.parts import DomainForm, PartForm, RulesForm
from observation.forms.scales import ScaleForm
from observation.models import InstrumentVersion
from observation.views.authoring import DraftMixin
from organisations.adapters import SignedInRequest

PARTS = {
    "dominios": ("domains", DomainForm, gettext_lazy("Domain")),
    "escalas": ("scales", ScaleForm, gettext_lazy("Scale")),
    "items": ("items", ItemForm, gettext_lazy("Item")),
}
ADD = {
    "dominios": gettext_lazy("New domain"),
    "escalas": gettext_lazy("New scale"),
    "items": gettext_lazy("New item"),
}


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

    kind = "items"

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
