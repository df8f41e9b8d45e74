from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from observation.enums import Purpose, RatingState
from observation.models.instruments import Item
from observation.models.sessions import ObservationSession
from organisations.jurisdiction import Scoped
from organisations.models import Unit


def _person(words, related_name: str, **kwargs) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name=related_name,
        verbose_name=words,
        **kwargs,
    )


class CodingDraw(Scoped):
    """Which planned visits of a month get a second observer, drawn so that anyone can repeat it.

    The server makes the seed and a visit is drawn from once, so that nobody can draw again until
    it suits. See ``measurement.sampling.sealed``.
    """

    jurisdiction_path = "unit"

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="coding_draws", verbose_name=_("where")
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    seed = models.CharField(_("seed"), max_length=64)
    share = models.PositiveSmallIntegerField(_("sessions to double-code, in 100"))
    minimum = models.PositiveSmallIntegerField(_("at least for each observer and month"))
    # [{"visit": …, "observer": 7, "room": code, "on": day, "purpose": …}, …] in its order
    frame = models.JSONField(_("frame"))
    frame_hash = models.CharField(_("hash of the frame"), max_length=64)
    # ["round-visit-3", …] in the order of the frame
    result = models.JSONField(_("drawn"))
    drawn_by = _person(_("by"), "+", null=True)
    drawn_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("draw of double codings")
        verbose_name_plural = _("draws of double codings")
        ordering = ["-drawn_at", "-id"]

    def __str__(self) -> str:
        return f"{self.unit} · {self.month:%Y-%m}"


class CodingPair(Scoped):
    """Two observers who code the same cycles of a room on one day, neither knowing the other's.

    Once both have closed, the sessions that they had closed by then are the pair's: a correction
    made later, when each can read the other, is not blind. ``compared`` counts cycles × items to
    which both gave a value, ``exact`` those with the same, ``difference`` is the mean of the
    second's value less the first's. On the phone each has an appointment of her own, since a second
    session of one appointment is held: see ``appointment``.
    """

    jurisdiction_path = "room"
    person_paths = ("first", "second")

    draw = models.ForeignKey(
        CodingDraw, models.PROTECT, null=True, blank=True, related_name="pairs"
    )
    # The visit that was drawn, by its name in the frame
    visit = models.CharField(_("visit"), max_length=64, blank=True)
    reason = models.CharField(_("why it was paired by hand"), max_length=300, blank=True)
    room = models.ForeignKey(
        Unit, models.PROTECT, related_name="coding_pairs", verbose_name=_("room")
    )
    planned_on = models.DateField(_("planned day"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    first = _person(_("first observer"), "pairs_as_first")
    second = _person(_("second observer"), "pairs_as_second", null=True, blank=True)
    first_session = models.OneToOneField(
        ObservationSession, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_session = models.OneToOneField(
        ObservationSession, models.PROTECT, null=True, blank=True, related_name="+"
    )
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    compared = models.PositiveIntegerField(_("values compared"), null=True, blank=True)
    exact = models.PositiveIntegerField(_("of them the same"), null=True, blank=True)
    difference = models.FloatField(_("mean difference"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("double coding")
        verbose_name_plural = _("double codings")
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="codingpair_is_of_two",
                condition=Q(second=None) | ~Q(first=F("second")),
                violation_error_message=_("Nobody codes twice: choose two observers."),
            ),
            models.CheckConstraint(
                name="codingpair_drawn_or_with_a_reason",
                condition=Q(draw__isnull=False) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="codingpair_completed_has_both_and_is_not_cancelled",
                condition=Q(completed_at=None, compared=None, exact=None)
                | Q(
                    completed_at__isnull=False,
                    first_session__isnull=False,
                    second_session__isnull=False,
                    compared__isnull=False,
                    exact__isnull=False,
                    exact__lte=F("compared"),
                    cancelled_at=None,
                ),
            ),
            models.CheckConstraint(
                name="codingpair_cancelled_has_reason",
                condition=Q(cancelled_at=None) | ~Q(cancel_reason=""),
            ),
            models.UniqueConstraint(
                fields=["visit"], condition=~Q(visit=""), name="codingpair_visit_once"
            ),
        ]
        indexes = [
            models.Index(fields=["room", "planned_on"]),
            models.Index(fields=["completed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.room} · {self.planned_on}"

    @property
    def is_open(self) -> bool:
        return self.completed_at is None and self.cancelled_at is None

    def appointment(self, second: bool) -> str:
        """What agendas call the visit of one of the two, and her session keeps.

        A drawn visit is in the first observer's agenda already, by its name in the frame.
        """
        if second:
            return f"pair-{self.pk}"
        return self.visit or f"pair-{self.pk}-first"


class PairCoding(Scoped):
    """A session made for a pair, corrections too; a second one never counts beside the first."""

    jurisdiction_path = "pair__room"
    person_paths = ("session__observer",)

    pair = models.ForeignKey(CodingPair, models.PROTECT, related_name="codings")
    session = models.OneToOneField(ObservationSession, models.CASCADE, related_name="pair_coding")
    second = models.BooleanField(_("by the second observer"))

    class Meta:
        verbose_name = _("session of a double coding")
        verbose_name_plural = _("sessions of double codings")
        indexes = [models.Index(fields=["second", "session"])]

    def __str__(self) -> str:
        return f"{self.pair_id} · {2 if self.second else 1}"


class Adjudication(Scoped):
    """The code that a third person settled on where two observers differed, with her reason.

    Neither session changes. A later one for the same item and cycle takes its place.
    """

    jurisdiction_path = "pair__room"

    pair = models.ForeignKey(CodingPair, models.PROTECT, related_name="adjudications")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="adjudications")
    state = models.CharField(_("state"), max_length=8, choices=RatingState.choices)
    value = models.SmallIntegerField(_("agreed code"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    by = _person(_("by"), "+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("adjudication")
        verbose_name_plural = _("adjudications")
        ordering = ["pair", "cycle", "item", "id"]
        constraints = [
            models.CheckConstraint(
                name="adjudication_has_value_exactly_when_scored",
                condition=Q(state=RatingState.SCORED, value__isnull=False)
                | Q(state=RatingState.NOT_APPLICABLE, value__isnull=True),
            ),
            models.CheckConstraint(name="adjudication_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.pair_id} · {self.cycle} · {self.item_id}"

    @property
    def told(self) -> str:
        return self.item.told(self.state, self.value)
