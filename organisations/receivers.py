"""What Django and allauth tell of the doors of an account, put on record."""

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from organisations import second_steps
from organisations.actions import sign_ins


@receiver(user_logged_in)
def note_sign_in(sender, user, request=None, **kwargs) -> None:
    sign_ins.succeeded(user=user)
    second_steps.look_again(request)


@receiver(user_logged_out)
def note_sign_out(sender, user, **kwargs) -> None:
    if user is not None:
        sign_ins.ended(user=user)


@receiver(user_login_failed)
def note_failure(sender, credentials, **kwargs) -> None:
    sign_ins.failed(email=credentials.get("email") or credentials.get("username") or "")


@receiver(email_changed)
def note_address(sender, user, **kwargs) -> None:
    sign_ins.address_changed(user=user)


@receiver([password_set, password_changed, password_reset])
def note_password(sender, user, **kwargs) -> None:
    sign_ins.password_changed(user=user)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def note_second_step(sender, user, authenticator, request=None, **kwargs) -> None:
    sign_ins.second_step_changed(user=user, kind=authenticator.type)
    second_steps.look_again(request)
