"""What certification puts on the signed-in home page."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from observation.models import InstrumentVersion
from observation.queries import certification, observers
from organisations.home import NextStep
from organisations.models import User


def own(user: User) -> Iterator[NextStep]:
    """Her open test, or the certificate that she lacks or that ends soon."""
    today = timezone.localdate()
    for version in certification.newest_to_certify():
        if test := certification.open_test(user, version):
            yield _step(
                _("Go on with your test: %(instrument)s"),
                version,
                reverse("observation:test_detail", args=[test.pk]),
                timezone.localdate(test.deadline) if test.deadline else None,
            )
            continue
        held = certification.held_by(user, version, today)
        home = reverse("observation:certification_home")
        if held is None:
            yield _step(_certify(user, version), version, home, None)
        elif held.valid_until - today <= _soon(version):
            words = _("Renew your certificate: %(instrument)s")
            yield _step(words, version, home, held.valid_until)


def of_others(user: User) -> Iterator[NextStep]:
    """How many observers, for whom she answers, have a certificate that ends soon."""
    versions = certification.newest_to_certify()
    if not versions:
        return
    soon = max(_soon(version) for version in versions).days
    rows = observers.with_states(observers.observers_of(user), timezone.localdate(), soon)
    count = rows.filter(state="expiring").exclude(pk=user.pk).count()
    if count:
        yield NextStep(
            text=ngettext(
                "%(count)s observer has to renew her certificate",
                "%(count)s observers have to renew their certificates",
                count,
            )
            % {"count": count},
            url=reverse("observation:observer_list") + "?state=expiring",
            action=_("See who"),
            strand="observation",
            detail=_("Certificates that end within %(days)s days.") % {"days": soon},
        )


def _certify(user: User, version: InstrumentVersion) -> str:
    hers = certification.certificates_of(user).filter(version__instrument=version.instrument_id)
    if hasattr(hers.first(), "revocation"):
        return _("Your certificate was revoked. See why, and certify again: %(instrument)s")
    return _("Certify as an observer: %(instrument)s")


def _soon(version: InstrumentVersion) -> datetime.timedelta:
    gate = certification.gate_of(version.instrument)
    return datetime.timedelta(days=max(gate.reminder_days, default=0))


def _step(words: str, version: InstrumentVersion, url: str, due: datetime.date | None) -> NextStep:
    return NextStep(
        text=words % {"instrument": version.instrument},
        url=url,
        action=_("Go on"),
        strand="observation",
        due=due,
    )
