import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView, View

from lms import lessons, queries
from lms.actions import enrolments
from lms.forms import AnswerForm
from lms.models import Enrolment
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.queries import read_centres


class LessonList(ScopedMixin, TemplateView):
    """My lessons with their progress, and those that I can start."""

    permission = "lms.learn"
    template_name = "lms/lesson_list.html"

    def get_context_data(self, **kwargs):
        mine = Enrolment.objects.filter(user=self.person)
        return super().get_context_data(**kwargs) | {
            "taken": lessons.taken(mine),
            "others": queries.lessons_to_start(self.person, get_language() or ""),
        }


class LessonStart(ScopedMixin, View):
    """What a lesson is about; starting it leads to its first step."""

    permission = "lms.learn"

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        lesson = get_object_or_404(queries.open_lessons(), pk=pk)
        enrolment = Enrolment.objects.filter(user=request.user, lesson=lesson.original).first()
        context = {"lesson": lesson, "enrolment": enrolment}
        return render(request, "lms/lesson_start.html", context)

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        lesson = get_object_or_404(queries.open_lessons(), pk=pk)
        enrolment = enrolments.start(lesson=lesson, by=request.user)
        (taken,) = lessons.taken([enrolment])
        return redirect("lms:enrolment_step", enrolment.pk, taken.step)


class EnrolmentMixin(ScopedMixin):
    """A view of one of my own enrolments."""

    permission = "lms.learn"
    kwargs: dict[str, Any]

    def enrolment(self) -> Enrolment:
        mine = self.scoped(Enrolment.objects.filter(user=self.person))
        return get_object_or_404(mine.select_related("lesson"), pk=self.kwargs["pk"])


class EnrolmentStep(EnrolmentMixin, View):
    """One step of the lesson; answering a question leads back to it, with the explanation."""

    def get(self, request: SignedInRequest, pk: int, number: int) -> HttpResponse:
        return self._page(number)

    def post(self, request: SignedInRequest, pk: int, number: int) -> HttpResponse:
        enrolment = self.enrolment()
        key, question = self._asked(enrolment)
        form = AnswerForm(request.POST, question_id=key, question=question)
        if not form.is_valid():
            return self._page(number, tried=form)
        enrolments.answer(
            enrolment=enrolment,
            question=key,
            choice=form.cleaned_data["choice"],
            by=request.user,
        )
        return redirect(f"{reverse('lms:enrolment_step', args=[pk, number])}#q-{key}")

    def _asked(self, enrolment: Enrolment):
        """The question that the form answers, in the language being read."""
        try:
            key = uuid.UUID(self.request.POST.get("question", ""))
            return key, lessons.reading(enrolment).questions[key]
        except (ValueError, KeyError):
            raise Http404 from None

    def _page(self, number: int, tried: AnswerForm | None = None) -> HttpResponse:
        enrolment = self.enrolment()
        lesson = lessons.reading(enrolment)
        steps = list(lesson.steps)
        if not 1 <= number <= len(steps):
            raise Http404
        step = steps[number - 1]
        context = {
            "enrolment": enrolment,
            "lesson": lesson,
            "step": step.value,
            "number": number,
            "total": len(steps),
            "parts": lessons.parts(enrolment, step, tried),
            "last": number == len(steps),
        }
        return render(self.request, "lms/enrolment_step.html", context)


class EnrolmentFinish(EnrolmentMixin, View):
    """Finish the lesson; afterwards, what to do next: the practice task."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        enrolment = self.enrolment()
        if enrolment.completed_at is None:
            return redirect("lms:enrolment_step", pk, 1)
        lesson = lessons.reading(enrolment)
        answers = queries.latest_answers(enrolment)
        context = {
            "enrolment": enrolment,
            "lesson": lesson,
            "right": sum(answer.correct for answer in answers.values()),
            "total": len(answers),
            "tasks": lessons.practice(lesson),
            "others": queries.lessons_to_start(request.user, get_language() or ""),
        }
        return render(request, "lms/enrolment_finish.html", context)

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        enrolment = self.enrolment()
        if left := queries.unanswered(enrolment):
            messages.warning(request, _("Answer this question first, then finish the lesson."))
            number = lessons.step_of(enrolment.lesson, left[0])
            url = reverse("lms:enrolment_step", args=[pk, number])
            return redirect(f"{url}#q-{left[0]}")
        enrolments.complete(enrolment=enrolment, by=request.user)
        return redirect("lms:enrolment_finish", pk)


class EnrolmentPractise(EnrolmentMixin, View):
    """The practice task is done."""

    http_method_names = ["post", "options"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        enrolments.mark_practised(enrolment=self.enrolment(), by=request.user)
        messages.success(request, _("Noted: you practised this in your room."))
        return redirect("lms:enrolment_finish", pk)


class ProgressList(ScopedMixin, ListView):
    """Who has come how far, room by room, for mentors and coordinators."""

    permission = "lms.view"
    template_name = "lms/progress_list.html"
    paginate_by = 50

    def get_queryset(self):
        return queries.by_place(self.scoped(Enrolment.objects.all()))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        everyone = self.scoped(Enrolment.objects.all())
        rows = lessons.taken(context["page_obj"])
        read_centres(row.enrolment.unit for row in rows)
        return context | {
            "rows": rows,
            "totals": queries.totals(everyone),
        }
