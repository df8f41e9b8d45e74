"""Mails before a certificate ends: once for each step of the gate."""

import datetime
import io

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils.timezone import localdate

from observation.actions import certificates, reminders
from observation.models import CertificateReminder
from tests.factories import certification as make
from tests.factories import organisations

DAY = datetime.timedelta(days=1)


def sent_to() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def test_observer_and_who_answers_for_her_are_told_once(mentor, zonal):
    make.certificate(mentor, localdate() + 59 * DAY)

    assert [reminders.remind(), reminders.remind()] == [2, 0]

    assert sent_to() == sorted([mentor.email, zonal.email])
    about = next(message for message in mail.outbox if message.to == [zonal.email])
    assert str(mentor) in about.body
    assert "/observacion/certificacion/personas/" in about.body


@pytest.mark.parametrize(("left", "sent"), [(61, 0), (60, 1), (31, 1), (7, 1), (0, 1), (-1, 0)])
def test_reminder_is_due_from_the_first_step_to_the_last_day(mentor, left, sent):
    make.certificate(mentor, localdate() + left * DAY)

    assert reminders.remind() == sent


def test_each_step_is_told_once_as_time_goes_by(mentor):
    make.certificate(mentor, localdate() + 60 * DAY)

    told = [reminders.remind(on=localdate() + days * DAY) for days in range(62)]

    assert [day for day, count in enumerate(told) if count] == [0, 30, 53]
    steps = CertificateReminder.objects.order_by("-days_before")
    assert list(steps.values_list("days_before", flat=True)) == [60, 30, 7]


def test_coordinator_gets_one_mail_about_all_her_observers(country, zonal, version):
    people = [organisations.person("mentor", country.here.centre) for _each in range(3)]
    for person in people:
        make.certificate(person, localdate() + 5 * DAY)

    reminders.remind()

    (about,) = [message for message in mail.outbox if message.to == [zonal.email]]
    assert all(str(person) in about.body for person in people)


def test_nobody_is_told_of_what_was_renewed_revoked_or_left(country, mentor):
    make.certificate(mentor, localdate() + 5 * DAY)
    make.certificate(mentor, localdate() + 300 * DAY)
    revoked = make.certificate(
        organisations.person("mentor", country.here.centre), localdate() + 5 * DAY
    )
    national = organisations.person("national", country.country)
    certificates.revoke(certificate=revoked, reason="x", by=national)
    gone = organisations.post("mentor", country.here.centre, ends_on=localdate() - DAY).user
    make.certificate(gone, localdate() + 5 * DAY)

    assert reminders.remind() == 0


def test_mail_that_cannot_be_sent_goes_the_next_night(mentor, settings):
    make.certificate(mentor, localdate() + 5 * DAY)
    settings.EMAIL_BACKEND = "django.core.mail.backends.no_such.EmailBackend"
    with pytest.raises(ImportError):
        reminders.remind()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert reminders.remind() == 1


def test_command_says_what_it_did(mentor):
    make.certificate(mentor, localdate() + 5 * DAY)
    out = io.StringIO()

    call_command("remind_observers", stdout=out)

    assert out.getvalue() == "0 tests ended, 1 reminders sent.\n"
