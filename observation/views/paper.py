"""Forms filled in on paper: which there are, and typing one in."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from core.refusals import Refusal
from observation import queries
from observation.actions import paper
from observation.forms.paper import PaperForm
from observation.models import InstrumentVersion
from observation.serializers import paper_codes
from observation.views import paper_pdf
from organisations.adapters import ScopedMixin, SignedInRequest


class PaperForms(ScopedMixin, View):
    """The forms by the code that they bear."""

    permission = "observation.record"

    def get(self, request: SignedInRequest) -> HttpResponse:
        versions = queries.checklist_versions().select_related("instrument")
        rows = [(version, _form_code(version)) for version in versions]
        return render(request, "observation/paper_forms.html", {"rows": rows})


class PaperPrint(ScopedMixin, View):
    """A form to print, for whoever observes."""

    permission = "observation.record"

    def get(self, request: SignedInRequest, code: str, number: int, form: str) -> HttpResponse:
        if form not in paper_pdf.SIZES:
            raise Http404
        return paper_pdf.download(_version(code, number), form, request.LANGUAGE_CODE)


class PaperEntry(ScopedMixin, View):
    """Type in the codes, see what they say, then keep them as a draft."""

    permission = "observation.record"

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        version = _version(code, number)
        form = PaperForm(user=request.user, version=version, initial={"id": uuid.uuid4()})
        return self._page(form)

    def post(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        form = PaperForm(request.POST, user=request.user, version=_version(code, number))
        if not form.is_valid():
            return self._page(form)
        entries = form.entries()
        shown = paper_codes.fingerprint([form.opening(), entries])
        # Kept is only what was shown before: a code changed since is shown again first.
        if request.POST.get("seen") != shown:
            return self._page(form, read=_told(form), seen=shown)
        try:
            session = paper.take(opening=form.opening(), cycles=entries, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._page(form)
        messages.success(request, _("The paper form is saved as a draft. See what is missing."))
        return redirect("observation:session_review", session.pk)

    def _page(self, form: PaperForm, **more) -> HttpResponse:
        context = {"form": form, "version": form.made_with, "form_code": _form_code(form.made_with)}
        return render(self.request, "observation/paper_entry.html", context | more)


def _version(code: str, number: int) -> InstrumentVersion:
    return get_object_or_404(queries.checklist_versions(), instrument__code=code, number=number)


def _form_code(version: InstrumentVersion) -> str:
    return paper_codes.form_code(version, version.content_hash)


def _told(form: PaperForm) -> list[dict]:
    """What was typed, item by item, and whether the item applies there."""
    group = form.cleaned_data["room"].age_group
    told = []
    for number, answers in form.answers.items():
        moments = form.cleaned_data.get(f"c{number}-moments", [])
        rows = [(answer, answer.item.applies(group, moments)) for answer in answers]
        if rows:
            told.append({"number": number, "rows": rows})
    return told
