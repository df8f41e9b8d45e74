from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.models import LessonPage
from organisations.jurisdiction import Scoped
from organisations.models import Unit


class Enrolment(Scoped):
    """A person takes a lesson, once, in whichever language she reads.

    ``lesson`` is the page in the default language (``LessonPage.original``), ``unit`` the room or
    centre where she worked when she started.
    """

    jurisdiction_path = "unit"
    person_paths = ("user",)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="enrolments",
        verbose_name=_("person"),
    )
    lesson = models.ForeignKey(
        LessonPage, models.PROTECT, related_name="enrolments", verbose_name=_("lesson")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="enrolments", verbose_name=_("room or centre")
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    practice_done_on = models.DateField(_("practised on"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "lesson"], name="enrolment_once_per_person_and_lesson"
            ),
            models.CheckConstraint(
                name="enrolment_completed_after_start",
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="enrolment_practised_once_completed",
                condition=Q(practice_done_on__isnull=True) | Q(completed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["unit", "completed_at"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.lesson}"


class QuestionAnswer(Scoped):
    """An answer to a question of the lesson. All are kept; the latest to a question counts.

    ``question`` and ``choice`` are block ids of the lesson, the same in every language.
    """

    jurisdiction_path = "enrolment__unit"
    person_paths = ("enrolment__user",)

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="answers", verbose_name=_("enrolment")
    )
    question = models.UUIDField(_("question"))
    choice = models.UUIDField(_("answer chosen"))
    correct = models.BooleanField(_("right"))
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["answered_at", "id"]
        indexes = [models.Index(fields=["enrolment", "question", "-answered_at"])]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.question}"
