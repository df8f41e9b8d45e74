"""Pictures from phones: JPEG or PNG with nothing in them but the picture.

Read part by part and never drawn: what is not known to belong to a picture (where, when and with
which phone it was taken, remarks, a second file behind the first) is refused.
"""

import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.bodies import Malformed

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
START_OF_SCAN, END = 0xDA, 0xD9
# Frames, tables, restart interval; JFIF and Adobe's word on colours
JPEG_PARTS = {*range(0xC0, 0xD0), 0xDB, 0xDD, 0xE0, 0xEE} - {0xC8}
COLOURS, COLOUR_PROFILE = 0xE2, b"ICC_PROFILE\0"
PNG_PARTS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"}
PNG_PARTS |= {b"sBIT", b"pHYs", b"bKGD"}


def media_type(content: bytes) -> str:
    """``image/jpeg`` or ``image/png``; ``Malformed`` says what else is in ``content``."""
    try:
        if content.startswith(JPEG):
            _check_jpeg(content)
            return "image/jpeg"
        if content.startswith(PNG):
            _check_png(content)
            return "image/png"
    except (IndexError, ValueError) as error:
        if isinstance(error, Malformed):
            raise
        raise _broken() from error
    raise Malformed("", _("Only pictures in JPEG or PNG are taken in."))


def _broken() -> Malformed:
    return Malformed("", _("The picture is broken."))


def _more() -> Malformed:
    return Malformed("", _("The picture tells more than what it shows. Send it without details."))


def _check_jpeg(content: bytes) -> None:
    at, seen = 2, set()
    while True:
        if content[at] != 0xFF:
            raise _broken()
        marker = content[at + 1]
        if marker == END:
            break
        length = int.from_bytes(content[at + 2 : at + 4])
        part = content[at + 4 : at + 2 + length]
        if length < 2 or len(part) != length - 2:
            raise _broken()
        profile = marker == COLOURS and part.startswith(COLOUR_PROFILE)
        if marker not in JPEG_PARTS and marker != START_OF_SCAN and not profile:
            raise _more()
        seen.add(marker)
        at += 2 + length
        if marker == START_OF_SCAN:
            at = _after_scan(content, at)
    if at + 2 != len(content):
        raise _more()
    if START_OF_SCAN not in seen:
        raise _broken()


def _after_scan(content: bytes, at: int) -> int:
    """Where the next part begins: FF inside a scan is followed by 0 or a restart marker."""
    while True:
        at = content.index(0xFF, at)
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        elif content[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _check_png(content: bytes) -> None:
    names = list(_png_parts(content))
    if not names or names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names:
        raise _broken()
    if set(names) - PNG_PARTS or names.count(b"IEND") > 1:
        raise _more()


def _png_parts(content: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while at < len(content):
        length = int.from_bytes(content[at : at + 4])
        part = content[at + 4 : at + 8 + length]
        check = content[at + 8 + length : at + 12 + length]
        if len(part) != length + 4 or check != zlib.crc32(part).to_bytes(4):
            raise _more() if b"IEND" in content[:at] else _broken()
        yield part[:4]
        at += 12 + length
