"""What the tests of accounts do with a browser and a mailbox."""

import re

from django.urls import reverse

PASSWORD = "trenza-prueba"


def sign_in(client, password=PASSWORD, email="ana@trenza.example", **headers):
    data = {"login": email, "password": password}
    return client.post(reverse("account_login"), data, **headers)


def signed_in(client):
    return "_auth_user_id" in client.session


def code_of(message):
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{2,4})\s*$", message.body, re.M)[1]


def no_inline_code(html):
    scripts = re.findall(r"<script\b([^>]*)>", html)
    inline = [tag for tag in scripts if "src=" not in tag and "application/json" not in tag]
    return inline + re.findall(r"<style\b|\sstyle=|\son\w+=|javascript:", html)
