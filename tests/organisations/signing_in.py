"""What the tests of accounts do with a browser and a mailbox."""

import re

from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

PASSWORD = "trenza-prueba"


def sign_in(client, password=PASSWORD, email="ana@trenza.example", **headers):
    data = {"login": email, "password": password}
    return client.post(reverse("account_login"), data, **headers)


def signed_in(client):
    return "_auth_user_id" in client.session


def set_up_second_step(client):
    """Her password again, then a code of the app that she has just set up."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    counter = next(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    return client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)


def code_of(message):
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{2,4})\s*$", message.body, re.M)[1]


def no_inline_code(html):
    scripts = re.findall(r"<script\b([^>]*)>", html)
    inline = [tag for tag in scripts if "src=" not in tag and "application/json" not in tag]
    return inline + re.findall(r"<style\b|\sstyle=|\son\w+=|javascript:", html)
