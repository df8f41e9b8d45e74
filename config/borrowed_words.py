"""Texts of allauth that its Spanish says badly: marked, so that our catalogue may say them.

Django looks into our catalogue first. What allauth no longer says must go from here; a test tells.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

WORDS = [
    # Signing in
    _("Invalid login."),
    _("Forgot your password?"),
    _("Forgot Password?"),
    _("Send me a sign-in code"),
    _("Sign in with a passkey"),
    _("Request Code"),
    _("Enter Sign-In Code"),
    _("Request new code"),
    _("We've sent a code to %(recipient)s. The code expires shortly, so please enter it soon."),
    _("A sign-in code has been sent to %(recipient)s."),
    _("Be patient, you are sending too many requests."),
    _("Please reauthenticate to safeguard your account."),
    _("Enter your password:"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    # Passwords
    _("Password Reset"),
    _(
        "Forgotten your password? Enter your email address below, and we'll send you an email "
        "allowing you to reset it."
    ),
    _("Please contact us if you have any trouble resetting your password."),
    _("Bad Token"),
    _("Password successfully changed."),
    _("Password successfully set."),
    # The e-mail address
    _("Re-send Verification"),
    _("Enter Email Verification Code"),
    # Mail
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("Email Confirmation"),
    _("Password Set"),
    _("Your email verification code is listed below. Please enter it in your open browser window."),
    _("Your sign-in code is listed below. Please enter it in your open browser window."),
    _("Your password reset code is listed below. Please enter it in your open browser window."),
    _("This mail can be safely ignored if you did not initiate this action."),
    # The second step
    _("Two-Factor Authentication"),
    _(
        "Your account is protected by two-factor authentication. "
        "Please enter an authenticator code:"
    ),
    _("Authenticator App"),
    _("Authentication using an authenticator app is active."),
    _("An authenticator app is not active."),
    _("Authenticator secret"),
    _("Security Keys"),
    _("Add Security Key"),
    _("Edit Security Key"),
    _("Remove Security Key"),
    _("Are you sure you want to remove this security key?"),
    _("No security keys have been added."),
    _("Security key added."),
    _("Security key removed."),
    _("Security Key Added"),
    _("Security Key Removed"),
    _("A new security key has been added."),
    _("A security key has been removed."),
    _("Download codes"),
    _("Save them  in a secure location now — they won't be shown again."),
    _("New Recovery Codes Generated"),
    _("A new set of Two-Factor Authentication recovery codes has been generated."),
    _("You are about to generate a new set of recovery codes for your account."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
]
COUNTED = ngettext_lazy(
    "You have added %(count)s security key.", "You have added %(count)s security keys.", "count"
)
