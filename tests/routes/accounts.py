"""allauth: signing in is for anybody, one's own account for whoever is signed in."""

from tests.routes import PUBLIC, SIGNED_IN, Route

BOTH = ("get", "post")


def broken_link(region):
    return {"uidb36": "1", "key": "out-of-date"}


def no_key(region):
    return {"pk": 999_999}


ROUTES = {
    "account_login": Route(PUBLIC, BOTH),
    "account_logout": Route(PUBLIC, BOTH),
    "account_inactive": Route(PUBLIC),
    "account_signup": Route(PUBLIC, BOTH),
    "account_request_login_code": Route(PUBLIC, BOTH),
    "account_confirm_login_code": Route(PUBLIC, BOTH),
    "account_reset_password": Route(PUBLIC, BOTH),
    "account_reset_password_done": Route(PUBLIC),
    "account_reset_password_from_key": Route(PUBLIC, BOTH, broken_link),
    "account_reset_password_from_key_done": Route(PUBLIC),
    "account_email_verification_sent": Route(PUBLIC, BOTH),
    "account_reauthenticate": Route(SIGNED_IN, BOTH),
    "account_email": Route(SIGNED_IN, BOTH),
    "account_change_password": Route(SIGNED_IN, BOTH),
    "account_set_password": Route(SIGNED_IN, BOTH),
    "own_sessions": Route(SIGNED_IN, BOTH),
    "usersessions_list": Route(SIGNED_IN, BOTH),
    "mfa_authenticate": Route(PUBLIC, BOTH),
    "mfa_login_webauthn": Route(PUBLIC, BOTH),
    "mfa_index": Route(SIGNED_IN),
    "mfa_reauthenticate": Route(SIGNED_IN, BOTH),
    "mfa_activate_totp": Route(SIGNED_IN, BOTH),
    "mfa_deactivate_totp": Route(SIGNED_IN, BOTH),
    "mfa_view_recovery_codes": Route(SIGNED_IN),
    "mfa_generate_recovery_codes": Route(SIGNED_IN, BOTH),
    "mfa_download_recovery_codes": Route(SIGNED_IN),
    "mfa_list_webauthn": Route(SIGNED_IN),
    "mfa_add_webauthn": Route(SIGNED_IN, BOTH),
    "mfa_reauthenticate_webauthn": Route(SIGNED_IN, BOTH),
    "mfa_remove_webauthn": Route(SIGNED_IN, BOTH, no_key),
    "mfa_edit_webauthn": Route(SIGNED_IN, BOTH, no_key),
}
