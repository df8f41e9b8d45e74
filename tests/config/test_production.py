"""What production sets beyond the base; nothing of it is seen on one machine."""

import runpy

import pytest

from tools.check import PRODUCTION


@pytest.fixture
def production(monkeypatch):
    """The settings of production, with what the environment must give and more."""

    def load(**environ):
        for name, value in {**PRODUCTION, **environ}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_module("config.settings.production")

    return load


def test_every_cookie_is_bound_to_this_host_and_to_https(production):
    known = production()

    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        assert known[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert known[f"{kind}_COOKIE_SECURE"] is True
    assert (known["SESSION_COOKIE_SAMESITE"], known["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")
    assert known["SESSION_COOKIE_HTTPONLY"] is True
    assert known["CSRF_COOKIE_HTTPONLY"] is True


def test_secret_of_before_still_opens_what_it_signed(production):
    assert production()["SECRET_KEY_FALLBACKS"] == []
    assert production(TRENZA_OLD_SECRET_KEYS="one,two")["SECRET_KEY_FALLBACKS"] == ["one", "two"]
