from django.db import models
from django.utils.translation import gettext_lazy as _


class InstrumentKind(models.TextChoices):
    CHECKLIST = "checklist", _("checklist")
    GUIDE = "guide", _("parents' guide")
    IMPORTED = "imported", _("imported data")


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class ScoringRule(models.TextChoices):
    """How the answered items of a domain become its score."""

    PERCENT = "percent", _("share of the highest value, 0 to 100")
    RANGE = "range", _("place between lowest and highest value, 0 to 100")
    MEAN = "mean", _("mean in points of the scale")


class ItemKind(models.TextChoices):
    SCORED = "scored", _("scored")
    ALERT = "alert", _("treatment alert")
    CONTEXT = "context", _("context")


class ScaleKind(models.TextChoices):
    """How an item is answered."""

    ORDINAL = "ordinal", _("steps with anchors")
    PRESENCE = "presence", _("present or absent")
    YES_NO = "yes_no", _("yes or no")
    YES_NO_UNSEEN = "yes_no_unseen", _("yes, no or not seen")
    CHOICE = "choice", _("one of several")
    INTEGER = "integer", _("a number")
    INTEGER_PAIR = "integer_pair", _("two numbers")
    SNAPSHOTS = "snapshots", _("seen or not, at set minutes")
    TIME_RANGE = "time_range", _("from and to")
    TEXT = "text", _("free text")


class Moment(models.TextChoices):
    """Moments of the day; which items apply depends on them."""

    FIL = "FIL", _("arrival")
    ALI = "ALI", _("feeding")
    HIG = "HIG", _("hygiene")
    JUE = "JUE", _("free play")
    ACT = "ACT", _("guided activity")
    EXT = "EXT", _("outdoors")
    SUE = "SUE", _("sleep")
    TRA = "TRA", _("transition")
    DES = "DES", _("departure")


CARE_ROUTINES = frozenset({Moment.FIL, Moment.ALI, Moment.HIG, Moment.SUE, Moment.DES})
PLAY_OR_ACTIVITY = frozenset({Moment.JUE, Moment.ACT, Moment.EXT})


class SessionStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    CLOSED = "closed", _("closed")


class Purpose(models.TextChoices):
    """A mentor who helps is not the judge of the same room."""

    FORMATIVE = "formative", _("mentoring (formative)")
    OFFICIAL = "official", _("official evaluation")


class Passable(models.TextChoices):
    """Why a session from a phone is held where a coordinator may pass over it; what that means."""

    JURISDICTION = "jurisdiction", _("The observer was entitled to observe there on that day.")
    RETIRED = "retired_version", _("The session counts although its version is retired.")
    SECOND = "second_session", _("Both are visits of their own, and both count.")


class RatingState(models.TextChoices):
    SCORED = "scored", _("scored")
    NOT_APPLICABLE = "na", _("not applicable")
    MISSING = "missing", _("not answered")


class CaseStatus(models.TextChoices):
    """Where a safeguarding case stands."""

    OPEN = "open", _("waiting for an officer")
    IN_HAND = "in_hand", _("taken by an officer")
    HANDED_OVER = "handed_over", _("handed over")
    CLOSED = "closed", _("closed")


class CaseEntryKind(models.TextChoices):
    OPENED = "opened", _("opened")
    RAISED = "raised", _("alert raised")
    DESCRIBED = "described", _("alert described")
    READ = "read", _("read")
    TAKEN = "taken", _("taken")
    NOTED = "noted", _("note")
    HANDED_OVER = "handed_over", _("handed over")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("opened again")
    REMINDED = "reminded", _("reminder sent")
