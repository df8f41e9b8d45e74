"""Lists of sessions, one session's result."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views import View

from observation import follow_ups, queries
from observation.enums import SessionStatus
from observation.forms.filters import SessionFilter
from observation.models import ObservationSession
from observation.views import feedback
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.queries import read_centres

PER_PAGE = 25


class SessionList(ScopedMixin, View):
    """Sessions of one's jurisdiction, by room and state."""

    permission = "observation.view"

    def get(self, request: SignedInRequest) -> HttpResponse:
        form = SessionFilter(request.GET)
        form.is_valid()
        rows = queries.readable_by(self.scoped(ObservationSession.objects.all()), request.user)
        if room := form.cleaned_data.get("room"):
            rows = queries.at_places(rows, room)
        if status := form.cleaned_data.get("status"):
            rows = rows.filter(status=status)
        # Ids first: sorting whole rows of a country would cost more than reading a page of them.
        page = Paginator(rows.values_list("pk", flat=True), PER_PAGE).get_page(
            request.GET.get("page")
        )
        shown = ObservationSession.objects.filter(pk__in=list(page.object_list))
        told = queries.with_flags(queries.with_scores(shown))
        sessions = list(told.select_related("unit", "observer", "caregiver", "version"))
        read_centres(session.unit for session in sessions)
        ranges = queries.score_ranges(session.version for session in sessions)
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            "form": form,
            "page": page,
            "rows": [(session, ranges[session.version_id].get(None)) for session in sessions],
            "query": query.urlencode(),
            "permissions": jurisdiction.permissions(request.user),
        }
        return render(request, "observation/session_list.html", context)


class ReadableSessionMixin(ScopedMixin):
    permission = "observation.view"

    def session(self, pk) -> ObservationSession:
        rows = queries.readable_by(self.scoped(ObservationSession.objects.all()), self.person)
        rows = queries.with_flags(rows).select_related(
            "unit",
            "observer",
            "caregiver",
            "version__instrument",
            "supersedes",
            "superseded_by",
            "reinstatement__by",
            "pair_coding",
        )
        return get_object_or_404(rows, pk=pk)


class SessionDetail(ReadableSessionMixin, View):
    """The result: scores with their counts, each cycle, each item."""

    def get(self, request: SignedInRequest, pk) -> HttpResponse:
        session = self.session(pk)
        mine = session.observer_id == request.user.pk
        if session.status == SessionStatus.DRAFT:
            context = {"session": session, "mine": mine}
            return render(request, "observation/session_draft.html", context)
        read = feedback.read(session)
        context = {
            "session": session,
            "mine": mine,
            "feedback": read,
            "told": feedback.told(read),
            "permissions": jurisdiction.permissions(request.user),
            "pictures": queries.pictures_of(session),
            "follow_ups": follow_ups.of(session, request.user),
            "charts": [feedback.domain_chart(read), feedback.cycle_chart(read)],
        }
        return render(request, "observation/session_detail.html", context)


class SessionPdf(ReadableSessionMixin, View):
    """The same on one page, to take to the conversation."""

    def get(self, request: SignedInRequest, pk) -> HttpResponse:
        session = self.session(pk)
        if session.status == SessionStatus.DRAFT:
            context = {"session": session, "mine": session.observer_id == request.user.pk}
            return render(request, "observation/session_draft.html", context, status=409)
        from observation.views import feedback_pdf  # noqa: PLC0415 — reportlab, for this page only

        pdf = feedback_pdf.render(feedback.read(session), translation.get_language())
        name = f"{session.unit.code}-{session.observed_on:%Y-%m-%d}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
