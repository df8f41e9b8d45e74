"""Searching the statements, and reading one."""

from typing import Any

import simplejson
from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views import View

from lrs import queries, readable
from lrs.actions import attachments
from lrs.forms.records import SearchForm
from lrs.models import Attachment, Statement, Void
from organisations.adapters import ScopedMixin

PERMISSION = "lrs.manage"
PAGE, RELATED = 50, 20


class RecordList(ScopedMixin, View):
    """Statements that fit, the newest first, those voided too."""

    permission = PERMISSION

    def get(self, request) -> HttpResponse:
        form = SearchForm(request.GET)
        context: dict[str, Any] = {"form": form, "lines": [], "older": ""}
        if form.is_valid():
            if form.cleaned_data["id"]:
                return redirect("record_detail", form.cleaned_data["id"])
            rows, onward = queries.page(form.search(PAGE))
            context["lines"] = readable.lines(rows)
            context["is_all"] = not any(form.cleaned_data.values())
            if onward:
                query = request.GET.copy()
                query["before"] = str(onward.high)
                context["older"] = query.urlencode()
        return render(request, "lrs/record_list.html", context)


class RecordMixin(ScopedMixin):
    """One statement, voided or not."""

    permission = PERMISSION
    kwargs: dict[str, Any]

    @cached_property
    def record(self) -> Statement:
        rows = Statement.objects.select_related("credential", "erasure")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class RecordDetail(RecordMixin, View):
    """What a statement says, what it refers to, and what refers to it."""

    def get(self, request, pk) -> HttpResponse:
        (line,) = readable.lines([self.record])
        (content,) = readable.contents([self.record])
        target = Statement.objects.filter(pk__in=[self.record.refers_to]).first()
        referring = Statement.objects.filter(refers_to=pk).order_by("-position")[:RELATED]
        context = {
            "record": self.record,
            "line": line,
            "content": content,
            "result": readable.result(content),
            "context": readable.context(content),
            "target": readable.lines([target]) if target else [],
            "referring": readable.lines(list(referring)),
            "voided_by": Void.objects.filter(target=pk).first(),
            "files": _files(content),
            "raw": simplejson.dumps(
                simplejson.loads(self.record.raw, use_decimal=True), ensure_ascii=False, indent=2
            ),
        }
        return render(request, "lrs/record_detail.html", context)


class RecordRaw(RecordMixin, View):
    """The JSON that clients are given."""

    def get(self, request, pk) -> HttpResponse:
        headers = {"Content-Disposition": f'attachment; filename="{pk}.json"'}
        return HttpResponse(self.record.raw, content_type="application/json", headers=headers)


class RecordFile(RecordMixin, View):
    """The bytes of an attachment that the statement describes; never shown, only saved."""

    def get(self, request, pk, sha2: str) -> HttpResponse:
        described = attachments.described(simplejson.loads(self.record.raw))
        if sha2 not in {one["sha2"].lower() for one in described}:
            raise Http404
        get_object_or_404(Attachment, pk=sha2)
        with storages["xapi"].open(attachments.path(sha2)) as file:
            content = file.read()
        headers = {"Content-Disposition": f'attachment; filename="{sha2[:16]}"'}
        return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def _files(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The attachments that ``content`` describes, and which of them the store has."""
    described = list(attachments.described(content))
    kept = Attachment.objects.in_bulk([one["sha2"].lower() for one in described])
    return [
        {
            "name": next(iter(one["display"].values()), one["usageType"]),
            "content_type": one["contentType"],
            "length": one["length"],
            "sha2": one["sha2"].lower(),
            "is_kept": one["sha2"].lower() in kept,
        }
        for one in described
    ]
