import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from observation.enums import Moment, Purpose, RatingState, SessionStatus
from observation.models.instruments import Domain, InstrumentVersion, Item
from organisations.jurisdiction import Scoped
from organisations.models import Unit


class Dataset(Scoped):
    """A table of ratings brought in from elsewhere; its sessions never count as the programme's."""

    jurisdiction_path = "unit"

    code = models.SlugField(_("code"), max_length=64, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="datasets")
    version = models.OneToOneField(InstrumentVersion, models.PROTECT, related_name="dataset")
    file_hash = models.CharField(_("hash of the file"), max_length=64)
    # Empty: imported before it was kept, so nobody knows by which map
    map_hash = models.CharField(_("hash of the map"), max_length=64, blank=True)
    # What was found: rows read, exact duplicates, rows refused …
    report = models.JSONField(_("report of the import"), default=dict)
    imported_at = models.DateTimeField(_("imported"), auto_now_add=True)

    class Meta:
        verbose_name = _("data set")
        verbose_name_plural = _("data sets")

    def __str__(self) -> str:
        return self.code


class ObservationSession(Scoped):
    """One visit of one observer to one room: cycles with ratings. Fixed once closed.

    The client makes the id, so that the same session sent twice is one. A correction is a new
    session that supersedes the old. In an imported data set, ``unit`` is where the data set is
    held, ``subject`` what was rated (with whatever else tells it apart: a day, a round), ``rater``
    who rated it, ``cluster`` what the subject lies in, ``facts`` what its map kept of the row.
    """

    jurisdiction_path = "unit"
    person_paths = ("observer", "caregiver")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="observation_sessions", verbose_name=_("room")
    )
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="sessions")
    observer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observation_sessions",
        verbose_name=_("observer"),
    )
    caregiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_observed",
        verbose_name=_("caregiver"),
    )
    dataset = models.ForeignKey(
        Dataset, models.CASCADE, null=True, blank=True, related_name="sessions"
    )
    subject = models.CharField(_("what was rated"), max_length=200, blank=True)
    rater = models.CharField(_("who rated"), max_length=200, blank=True)
    cluster = models.CharField(_("what the rated lies in"), max_length=200, blank=True)
    # What else its row says that an analysis may name, by fact: {"arm": "A", "round": "1"}
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    line = models.PositiveIntegerField(_("line of the file"), null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name=_("repeats exactly"),
    )
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.FORMATIVE
    )
    observed_on = models.DateField(_("day"), null=True, blank=True)
    age_group = models.CharField(_("age group"), max_length=3, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=SessionStatus.choices, default=SessionStatus.DRAFT
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    content_hash = models.CharField(_("hash of the content"), max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("corrects"),
    )
    reason = models.TextField(_("reason of the correction"), blank=True)
    # The agenda's name for the visit; two sessions for one are for a coordinator to settle
    appointment = models.CharField(_("appointment"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("observation session")
        verbose_name_plural = _("observation sessions")
        ordering = ["-observed_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                name="session_closed_has_time_and_hash",
                condition=Q(status=SessionStatus.DRAFT)
                | (Q(closed_at__isnull=False) & ~Q(content_hash="")),
            ),
            models.CheckConstraint(
                name="session_has_observer_and_day_or_dataset",
                condition=Q(dataset__isnull=False)
                | Q(observer__isnull=False, observed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="session_correction_has_reason",
                condition=Q(supersedes__isnull=True) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "status", "observed_on"]),
            models.Index(fields=["observer", "status"]),
            models.Index(fields=["status", "observed_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject or self.unit} · {self.observed_on or ''}".strip(" ·")


class Cycle(Scoped):
    """Fifteen to twenty minutes of a session, scored on their own."""

    jurisdiction_path = "session__unit"
    person_paths = ("session__observer", "session__caregiver")

    session = models.ForeignKey(ObservationSession, models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField(_("cycle"))
    moments = models.JSONField(_("moments"), default=list, blank=True)
    started_at = models.TimeField(_("from"), null=True, blank=True)
    ended_at = models.TimeField(_("to"), null=True, blank=True)
    minutes_reason = models.CharField(_("why longer or shorter"), max_length=200, blank=True)
    # Answers to context items by code: counts, yes/no, choices
    context = models.JSONField(_("context"), default=dict, blank=True)
    # [["10:02:05", "10:04:00"], …]: when the observer had to stop
    pauses = models.JSONField(_("pauses"), default=list, blank=True)
    # [{"at": "10:02:05", "item": "CAL1" or "", "text": …}, …]: what was written down meanwhile
    notes = models.JSONField(_("notes"), default=list, blank=True)

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="cycle_number_once"),
            models.CheckConstraint(
                name="cycle_ends_after_it_starts",
                condition=Q(started_at__isnull=True)
                | Q(ended_at__isnull=True)
                | Q(ended_at__gt=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.number}"

    @property
    def moment_names(self) -> list[str]:
        """The moments in words."""
        return [str(Moment(code).label) for code in self.moments if code in Moment.values]

    @property
    def minutes(self) -> int | None:
        """Whole minutes from start to end, None where one is missing."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at.hour - self.started_at.hour) * 60 + (
            self.ended_at.minute - self.started_at.minute
        )


class Rating(Scoped):
    """What was given to one item in one cycle."""

    jurisdiction_path = "cycle__session__unit"
    person_paths = ("cycle__session__observer", "cycle__session__caregiver")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="ratings")
    item = models.ForeignKey(Item, models.PROTECT, related_name="ratings")
    state = models.CharField(_("state"), max_length=8, choices=RatingState.choices)
    value = models.SmallIntegerField(_("value"), null=True, blank=True)
    # Why not applicable, or what was noted beside the item
    note = models.CharField(_("note"), max_length=500, blank=True)
    # [1, 0, null], one per look where an item is seen or not at set minutes; value counts the 1s
    marks = models.JSONField(_("marks"), default=list, blank=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "item"], name="rating_once_per_cycle_and_item"
            ),
            models.CheckConstraint(
                name="rating_has_value_exactly_when_scored",
                condition=Q(state=RatingState.SCORED, value__isnull=False)
                | (~Q(state=RatingState.SCORED) & Q(value__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.value if self.value is not None else self.state}"

    @property
    def told(self) -> str:
        return self.item.told(self.state, self.value)


class SessionScore(Scoped):
    """A session's score in one domain (None: over all), 0 to 100; empty where not valid."""

    jurisdiction_path = "session__unit"
    person_paths = ("session__observer", "session__caregiver")

    session = models.ForeignKey(ObservationSession, models.CASCADE, related_name="scores")
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, related_name="scores")
    score = models.FloatField(_("score"), null=True)
    cycles = models.PositiveSmallIntegerField(_("valid cycles"))

    class Meta:
        verbose_name = _("session score")
        verbose_name_plural = _("session scores")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "domain"], name="sessionscore_once_per_domain"
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(domain=None), name="sessionscore_overall_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.domain_id}: {self.score}"
