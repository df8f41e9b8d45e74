"""Which passwords are taken, as whoever chooses one sees it."""

import runpy

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import organisations as make


def refused(password, user=None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [one.code for one in error.error_list]
    return []


@pytest.mark.parametrize("password", ["trenza2024", "Guarderia#1", "MENTORAsala1", "contraseña12"])
def test_password_that_leans_on_a_word_of_the_programme_is_refused(password):
    assert refused(password) == ["password_own_words"]


@pytest.mark.parametrize("password", ["trenza-y-siete-peces", "cuatro vientos", "ñandú y más 🌵"])
def test_password_with_enough_of_its_own_is_taken(password):
    assert refused(password) == []


@pytest.mark.parametrize("password", ["qwertyuiop", "iloveyou1", "Sunshine1"])
def test_password_that_was_seen_in_breaches_is_refused(password):
    assert refused(password) == ["password_too_common"]


def test_password_like_ones_own_address_is_refused(db):
    user = make.user("marisolinventada@trenza.example")

    assert refused("marisolinventada1", user) == ["password_too_similar"]


def test_password_of_64_characters_is_taken_whole():
    assert refused("canto de ranas " * 5) == []


def test_file_of_breached_passwords_is_read_where_one_is_named(monkeypatch, tmp_path, settings):
    file = tmp_path / "breached.txt"
    file.write_text("cuatro vientos\n")
    monkeypatch.setenv("TRENZA_PASSWORD_LIST", str(file))

    known = runpy.run_path("config/settings/base.py")
    settings.AUTH_PASSWORD_VALIDATORS = known["AUTH_PASSWORD_VALIDATORS"]

    assert refused("Cuatro vientos") == ["password_too_common"]
