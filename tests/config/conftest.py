"""Fixtures of the demonstration: its content, and a country on it, loaded once and undone."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from wagtail.models import Collection, Locale, Page

from config.demo import loading
from tests.factories import demo as make


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    """Pictures and films of the lesson go where they are thrown away."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


def grow_roots() -> None:
    """What Wagtail's migrations bring and a database made without them lacks."""
    Locale.objects.get_or_create(language_code="es")
    for tree, fields in ((Page, {"title": "Root"}), (Collection, {"name": "Root"})):
        if not tree.get_first_root_node():
            tree.add_root(**fields)


@pytest.fixture(scope="module")
def content(media, django_db_setup, django_db_blocker):
    """Tree, checklist, guide and lesson, loaded once: each test adds its country and undoes it."""
    with django_db_blocker.unblock(), transaction.atomic():
        grow_roots()
        for command, options in loading.content(make.DAY):
            call_command(command, stdout=io.StringIO(), **options)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def empty(content, django_db_blocker):
    """A database with content and without a country."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def loaded(content, django_db_blocker):
    """One tiny country for the tests of a class."""
    with django_db_blocker.unblock(), transaction.atomic():
        make.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def look(loaded, django_db_blocker):
    """The tiny country; what a test adds to it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
