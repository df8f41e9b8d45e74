from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from observation.models.sessions import ObservationSession
from organisations.jurisdiction import Scoped


class SessionPicture(Scoped):
    """A picture of the room or its materials that a session refers to, with the consent to it.

    Its bytes come on their own (``fieldwork.Blob``, by hash and sender), perhaps days later.
    """

    jurisdiction_path = "session__unit"
    person_paths = ("session__observer", "session__caregiver")

    session = models.ForeignKey(ObservationSession, models.CASCADE, related_name="pictures")
    number = models.PositiveSmallIntegerField(_("number"))
    sha256 = models.CharField(_("hash of the bytes"), max_length=64)
    shows = models.CharField(_("what it shows"), max_length=300)
    agreed_by = models.CharField(_("who agreed"), max_length=200)
    no_child = models.BooleanField(_("no child can be recognised"))

    class Meta:
        verbose_name = _("picture of a session")
        verbose_name_plural = _("pictures of sessions")
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="picture_number_once"),
            models.UniqueConstraint(fields=["session", "sha256"], name="picture_once_per_session"),
            models.CheckConstraint(
                name="picture_has_consent", condition=Q(no_child=True) & ~Q(agreed_by="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.shows}"
