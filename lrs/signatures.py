"""Signed statements: xAPI 1.0.3, Part Two, 2.6; 2.0, 4.2.6."""

from typing import Any

import jwt
from cryptography import x509
from django.utils.translation import gettext as _

from lrs.sameness import fingerprint
from lrs.validation import Malformed, check_statement, parse

USAGE = "http://adlnet.gov/expapi/attachments/signature"
ALGORITHMS = ("RS256", "RS384", "RS512")
# What a header of anybody's making can lead to
UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, LookupError, AttributeError)


def check(statement: dict[str, Any], signature: bytes) -> None:
    """Refuse ``signature`` unless it is a JWS of ``statement``, by its certificate if any."""
    where = "attachments"
    try:
        header = jwt.get_unverified_header(signature)
        key = _public_key(header)
        decoded = jwt.PyJWS(options={"verify_signature": key is not None}).decode_complete(
            signature, key or "", algorithms=ALGORITHMS
        )
    except UNREADABLE as wrong:
        raise Malformed(
            where, _("The signature cannot be read or does not hold: %(why)s.") % {"why": wrong}
        ) from None
    if header.get("alg") not in ALGORITHMS:
        raise Malformed(where, _("Sign with RS256, RS384 or RS512."))
    signed = parse(decoded["payload"], exact=True)
    check_statement(signed, "signed", version="2.0.0")
    if fingerprint(_bare(signed)) != fingerprint(_bare(statement)):
        raise Malformed(where, _("The signature is of another statement."))


def signed(signature: bytes) -> dict[str, Any] | None:
    """The statement within ``signature``, whether it holds or not; None where there is none."""
    try:
        decoded = jwt.PyJWS(options={"verify_signature": False}).decode_complete(signature)
        value = parse(decoded["payload"], exact=True)
        check_statement(value, "signed", version="2.0.0")
    except UNREADABLE:
        return None
    return value


def _public_key(header: dict[str, Any]) -> Any:
    """Of the first certificate in the header, if there is one."""
    if "x5c" not in header:
        return None
    pem = f"-----BEGIN CERTIFICATE-----\n{header['x5c'][0]}\n-----END CERTIFICATE-----\n"
    return x509.load_pem_x509_certificate(pem.encode()).public_key()


def _bare(statement: dict[str, Any]) -> dict[str, Any]:
    """As it was before the signature was attached to it."""
    others = [a for a in statement.get("attachments", ()) if a.get("usageType") != USAGE]
    bare = {name: value for name, value in statement.items() if name != "attachments"}
    return bare | {"attachments": others} if others else bare
