"""Certificates of observers: issued by a passed test, taken back with a reason."""

import datetime
import secrets

from django.db import transaction
from django.utils import timezone

from core import audit
from observation import policies
from observation.models import Certificate, CertificateRevocation, CodingRound
from organisations.models import User

# Without what is misread for something else: 30^16 codes, of which nobody guesses one.
ALPHABET, LENGTH = "23456789ABCDEFGHJKMNPQRSTVWXYZ", 16


def issue(*, round_: CodingRound) -> Certificate:
    """The certificate of a test that was passed today; call it within the test's transaction."""
    today = round_.finished_on or timezone.localdate()
    certificate = Certificate.objects.create(
        code=new_code(),
        round=round_,
        observer=round_.observer,
        version=round_.version,
        issued_on=today,
        valid_until=today + datetime.timedelta(days=round_.gate["valid_days"]),
    )
    audit.record("certificates.issue", certificate, by=None, detail={"round": str(round_.pk)})
    return certificate


def new_code() -> str:
    """A code for the public address that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


@transaction.atomic
def revoke(
    *, certificate: Certificate, reason: str, by: User, since: datetime.date | None = None
) -> CertificateRevocation:
    """Take ``certificate`` back from the day ``since`` on (today by default)."""
    since = since or timezone.localdate()
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    policies.certificate_stands(certificate)
    policies.revocation_has_reason(certificate, reason, since)
    revocation = CertificateRevocation.objects.create(
        certificate=certificate, reason=reason.strip(), since=since, by=by
    )
    audit.record("certificates.revoke", certificate, by=by, detail={"since": str(since)})
    return revocation
