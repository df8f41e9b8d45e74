"""What Django tells of signing in and out, put on record."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from organisations.actions import sign_ins


@receiver(user_logged_in)
def note_sign_in(sender, user, **kwargs) -> None:
    sign_ins.succeeded(user=user)


@receiver(user_logged_out)
def note_sign_out(sender, user, **kwargs) -> None:
    if user is not None:
        sign_ins.ended(user=user)


@receiver(user_login_failed)
def note_failure(sender, credentials, **kwargs) -> None:
    sign_ins.failed(email=credentials.get("email") or credentials.get("username") or "")
