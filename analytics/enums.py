from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    BRAID = "braid", _("the three strands")
    VALIDITY = "validity", _("validity report")
    EVALUATION = "evaluation", _("evaluation report")
    BOARD = "board", _("board")


class RunStatus(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being computed")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class RunStage(models.TextChoices):
    """What a run is at, in words for who waits: each stage of each kind has its line."""

    READING = "reading", _("Reading the records")
    BRAID = "braid", _("Joining the three strands")
    ITEMS = "items", _("Looking at each item")
    AGREEMENT = "agreement", _("Comparing observers")
    INTERNAL = "internal", _("Looking at how items go together")
    STRUCTURE = "structure", _("Looking for the structure")
    RESPONSE = "response", _("Looking at the steps of items")
    GENERALIZABILITY = "generalizability", _("Counting observers and visits")
    EFFECTS = "effects", _("Comparing the groups")
    MODELS = "models", _("Checking with other models")
    CRITERION = "criterion", _("Comparing with other measures")
    SCORES = "scores", _("Comparing the scores of centres")
    SAFETY = "safety", _("Comparing what parents saw")
    CLEARING = "clearing", _("Counting what is still to be fixed")
    ADOPTION = "adoption", _("Looking at how far the toolkit has spread")
    STRANDS = "strands", _("Linking the strands")
    NEED = "need", _("Foretelling the next scores")
    ANSWERED = "answered", _("Counting who answered")


class PlanStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    FROZEN = "frozen", _("frozen")


class Observers(models.TextChoices):
    """Whose sessions an analysis counts."""

    OFFICIAL = "official", _("official evaluations only")
    ALL = "all", _("all sessions, formative ones too")
