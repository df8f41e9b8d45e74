"""What observation tells a person of herself."""

import json

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from organisations import own_data
from tests.factories import certification, organisations
from tests.factories import observation as make
from tests.observation.exporting import asked

NAMES = ("observations", "coding_rounds", "certificates", "exports")


def test_own_data_hold_sessions_codings_certificates_and_exports(room, mentor, caregiver, sign_in):
    session = make.closed(room, mentor, caregiver=caregiver)
    draft = make.draft(room, mentor, caregiver=caregiver)
    certificate = certification.certificate(mentor, localdate())
    export = asked(mentor, session)

    told = json.loads(sign_in(mentor).get(reverse("own_data")).content)

    observed = [(one["id"], one["role"]) for one in told["observations"]]
    assert observed == [(str(session.pk), "observer"), (str(draft.pk), "observer")]
    (coding_round,) = told["coding_rounds"]
    assert coding_round["id"] == str(certificate.round_id)
    assert "result" not in coding_round
    assert [one["code"] for one in told["certificates"]] == [certificate.code]
    assert [(one["id"], one["sessions"]) for one in told["exports"]] == [(str(export.pk), 1)]


def test_caregiver_is_told_of_the_closed_sessions_about_her(room, mentor, caregiver):
    session = make.closed(room, mentor, caregiver=caregiver)
    make.draft(room, mentor, caregiver=caregiver)

    (told,) = own_data.of(caregiver)["observations"]

    assert (told["id"], told["role"]) == (session.pk, "caregiver")


@pytest.mark.parametrize("name", NAMES)
def test_of_others_nothing_is_told(room, mentor, name):
    asked(mentor, make.closed(room, mentor))
    certification.certificate(mentor, localdate())

    assert own_data.of(organisations.person("mentor", room.get_parent()))[name] == []
