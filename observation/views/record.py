"""Recording a session, step by step: its opening, each cycle, review and close."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.refusals import Refusal
from observation import policies, queries
from observation.actions import cycles as cycle_rows
from observation.actions import sessions
from observation.enums import ItemKind, SessionStatus
from observation.forms.begin import BeginForm
from observation.forms.cycle import CycleForm
from observation.forms.filters import CloseForm, CorrectForm
from observation.models import ObservationSession
from organisations.adapters import ScopedMixin, SignedInRequest


class SessionBegin(ScopedMixin, View):
    """Choose room, caregiver and day; a link to it may have chosen all but the day."""

    permission = "observation.record"

    def get(self, request: SignedInRequest) -> HttpResponse:
        chosen = ("room", "caregiver", "purpose", "appointment")
        initial = {name: request.GET[name] for name in chosen if name in request.GET}
        initial["id"] = str(uuid.uuid4())
        return self._page(request, BeginForm(user=request.user, initial=initial))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = BeginForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                session = sessions.begin(by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("observation:session_record", session.pk, 1)
        return self._page(request, form)

    def _page(self, request: SignedInRequest, form: BeginForm) -> HttpResponse:
        return render(request, "observation/session_begin.html", {"form": form})


class OwnSessionMixin(ScopedMixin):
    """Views over a session that the person herself observed."""

    permission = "observation.record"

    def session(self, pk: uuid.UUID) -> ObservationSession:
        rows = ObservationSession.objects.filter(observer=self.person, dataset=None)
        rows = rows.select_related("unit", "caregiver", "version__instrument")
        return get_object_or_404(self.scoped(rows), pk=pk)

    def steps(self, session: ObservationSession, current: str) -> list[dict]:
        """The steps of the long form: each cycle, then the review."""
        numbers = set(session.cycles.values_list("number", flat=True))
        wanted = sorted(numbers | set(range(1, session.version.minimum_cycles + 1)))
        if current.isdigit():
            wanted = sorted({*wanted, int(current)})
        steps = [
            {
                "label": _("Cycle %(n)s") % {"n": number},
                "state": "done" if number in numbers else "todo",
                "href": reverse("observation:session_record", args=[session.pk, number]),
                "key": str(number),
            }
            for number in wanted
        ]
        review = reverse("observation:session_review", args=[session.pk])
        steps.append({"label": _("Review"), "state": "todo", "href": review, "key": "review"})
        for step in steps:
            if step["key"] == current:
                step |= {"state": "current", "href": ""}
        return steps


class SessionRecord(OwnSessionMixin, View):
    """One cycle: moments, times, context, then the items with their anchors."""

    def get(self, request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
        session = self.session(pk)
        if session.status == SessionStatus.CLOSED:
            return redirect("observation:session_detail", pk)
        return self._page(request, session, self._form(session, number))

    def post(self, request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
        session = self.session(pk)
        form = self._form(session, number, request.POST)
        valid = form.is_valid()
        sessions.save_draft(session=session, cycles=[form.entry()], by=request.user)
        if not valid:
            return self._page(request, session, form)
        messages.success(request, _("Saved."))
        return self._onward(request, session, form)

    def _form(self, session: ObservationSession, number: int, data=None) -> CycleForm:
        if not 1 <= number <= policies.MOST_CYCLES:
            raise Http404
        items = session.version.items.select_related("domain", "scale").order_by("order")
        alerts = queries.alerts_of(session.pk)  # her own: she marked them in this draft
        return CycleForm(data, session=session, number=number, items=items, alerts=alerts)

    def _page(self, request, session: ObservationSession, form: CycleForm) -> HttpResponse:
        steps = self.steps(session, str(form.number))
        context = {"session": session, "form": form, "steps": steps}
        return render(request, "observation/session_record.html", context)

    def _onward(self, request, session, form: CycleForm) -> HttpResponse:
        number = form.number
        here = reverse("observation:session_record", args=[session.pk, number])
        if not form.knows_moments:  # now that the moments are known, the items can be shown
            return HttpResponseRedirect(f"{here}#items")
        if "onward" not in request.POST:
            return HttpResponseRedirect(f"{here}#{form.next_place()}")
        later = [step for step in self.steps(session, str(number)) if step["href"]]
        following = [s for s in later if s["key"] == "review" or int(s["key"]) > number]
        return HttpResponseRedirect(following[0]["href"])


class SessionReview(OwnSessionMixin, View):
    """What is missing, said plainly; then close."""

    def get(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        session = self.session(pk)
        if session.status == SessionStatus.CLOSED:
            return redirect("observation:session_detail", pk)
        return self._page(request, session)

    def post(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        session = self.session(pk)
        form = CloseForm(request.POST)
        form.is_valid()
        try:
            sessions.close(session=session, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            return self._page(request, session, str(refusal))
        messages.success(request, _("The session is closed and scored."))
        return redirect("observation:session_detail", pk)

    def _page(self, request, session: ObservationSession, refusal: str = "") -> HttpResponse:
        scored = session.version.items.filter(kind=ItemKind.SCORED).select_related("scale")
        items = list(scored.order_by("order"))
        sheets = cycle_rows.sheets(session)
        missing = policies.unanswered(sheets, items, session.age_group)
        rows = [
            {
                "cycle": sheet.cycle,
                "missing": missing[sheet.cycle.number],
                "ignored": [
                    item.code
                    for item in items
                    if item.code in sheet.ratings
                    and not item.applies(session.age_group, sheet.cycle.moments)
                ],
            }
            for sheet in sheets
        ]
        numbers = [sheet.cycle.number for sheet in sheets]
        context = {
            "session": session,
            "rows": rows,
            "any_missing": any(missing.values()),
            "obstacles": list(
                policies.obstacles(session.version, sheets, items, session.age_group)
            ),
            "alerts": queries.alerts_of(session.pk).select_related("item").order_by("cycle_number"),
            "form": CloseForm(),
            "refusal": refusal,
            "steps": self.steps(session, "review"),
            "another": max(numbers, default=0) + 1,
            "may_add": max(numbers, default=0) < policies.MOST_CYCLES,
        }
        return render(request, "observation/session_review.html", context)


class SessionCorrect(OwnSessionMixin, View):
    """A closed session stays; a correction is a new one that says why."""

    def get(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        return self._page(request, self.session(pk), CorrectForm())

    def post(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        session = self.session(pk)
        form = CorrectForm(request.POST)
        if not form.is_valid():
            return self._page(request, session, form)
        draft = sessions.correct(session=session, by=request.user, **form.cleaned_data)
        return redirect("observation:session_record", draft.pk, 1)

    def _page(self, request, session: ObservationSession, form: CorrectForm) -> HttpResponse:
        context = {"session": session, "form": form}
        return render(request, "observation/session_correct.html", context)


class SessionDiscard(OwnSessionMixin, View):
    """Delete a draft begun by mistake."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        sessions.discard(session=self.session(pk), by=request.user)
        messages.success(request, _("The draft is discarded."))
        return redirect("observation:session_list")
