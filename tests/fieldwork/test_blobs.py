"""Pictures: in parts, taken up where they stopped, whole by their hash, and bare."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core.files.storage import storages
from django.db import connection
from PIL import Image, PngImagePlugin

from core.bodies import Malformed
from fieldwork.actions import blobs
from fieldwork.models import Blob, BlobPart
from fieldwork.serializers import pictures
from tests.factories import field, organisations
from tests.factories.field import picture


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    files = "django.core.files.storage.FileSystemStorage"
    field_storage = {"BACKEND": files, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"field": field_storage}


def so_far(phone, name):
    answer = phone.browser.head(f"/api/field/blobs/{name}/")
    return answer["Upload-Offset"], answer["Upload-Complete"]


def stored(name: str) -> bytes:
    with storages["field"].open(blobs.file_name(name)) as file:
        return file.read()


def test_pictures_are_off_by_default(phone, settings):
    settings.FIELD_ATTACHMENTS = False

    answer = phone.upload(picture())

    assert (answer.status_code, answer.json()["code"]) == (404, "off")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_picture_in_parts_is_whole_with_the_last(phone, form):
    whole = picture(form)
    name, half = sha(whole), len(whole) // 2

    assert so_far(phone, name) == ("0", "?0")
    phone.upload(whole[:half], 0, name)
    assert so_far(phone, name) == (str(half), "?0")
    phone.upload(whole[half:], half, name)

    assert so_far(phone, name) == (str(len(whole)), "?1")
    assert stored(name) == whole
    assert BlobPart.objects.count() == 0
    assert Blob.objects.get().media_type == f"image/{form.lower()}"


def test_part_sent_twice_is_told_where_to_go_on(phone):
    whole = picture()
    name = sha(whole)
    phone.upload(whole[:100], 0, name)

    again = phone.upload(whole[:100], 0, name)

    assert (again.status_code, again["Upload-Offset"]) == (409, "100")


def test_part_after_the_end_changes_nothing(phone):
    whole = picture()
    phone.upload(whole)

    answer = phone.upload(b"more", len(whole), sha(whole))

    assert (answer.status_code, answer["Upload-Complete"]) == (200, "?1")
    assert stored(sha(whole)) == whole


def test_picture_with_another_hash_begins_again(phone):
    whole = picture()
    name = sha(whole)

    answer = phone.upload(whole[:-1] + b"x", 0, name, **{"Upload-Length": str(len(whole))})

    assert answer.status_code == 400
    assert so_far(phone, name) == ("0", "?0")


def test_picture_of_one_is_not_seen_by_another_and_stored_once(phone, room):
    other = field.Phone(organisations.person("mentor", room.get_parent()))
    whole = picture()
    phone.upload(whole)

    assert so_far(other, sha(whole)) == ("0", "?0")
    other.upload(whole)
    assert Blob.objects.count() == 2
    assert stored(sha(whole)) == whole


def test_picture_too_large_is_refused(phone, monkeypatch):
    whole = picture()
    monkeypatch.setattr(blobs, "MOST_BYTES", len(whole) - 1)

    assert phone.upload(whole).status_code == 413
    phone.upload(whole[:100], 0, sha(whole))
    assert phone.upload(whole[100:], 100, sha(whole)).status_code == 400
    assert BlobPart.objects.count() == 0


def test_too_many_begun_pictures_are_429(phone, monkeypatch):
    monkeypatch.setattr(blobs, "MOST_UNFINISHED", 1)
    answers = [phone.upload(b"x", 0, str(n) * 64).status_code for n in range(3)]

    assert answers == [200, 200, 429]


@pytest.mark.parametrize("headers", [{"Upload-Offset": "-1"}, {"Upload-Offset": "x"}])
def test_part_without_its_place_is_400(phone, headers):
    assert phone.upload(picture(), **headers).status_code == 400


def test_picture_signed_out_is_401(db):
    assert field.Phone().upload(picture()).status_code == 401


@pytest.mark.parametrize("name", ["0", "Z" * 64, "A" * 64, "0" * 65])
def test_name_that_is_no_hash_is_404(phone, name):
    assert phone.browser.head(f"/api/field/blobs/{name}/", follow=True).status_code == 404


def exif() -> Image.Exif:
    told = Image.Exif()
    told[0x010F] = "Invented phones"
    return told


def remark() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Location", "somewhere")
    return info


TELLING = {
    "JPEG with EXIF": lambda: picture(exif=exif()),
    "JPEG with XMP": lambda: picture(xmp=b"<x:xmpmeta/>"),
    "JPEG with a remark": lambda: picture(comment=b"who"),
    "PNG with EXIF": lambda: picture("PNG", exif=exif()),
    "PNG with a remark": lambda: picture("PNG", pnginfo=remark()),
    "JPEG with a file behind it": lambda: picture() + b"PK\x03\x04",
    "PNG with a file behind it": lambda: picture("PNG") + b"PK\x03\x04",
    "JPEG cut off": lambda: picture()[:-40],
    "PNG cut off": lambda: picture("PNG")[:-20],
    "PNG altered": lambda: picture("PNG").replace(b"IDAT", b"IDAU", 1),
    "JPEG without a picture": lambda: b"\xff\xd8\xff\xd9",
    "JPEG of its first bytes": lambda: b"\xff\xd8\xff",
    "PNG of its first bytes": lambda: b"\x89PNG\r\n\x1a\n",
    "GIF": lambda: picture("GIF"),
    "HTML": lambda: b"<html>",
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("what", TELLING)
def test_what_is_no_bare_picture_is_refused(what):
    with pytest.raises(Malformed):
        pictures.media_type(TELLING[what]())


@pytest.mark.parametrize("save", [{}, {"progressive": True}, {"quality": 95}, {"optimize": True}])
def test_bare_picture_is_taken(save):
    assert pictures.media_type(picture(**save)) == "image/jpeg"


def test_telling_picture_stores_nothing(phone, tmp_path):
    telling = picture(exif=exif())

    assert phone.upload(telling).status_code == 400
    assert Blob.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_pictures_stand_below_no_address():
    place = Path(conf.FIELD_BLOBS_ROOT)
    served = [conf.MEDIA_ROOT, conf.STATIC_ROOT, *conf.STATICFILES_DIRS]

    assert not any(place.is_relative_to(folder) for folder in served)


def test_parts_are_bytes_on_any_database(phone):
    phone.upload(b"\x00\xff", 0, "0" * 64)

    part = BlobPart.objects.get()
    assert bytes(part.content) == b"\x00\xff", connection.vendor
