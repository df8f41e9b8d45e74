"""Secrets that must be read again, to be sent to others: encrypted with a key of the settings'.

A copy of the database alone opens no other store.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):  # noqa: N818 — says what the secret is
    """It was sealed with another SECRET_KEY."""


def seal(secret: str) -> bytes:
    return _fernet().encrypt(secret.encode())


def unseal(sealed: bytes) -> str:
    """What was sealed. Raises ``Unreadable``."""
    try:
        return _fernet().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise Unreadable from None


def _fernet() -> MultiFernet:
    """Seals with the key of today and reads with those before it."""
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lrs.sealing")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
