"""Instruments as files: taken along, brought in, and what was understood of them."""

import json

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from core.fields import Translated
from core.refusals import Refusal
from core.spreadsheets import SpreadsheetError, TooLargeError
from observation import queries
from observation.actions import instrument_files
from observation.enums import VersionStatus
from observation.forms.instrument_files import ConfirmForm, InstrumentFileForm
from observation.models import FileForm, InstrumentFile, InstrumentVersion
from observation.serializers import instrument_json, words, xlsform
from observation.views import paper_pdf
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def schema(request: HttpRequest) -> JsonResponse:
    """The JSON Schema of our own format, for programs."""
    return JsonResponse(instrument_json.schema(), json_dumps_params={"indent": 2})


class OneVersionMixin(ScopedMixin):
    """Pages of one version; a draft is for those who write it."""

    permission = "observation.instruments"

    def version(self, code: str, number: int) -> InstrumentVersion:
        versions = queries.versions_of(code)
        if "observation.author" not in jurisdiction.permissions(self.person):
            versions = versions.exclude(status=VersionStatus.DRAFT)
        return get_object_or_404(versions, number=number)


class VersionFiles(OneVersionMixin, View):
    """In which forms a version can be taken along, and what was left out when it came in."""

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        version = self.version(code, number)
        context = {"version": version, "said": xlsform.said(), "files": version.files.all()}
        return render(request, "observation/version_files.html", context)


class VersionDownload(OneVersionMixin, View):
    """One of the forms: our own JSON, an XLSForm, or a form on paper."""

    def get(self, request: SignedInRequest, code: str, number: int, form: str) -> HttpResponse:
        version = self.version(code, number)
        document = instrument_json.document(version)
        if form == "instrumento.json":
            text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
            content, content_type = text.encode(), "application/json"
        elif form == "xlsform.xlsx":
            content, content_type = xlsform.write(document), XLSX
        elif form in paper_pdf.SIZES:
            return paper_pdf.download(version, form, request.LANGUAGE_CODE)
        else:
            raise Http404
        response = HttpResponse(content, content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{code}-{number}-{form}"'
        return response


class InstrumentUpload(ScopedMixin, View):
    """Send a file; nothing is kept before what was understood is confirmed."""

    permission = "observation.author"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(InstrumentFileForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = InstrumentFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, status=413 if form.too_large else 200)
        sent = form.cleaned_data["file"]
        content = sent.read()
        try:
            kind, document, left_out = _understood(content, sent.name)
            file = instrument_files.hold(
                name=sent.name,
                content=content,
                form=kind,
                document=document,
                left_out=left_out,
                by=request.user,
            )
        except xlsform.InvalidForm as wrong:
            return self._page(form, problems=wrong.problems)
        except ValidationError as wrong:
            return self._page(form, sentences=wrong.messages)
        except SpreadsheetError as wrong:
            form.add_error("file", str(wrong))
            return self._page(form, status=413 if isinstance(wrong, TooLargeError) else 200)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
            return self._page(form)
        return redirect("observation:instrument_confirm", file.pk)

    def _page(self, form: InstrumentFileForm, status: int = 200, **more) -> HttpResponse:
        page = "observation/instrument_upload.html"
        return render(self.request, page, {"form": form} | more, status=status)


class InstrumentConfirm(ScopedMixin, View):
    """What was understood and what could not be expressed; confirmed, it is a draft."""

    permission = "observation.author"

    def get(self, request: SignedInRequest, pk) -> HttpResponse:
        file = self._file(pk)
        if file.version is not None:
            return redirect("observation:version_files", *_address(file.version))
        return self._page(file, ConfirmForm(initial={"code": file.document["code"]}))

    def post(self, request: SignedInRequest, pk) -> HttpResponse:
        file = self._file(pk)
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._page(file, form)
        try:
            version, new = instrument_files.confirm(file=file, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
            return self._page(file, form)
        if new:
            return redirect("observation:draft_edit", *_address(version))
        return redirect("observation:version_files", *_address(version))

    def _file(self, pk) -> InstrumentFile:
        return get_object_or_404(InstrumentFile.objects.filter(user=self.person), pk=pk)

    def _page(self, file: InstrumentFile, form: ConfirmForm) -> HttpResponse:
        context = {"file": file, "form": form, "understood": _told(file)}
        return render(self.request, "observation/instrument_confirm.html", context)


def _address(version: InstrumentVersion) -> tuple[str, int]:
    return version.instrument.code, version.number


def _understood(content: bytes, name: str) -> tuple[str, dict, list[dict[str, str]]]:
    """The form of a file, its document and what could not be expressed."""
    if name.lower().endswith(".json") or content.lstrip()[:1] == b"{":
        return FileForm.JSON, instrument_json.read(content), []
    found = xlsform.read(content, name)
    return FileForm.XLSFORM, found.document, [problem.plain() for problem in found.left_out]


def _told(file: InstrumentFile) -> dict:
    """The document as the page shows it: names, counts, and items by domain."""
    content = file.document["content"]
    scales = {scale["code"]: scale for scale in content["scales"]}
    groups = []
    for domain in content["domains"]:
        own = [item for item in content["items"] if item["domain"] == domain["code"]]
        rows = [
            {
                "code": item["code"],
                "text": Translated(item["text"]),
                "scale": words.scale(scales[item["scale"]]),
            }
            for item in own
        ]
        groups.append({"name": Translated(domain["name"]), "items": rows})
    facts = [
        (_("Name"), Translated(file.document["name"])),
        (_("Domains"), len(content["domains"])),
        (_("Items"), len(content["items"])),
        (_("Scales"), len(scales)),
    ]
    return {"facts": facts, "groups": groups}
