from typing import ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """People are found by e-mail, whatever its case."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A person whose address counts as proven: whoever registers her vouches for it."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        addresses = user.emailaddress_set  # type: ignore[attr-defined]  # allauth ships no types
        # Somebody may have asked for this address as her own before, and never proven it.
        addresses.model.objects.filter(email=user.email, verified=False).delete()
        addresses.create(email=user.email, primary=True, verified=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's managers are untyped
    """A person who signs in with an e-mail address. What she may see follows from her posts."""

    username = None  # type: ignore[assignment]  # AbstractUser's field is taken away on purpose
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    not_scoped_because = "an account has no place of its own; its posts have"

    objects = UserManager()  # type: ignore[assignment,misc]  # the manager of AbstractUser needs a username

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_whatever_its_case",
                violation_error_message=_("Somebody already has this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email
