from django.db import models
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    """The six steps of a mentoring cycle, in order."""

    PREPARE = "prepare", _("Prepare")
    OBSERVE = "observe", _("Observe")
    REFLECT = "reflect", _("Reflect and give feedback")
    AGREE = "agree", _("Agree one goal")
    PRACTISE = "practise", _("Practise")
    OBSERVE_AGAIN = "observe_again", _("Observe again")


class CycleStatus(models.TextChoices):
    """A cycle stands at the step that comes next, or has ended."""

    PREPARE = "prepare", _("to prepare")
    OBSERVE = "observe", _("to observe")
    REFLECT = "reflect", _("to reflect together")
    AGREE = "agree", _("to agree a goal")
    PRACTISE = "practise", _("practising")
    OBSERVE_AGAIN = "observe_again", _("to observe again")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")


OVER = [CycleStatus.COMPLETED, CycleStatus.CANCELLED]
# The steps that a closed observation session does, and where each leads.
OBSERVED = {
    CycleStatus.OBSERVE: CycleStatus.REFLECT,
    CycleStatus.OBSERVE_AGAIN: CycleStatus.COMPLETED,
}
# The steps that the mentor reports by hand, and where each leads.
REPORTED = {
    CycleStatus.PREPARE: CycleStatus.OBSERVE,
    CycleStatus.REFLECT: CycleStatus.AGREE,
    CycleStatus.PRACTISE: CycleStatus.OBSERVE_AGAIN,
}
