from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


# The rules of a version, by the names of its columns.
RULES = ("minimum_cycles", "cycle_minutes", "cycle_minutes_most", "minimum_answered")
# Rules that came later: left out where they are as ever, so that older hashes still hold.
LATER_RULES: dict[str, Any] = {
    "scoring": ScoringRule.PERCENT.value,
    "moments_asked": True,
    "routine_and_play": True,
    "segments": [],
}


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


class Change(models.TextChoices):
    """What one version of an instrument says otherwise than another."""

    ADDED = "added", _("new")
    REMOVED = "removed", _("removed")
    KIND = "kind", _("other type")
    REWORDED = "reworded", _("reworded")
    TRANSLATED = "translated", _("translation added")
    RESCALED = "rescaled", _("other scale")
    ANCHORS = "anchors", _("anchors changed")
    DOMAIN = "domain", _("moved to another domain")
    ORDER = "order", _("other place in the order")
    WEIGHT = "weight", _("other weight")
    NOT_APPLICABLE = "not_applicable", _("N/A rule changed")
    NA_WORDS = "na_words", _("N/A rule reworded")
    AGE_GROUPS = "age_groups", _("age groups changed")
    MOMENTS = "moments", _("moments changed")
    NOTE = "note", _("note changed")
    CRITICAL = "critical", _("critical mark changed")


class Comparable(models.TextChoices):
    """Whether scores of two versions may be set side by side."""

    YES = "yes", _("comparable")
    CARE = "care", _("comparable with care")
    NO = "no", _("not comparable")


# What the steps of a scale without anchors are called.
STEP_WORDS = {
    ScaleKind.YES_NO: {0: _("no"), 1: _("yes")},
    ScaleKind.YES_NO_UNSEEN: {0: _("no"), 1: _("yes")},
    ScaleKind.PRESENCE: {0: _("absent"), 1: _("present")},
}


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
    CLOSED = "closed", pgettext_lazy("case", "closed")


class CaseEntryKind(models.TextChoices):
    OPENED = "opened", _("opened")
    RAISED = "raised", _("alert raised")
    DESCRIBED = "described", _("alert described")
    READ = "read", _("read")
    TAKEN = "taken", _("taken")
    NOTED = "noted", _("note")
    HANDED_OVER = "handed_over", _("handed over")
    CLOSED = "closed", pgettext_lazy("case", "closed")
    REOPENED = "reopened", _("opened again")
    REMINDED = "reminded", _("reminder sent")


class ClipMedium(models.TextChoices):
    """What an observer in training codes: a film, or a scene told in words."""

    FILM = "film", _("film")
    SCENE = "scene", _("written scene")


class ClipLevel(models.TextChoices):
    """How good what a clip shows is, on the whole."""

    LOW = "low", _("low")
    MID = "mid", _("middle")
    HIGH = "high", _("high")


class ClipUse(models.TextChoices):
    """Clips for practice show their master codes afterwards; clips for tests never do."""

    PRACTICE = "practice", _("practice")
    TEST = "test", _("test")


class ClipStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("clip", "draft")
    PUBLISHED = "published", pgettext_lazy("clip", "published")
    RETIRED = "retired", pgettext_lazy("clip", "retired")


class VerdictBasis(models.TextChoices):
    """Which end of an agreement figure is held against its gate."""

    VALUE = "value", _("the figure itself")
    LOW = "low", _("the lower end of its 95 % interval")


class ExportLevel(models.TextChoices):
    """What a row of an export is."""

    LONG = "long", _("ratings, a row each")
    WIDE = "wide", _("ratings, a row for each cycle")
    SCORES = "scores", _("scores, a row for each session")


class ExportForm(models.TextChoices):
    """The files that statistics programs open."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel (XLSX)")
    SAV = "sav", _("SPSS (SAV)")
    DTA = "dta", _("Stata (DTA)")


class ExportStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    MAKING = "making", _("being made")
    MADE = "made", _("made")
    FAILED = "failed", _("failed")
