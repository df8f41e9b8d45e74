"""Loading the demonstration: the same again for the same seed, or not at all."""

import hashlib

import numpy as np
import pytest
from django.core.management import CommandError
from django.db import transaction

from config.demo import loading, writing
from core.models import AuditRecord
from lms.models import Enrolment, QuestionAnswer
from lrs.models import Statement
from mentoring.models import CycleStep, MentoringCycle, PracticeGoal
from observation.models import (
    Certificate,
    ClipCode,
    ClipCoding,
    CodingRound,
    Cycle,
    ObservationSession,
    Rating,
    SessionScore,
)
from organisations.models import Post, Unit, User
from tests.factories import organisations as make
from tests.factories.demo import load
from visits.models import Finding, GuideAnswer, GuideResponse, Visit

MADE = [
    Unit,
    User,
    Post,
    ObservationSession,
    Cycle,
    Rating,
    SessionScore,
    CodingRound,
    ClipCoding,
    ClipCode,
    Certificate,
    MentoringCycle,
    CycleStep,
    PracticeGoal,
    Enrolment,
    QuestionAnswer,
    Statement,
    Visit,
    GuideResponse,
    GuideAnswer,
    Finding,
]


def fingerprint_of_everything() -> str:
    """A hash over every column of every row that the demonstration makes."""
    digest = hashlib.sha256()
    for model in MADE:
        for row in model.objects.order_by("pk").values_list():
            digest.update(repr(row).encode())
    return digest.hexdigest()


def made_and_undone(seed: int) -> str:
    """The hash of a country that is taken away again; content stays for the next."""
    with transaction.atomic():
        load(seed)
        found = fingerprint_of_everything()
        transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("empty")
def test_country_of_same_seed_and_day_is_the_same_byte_for_byte():
    first = made_and_undone(seed=1)

    assert made_and_undone(seed=1) == first
    assert made_and_undone(seed=2) != first


@pytest.mark.usefixtures("empty")
def test_country_loaded_again_changes_nothing():
    load()
    before = fingerprint_of_everything()

    said = load()

    assert len(said) == 1
    assert "already there" in said[0]
    assert fingerprint_of_everything() == before


@pytest.mark.usefixtures("empty")
def test_another_seed_is_refused_with_a_sentence():
    load(seed=1)

    with pytest.raises(CommandError, match="already holds the demonstration country “tiny”"):
        load(seed=2)


@pytest.mark.usefixtures("empty")
def test_database_with_units_of_its_own_is_refused():
    make.unit("zone", Unit.objects.of_kind("region").first(), "a-zone-of-our-own")

    with pytest.raises(CommandError, match="not of a demonstration"):
        load()


@pytest.mark.usefixtures("empty")
def test_interrupted_load_leaves_nothing(monkeypatch):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading.visiting, "write", interrupted)

    with pytest.raises(KeyboardInterrupt):
        load()

    assert not Unit.objects.of_kind("centre").exists()
    assert not ObservationSession.objects.exists()
    assert not AuditRecord.objects.filter(action=loading.LOADED).exists()


def test_days_of_any_unit_are_dates():
    for unit in ("D", "s", "ns"):
        found = writing.days(np.array(["2026-03-01", "NaT"], dtype=f"datetime64[{unit}]"))
        assert found == ["2026-03-01", None]


# The mark has pytest-django make the database; the others share one transaction of their own.
@pytest.mark.django_db
def test_insert_of_unknown_column_is_refused():
    with pytest.raises(ValueError, match="has no shoe_size"):
        writing.insert(User, 1, shoe_size=42)
