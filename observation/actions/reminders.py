"""Mails before a certificate ends: to the observer, and to those who answer for her."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from observation.models import Certificate, CertificateReminder
from observation.queries import certification, observers
from organisations.models import User

Due = tuple[Certificate, int]  # a certificate, and the number of days before its end that is due


def remind(*, on: datetime.date | None = None) -> int:
    """Write once to each person for each step of the gate that is due; how many mails that were.

    Only the step nearest the end counts, so that a command that did not run for weeks sends one
    mail, not three. Nobody is written to of a certificate that was renewed or taken back.
    """
    day = on or timezone.localdate()
    due = list(_due(day))
    answering = observers.answering_for(certificate.observer for certificate, _days in due)
    waiting: dict[tuple[int, bool], tuple[User, list[Due]]] = {}
    for certificate, days in due:
        own = certificate.observer
        for person in (own, *answering.get(own.pk, [])):
            waiting.setdefault((person.pk, person == own), (person, []))[1].append(
                (certificate, days)
            )
    return sum(_write(person, rows, own) for (_pk, own), (person, rows) in waiting.items())


def _due(day: datetime.date) -> Iterable[Due]:
    steps: dict[int, list[int]] = {}
    for certificate in certification.last_in_force(day):
        instrument = certificate.version.instrument
        if instrument.pk not in steps:
            steps[instrument.pk] = certification.gate_of(instrument).reminder_days
        left = (certificate.valid_until - day).days
        if passed := [days for days in steps[instrument.pk] if left <= days]:
            yield certificate, min(passed)


@transaction.atomic
def _write(person: User, due: list[Due], own: bool) -> int:
    """One mail about those of ``due`` of which ``person`` was not told yet; 1 if there was one."""
    # Two commands at once: the second waits here, and then finds that all is told.
    User.objects.select_for_update().get(pk=person.pk)
    ids = [certificate.pk for certificate, _days in due]
    told = set(
        CertificateReminder.objects.filter(recipient=person, certificate__in=ids).values_list(
            "certificate", "days_before"
        )
    )
    new = [(certificate, days) for certificate, days in due if (certificate.pk, days) not in told]
    if not new or not person.is_active:
        return 0
    CertificateReminder.objects.bulk_create(
        CertificateReminder(certificate=certificate, recipient=person, days_before=days)
        for certificate, days in new
    )
    with translation.override(settings.LANGUAGE_CODE):
        certificates = [certificate for certificate, _days in new]
        subject, text = _to_herself(certificates) if own else _to_coordinator(certificates)
        # Within the transaction: if it cannot be sent, it counts as not told and goes tomorrow.
        send_mail(subject, text, None, [person.email])
    return 1


def _to_herself(certificates: list[Certificate]) -> tuple[str, str]:
    lines = "\n".join(
        _("%(instrument)s: until %(day)s")
        % {
            "instrument": certificate.version.instrument,
            "day": date_format(certificate.valid_until, "DATE_FORMAT"),
        }
        for certificate in certificates
    )
    text = _(
        "Your certificate as an observer ends soon:\n\n%(lines)s\n\n"
        "Practise and take the test in time, so that your sessions go on counting:\n\n%(address)s"
    )
    return _("Trenza: renew your certificate as an observer"), text % {
        "lines": lines,
        "address": _address("certification_home"),
    }


def _to_coordinator(certificates: list[Certificate]) -> tuple[str, str]:
    lines = "\n".join(
        _("%(person)s, %(instrument)s: until %(day)s")
        % {
            "person": certificate.observer,
            "instrument": certificate.version.instrument,
            "day": date_format(certificate.valid_until, "DATE_FORMAT"),
        }
        for certificate in certificates
    )
    subject = ngettext(
        "Trenza: the certificate of %(count)s observer ends soon",
        "Trenza: the certificates of %(count)s observers end soon",
        len(certificates),
    )
    text = _(
        "These certificates end soon:\n\n%(lines)s\n\n"
        "Give them time to practise and to take the test. All your observers:\n\n%(address)s"
    )
    return subject % {"count": len(certificates)}, text % {
        "lines": lines,
        "address": _address("observer_list"),
    }


def _address(name: str) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(f"observation:{name}")
