from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core import import_kinds, import_templates, row_imports
from core.row_imports import Preview, RowsRefused
from core.spreadsheets import SpreadsheetError, TooLargeError
from organisations import jurisdiction
from organisations.actions import imports
from organisations.forms.files import ListFileForm
from organisations.models import ImportFile

SHOWN = 100  # rows of a preview; the rest is counted

MAKERS = {
    "csv": (import_templates.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        import_templates.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@login_required
def kinds(request: HttpRequest) -> HttpResponse:
    """What the reader may import."""
    mine = import_kinds.kinds(jurisdiction.permissions(request.user))
    if not mine:
        raise PermissionDenied
    return render(request, "organisations/import_kinds.html", {"kinds": mine})


class OfKind(LoginRequiredMixin, View):
    """A page of one kind of import, for those who hold its permission."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            try:
                self.kind = import_kinds.kind(kwargs["kind"])
            except KeyError as error:
                raise Http404 from error
            if self.kind.permission not in jurisdiction.permissions(request.user):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def upload_page(self, form: ListFileForm, status: int = 200) -> HttpResponse:
        context = {
            "kind": self.kind,
            "form": form,
            "columns": columns(self.kind, self.request),
            "crumbs": [(_("Import"), reverse("import_kinds")), (self.kind.label, "")],
        }
        return render(self.request, "organisations/import_upload.html", context, status=status)


class Template(OfKind):
    """The file to fill in: /plantilla.csv or /plantilla.xlsx."""

    def get(self, request, kind, form):
        if form not in MAKERS:
            raise Http404
        make, content_type = MAKERS[form]
        response = HttpResponse(make(self.kind.job(request.user)), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{self.kind.name}.{form}"'
        return response


class Upload(OfKind):
    """Send a list; nothing is written before its preview is confirmed."""

    def get(self, request, kind):
        return self.upload_page(ListFileForm())

    def post(self, request, kind):
        form = ListFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.upload_page(form, status=413 if form.too_large else 200)
        sent = form.cleaned_data["file"]
        try:
            file = imports.hold(
                kind=self.kind, name=sent.name, content=sent.read(), by=request.user
            )
        except SpreadsheetError as error:
            form.add_error("file", str(error))
            return self.upload_page(form, status=413 if isinstance(error, TooLargeError) else 200)
        return redirect("import_confirm", kind, file.pk)


class Confirm(OfKind):
    """What the list would do; confirmed, it is done; afterwards, what was done.

    A list that is not there, or fits no more, leads back to where one is sent.
    """

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except ImportFile.DoesNotExist:
            # The same for a list of somebody else: nobody learns that there is one.
            messages.error(
                request, _("This list has expired: it is kept for a day. Send it again.")
            )
            return self.upload_page(ListFileForm(), status=404)
        except SpreadsheetError as error:
            # The columns of a kind may have changed since, as with a new version of the guide.
            messages.error(request, str(error))
            return self.upload_page(ListFileForm(), status=409)

    def get(self, request, kind, pk):
        file = self.file(pk)
        if file.applied_at is not None:
            context = {
                "kind": self.kind,
                "file": file,
                "facts": facts(file.counts),
                "crumbs": crumbs(self.kind),
            }
            return render(request, "organisations/import_done.html", context)
        seen = row_imports.preview(self.kind.job(request.user), imports.sheet(file))
        return self.page(file, seen)

    def post(self, request, kind, pk):
        file = self.file(pk)
        try:
            imports.confirm(file=file, kind=self.kind, by=request.user)
        except RowsRefused as refused:
            return self.page(file, refused.preview, refused=refused, status=409)
        return redirect("import_confirm", kind, pk)

    def file(self, pk) -> ImportFile:
        return ImportFile.objects.kept_for(self.request.user).get(pk=pk, kind=self.kind.name)

    def page(self, file: ImportFile, seen: Preview, refused=None, status=200):
        changes = [*seen.created, *seen.updated]
        context = {
            "kind": self.kind,
            "file": file,
            "seen": seen,
            "facts": facts(seen.counts),
            "crumbs": crumbs(self.kind),
            "refused": refused,
            "errors": seen.errors[:SHOWN],
            "more_errors": max(0, len(seen.errors) - SHOWN),
            "rows": [
                (entry, [as_written(entry.data.get(name)) for name in seen.columns])
                for entry in changes[:SHOWN]
            ],
            "more_rows": max(0, len(changes) - SHOWN),
        }
        return render(self.request, "organisations/import_confirm.html", context, status=status)


def as_written(value: object) -> object:
    """An empty cell rather than “None”."""
    return "" if value is None else value


def columns(kind: import_kinds.Kind, request: HttpRequest) -> list[tuple[str, row_imports.Column]]:
    """The columns with their heading in the reader's language."""
    language = request.LANGUAGE_CODE.split("-")[0]
    return [(column.heading(language), column) for column in kind.job(request.user).get_columns()]


def facts(counts: dict[str, int]) -> list[tuple[str, int]]:
    """How many rows are new, changed and unchanged, in words."""
    return [
        (_("New rows"), counts["created"]),
        (_("Changed rows"), counts["updated"]),
        (_("Rows that change nothing"), counts["unchanged"]),
    ]


def crumbs(kind: import_kinds.Kind) -> list[tuple[str, str]]:
    """The way back from a list to its kind."""
    return [
        (_("Import"), reverse("import_kinds")),
        (str(kind.label), reverse("import_upload", args=[kind.name])),
        (_("Preview"), ""),
    ]
