"""Sessions to take away: ask for a file, wait for it, take it."""

import uuid

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from core.refusals import Refusal
from observation import queries
from observation.actions import exports
from observation.enums import ExportStatus
from observation.forms.exports import ExportRequestForm, PlaceForm
from observation.models import Export
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import User


class ExportList(ScopedMixin, View):
    """Ask for an export; below it those that are still kept."""

    permission = queries.PERMISSION
    deidentified = False

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked = PlaceForm(request.GET)
        unit = asked.cleaned_data["unit"] if asked.is_valid() else ""
        return self._page(self._form(initial={"unit": unit}))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                export = exports.request(by=request.user, **form.wanted())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("observation:export_detail", export.pk)
        return self._page(form, status=400)

    def _form(self, *args, **kwargs) -> ExportRequestForm:
        return ExportRequestForm(*args, user=self.person, deidentified=self.deidentified, **kwargs)

    def _page(self, form: ExportRequestForm, status: int = 200) -> HttpResponse:
        kept = Export.objects.kept_for(self.person).filter(deidentified=self.deidentified)
        held = jurisdiction.permissions(self.person)
        context = {
            "form": form,
            "exports": kept.select_related("version__instrument", "unit")[:50],
            "deidentified": self.deidentified,
            "may_drawn": queries.DEIDENTIFIED in held,
            "may_named": queries.PERMISSION in held,
        }
        return render(self.request, "observation/export_list.html", context, status=status)


class DeidentifiedList(ExportList):
    """The same with drawn numbers, for those who need not know who and where."""

    permission = queries.DEIDENTIFIED
    deidentified = True


class ExportDetail(LoginRequiredMixin, View):
    """How far an export is, then its file."""

    def get(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        part = "observation/_export.html" if request.htmx else "observation/export_detail.html"
        return render(request, part, {"export": _own(pk, request.user)})


class ExportFile(LoginRequiredMixin, View):
    """The ZIP, while it is kept."""

    def get(self, request: SignedInRequest, pk: uuid.UUID) -> FileResponse:
        export = _own(pk, request.user)
        path = exports.path(export)
        if export.status != ExportStatus.MADE or not path.is_file():
            raise Http404
        kind = f"{export.level}-deidentified" if export.deidentified else export.level
        name = f"trenza-{export.version.instrument.code}-{kind}-{export.form}.zip"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _own(pk: uuid.UUID, person: User) -> Export:
    """Exports are for the person who asked for them alone, while she may ask for such."""
    kept = Export.objects.kept_for(person).select_related("version__instrument", "unit")
    export = get_object_or_404(kept, pk=pk)
    if exports.permission(export) not in jurisdiction.permissions(person):
        raise PermissionDenied
    return export
