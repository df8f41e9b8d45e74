"""A version in the life of an instrument: previewed, published, retired, compared with another."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.refusals import Refusal
from observation import policies, queries
from observation.actions import instruments
from observation.enums import InstrumentKind, Moment, VersionStatus
from observation.forms.cycle import CycleForm
from observation.forms.parts import ReasonForm
from observation.forms.preview import PreviewForm
from observation.models import Cycle, InstrumentVersion, ObservationSession
from observation.serializers import differences
from observation.views.authoring import DraftMixin
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest


class VersionPreview(ScopedMixin, View):
    """The version as an observer sees it in a cycle; nothing of it is kept."""

    permission = "observation.author"

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        rows = queries.versions_of(code).filter(instrument__kind=InstrumentKind.CHECKLIST)
        version = get_object_or_404(rows, number=number)
        choice = PreviewForm(request.GET)
        choice.is_valid()
        group = choice.cleaned_data.get("age_group", "")
        moments = choice.cleaned_data.get("moments") or list(Moment.values)
        session = ObservationSession(version=version, age_group=group)
        cycle = Cycle(session=session, number=1, moments=moments)
        items = version.items.select_related("domain", "scale").order_by("order")
        form = CycleForm(session=session, number=1, items=items, alerts=[], cycle=cycle)
        context = {"version": version, "choice": choice, "form": form}
        return render(request, "observation/version_preview.html", context)


class VersionPublish(DraftMixin, View):
    """What is missing, what differs from the last version; then publish, saying why."""

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        return self._page(self.draft(code, number), ReasonForm())

    def post(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        draft = self.draft(code, number)
        form = ReasonForm(request.POST)
        if form.is_valid():
            known = request.POST.get("known") or "-"
            try:
                instruments.publish(
                    version=draft, reason=form.reason(), known=known, by=request.user
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Published. Observers use this version from now on."))
                return redirect("observation:instrument_list")
        return self._page(draft, form)

    def _page(self, draft: InstrumentVersion, form: ReasonForm) -> HttpResponse:
        before = queries.last_published(draft)
        said = instruments.contents_of([each for each in (before, draft) if each])
        items = list(draft.items.select_related("domain", "scale").order_by("order"))
        context = {
            "version": draft,
            "form": form,
            "known": instruments.content_hash(said[draft.pk]),
            "gaps": list(policies.gaps(draft, items)),
            "wishes": list(policies.wishes(said[draft.pk])),
            "told": differences.tell(before, draft, said) if before else None,
        }
        return render(self.request, "observation/version_publish.html", context)


class VersionRetire(ScopedMixin, View):
    """No new sessions with a version, once told what happens to those under way."""

    permission = "observation.author"

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        version = self._version(code, number)
        others = queries.versions_of(code).filter(status=VersionStatus.PUBLISHED)
        context = {"version": version, "others": others.exclude(pk=version.pk)}
        return render(request, "observation/version_retire.html", context)

    def post(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        instruments.retire(version=self._version(code, number), by=request.user)
        messages.success(request, _("Retired. What was recorded with it stays."))
        return redirect("observation:instrument_list")

    def _version(self, code: str, number: int) -> InstrumentVersion:
        rows = queries.with_sessions(queries.versions_of(code))
        return get_object_or_404(
            rows.filter(instrument__kind=InstrumentKind.CHECKLIST), number=number
        )


class ChangesMixin(ScopedMixin):
    permission = "observation.instruments"

    def told(self, code: str, number: int, other: int) -> differences.Told:
        """What differs, from the older version to the newer, whichever is named first."""
        versions = {
            each.number: each
            for each in queries.versions_of(code).filter(number__in=[number, other])
        }
        if len(versions) < 2:
            raise Http404
        drafts = [each for each in versions.values() if each.status == VersionStatus.DRAFT]
        if drafts and "observation.author" not in jurisdiction.permissions(self.person):
            raise Http404
        before, after = versions[min(versions)], versions[max(versions)]
        return differences.tell(before, after, instruments.contents_of(versions.values()))


class VersionChanges(ChangesMixin, View):
    """What one version says otherwise than another, to read and to send."""

    def get(self, request: SignedInRequest, code: str, number: int, other: int) -> HttpResponse:
        told = self.told(code, number, other)
        numbers = [code, told.before.number, told.after.number]
        address = request.build_absolute_uri(reverse("observation:version_changes", args=numbers))
        context = {
            "told": told,
            "version": told.after,
            "numbers": numbers,
            "email": differences.email(told, address),
        }
        return render(request, "observation/version_changes.html", context)


TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class VersionChangesFile(ChangesMixin, View):
    """The same as a file, to send to the departments."""

    def get(self, request, code: str, number: int, other: int, form: str) -> HttpResponse:
        if form not in TYPES:
            raise Http404
        told = self.told(code, number, other)
        from observation.serializers import difference_files  # noqa: PLC0415 — reportlab and openpyxl, for files only

        content = getattr(difference_files, form)(told)
        name = f"{code}-{told.before.number}-{told.after.number}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=TYPES[form], headers=headers)
