import gzip
import hashlib
import json
import re
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext_lazy

from fieldwork import modules
from fieldwork.modules import Module
from fieldwork.texts import PLURALS, TEXTS, catalogue
from organisations.roles import RoleCode
from tests.factories import organisations as make

MOST = 150_000  # bytes on the wire, in all


def get(client, path: str) -> bytes:
    if path.startswith(settings.STATIC_URL):
        return Path(finders.find(path.removeprefix(settings.STATIC_URL))).read_bytes()
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content


def kept(client) -> dict[str, str]:
    worker = get(client, reverse("field:worker")).decode()
    return json.loads(re.match(r"const KEPT = (.*?);\n//", worker, re.DOTALL)[1])["files"]


def test_worker_keeps_each_file_by_the_hash_of_what_it_holds(client):
    files = kept(client)

    found = {path: hashlib.sha256(get(client, path)).hexdigest() for path in files}

    assert found == files
    assert {"/campo/", "/campo/textos/es.json", "/campo/textos/en.json"} <= set(files)


def test_worker_keeps_all_that_its_scripts_import(client):
    files = kept(client)
    scripts = [path for path in files if path.endswith(".js")]

    missing = [
        f"{path}: {name}"
        for path in scripts
        for name in re.findall(
            r'^import .*?from "(\..*?)";', get(client, path).decode(), re.MULTILINE
        )
        if re.sub(r"/\w+/\.\./", "/", f"{path.rsplit('/', 1)[0]}/{name}".replace("/./", "/"))
        not in files
    ]

    assert missing == []


def test_page_with_all_it_needs_weighs_less_than_promised(client):
    paths = [*kept(client), reverse("field:worker")]

    weight = sum(len(gzip.compress(get(client, path))) for path in paths)

    assert weight < MOST


def test_worker_is_asked_for_anew_each_time_and_answers_for_its_folder(client):
    answer = client.get(reverse("field:worker"))

    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert reverse("field:worker").startswith(reverse("field:page"))


def test_page_is_the_same_for_everybody_and_sets_no_cookie(client, country):
    anonymous = client.get(reverse("field:page"))
    client.force_login(
        make.person(RoleCode.MENTOR, country.here.centre),
        "allauth.account.auth_backends.AuthenticationBackend",
    )

    mentor = client.get(reverse("field:page"), headers={"accept-language": "en"})

    assert mentor.content == anonymous.content
    assert not anonymous.cookies


def test_page_obeys_the_content_policy(client):
    answer = client.get(reverse("field:page"))

    assert "unsafe" not in answer["Content-Security-Policy"]
    assert re.search(rb"<script(?![^>]*(src=|application/json))", answer.content) is None


def test_manifest_makes_the_page_installable(client):
    told = json.loads(get(client, reverse("field:manifest")))

    assert (told["start_url"], told["scope"], told["display"]) == (
        "/campo/",
        "/campo/",
        "standalone",
    )
    for icon in told["icons"]:
        content = get(client, icon["src"])
        width, height = struct.unpack(">II", content[16:24])
        assert (content[:4], icon["sizes"]) == (b"\x89PNG", f"{width}x{height}")


@pytest.mark.parametrize("language", ["es", "en"])
def test_catalogue_has_every_text_with_its_plurals_open(language):
    said = catalogue(language)

    assert {*TEXTS, *PLURALS} <= set(said)
    assert [len(said[key]) for key in PLURALS] == [2] * len(PLURALS)
    assert all("%(n)s" in said[key][1] for key in PLURALS)
    assert all(said.values())


def test_texts_of_a_language_that_is_not_spoken_are_not_there(client):
    assert client.get(reverse("field:texts", args=["fr"])).status_code == 404


def test_scripts_say_only_what_the_catalogue_has():
    said = catalogue("en")
    folder = settings.BASE_DIR / "static" / "js" / "field"
    keys = {
        key
        for file in folder.glob("*.js")
        for key in re.findall(r'\b(?:texts|named)\("(\w+)"', file.read_text(encoding="utf-8"))
    }
    codes = {
        f"error_{code}"
        for file in folder.glob("*.js")
        for code in re.findall(
            r'FieldError\((?:stored \? )?"(\w+)"', file.read_text(encoding="utf-8")
        )
    }

    assert len(keys) > 30
    assert (keys | codes) - set(said) == set()


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(modules, "_modules", {})


def test_module_brings_its_texts_under_its_name(registry):
    modules.register(
        Module(
            "walks",
            script="js/walks.js",
            title=gettext_lazy("Walks"),
            texts={"begin": gettext_lazy("Begin")},
            plurals={
                "steps": ngettext_lazy("%(n)s step of %(name)s", "%(n)s steps of %(name)s", "n")
            },
        )
    )

    said = catalogue("en")

    assert (said["walks.title"], said["walks.begin"]) == ("Walks", "Begin")
    assert said["walks.steps"] == ["%(n)s step of %(name)s", "%(n)s steps of %(name)s"]


def test_module_that_is_registered_again_is_harmless_and_another_of_its_name_is_not(registry):
    modules.register(Module("walks", script="js/walks.js", title="Walks"))
    modules.register(Module("walks", script="js/walks.js", title="Walks"))

    with pytest.raises(ValueError, match="Two modules of the field are called walks"):
        modules.register(Module("walks", script="js/other.js", title="Walks"))

    assert [one.script for one in modules.modules()] == ["js/walks.js"]


def test_page_that_misses_a_file_says_which(registry, client):
    modules.register(Module("walks", script="js/walks.js", title="Walks"))

    with pytest.raises(FileNotFoundError, match=r"static/js/walks\.js"):
        client.get(reverse("field:worker"))


@pytest.mark.parametrize(
    ("role", "shown"),
    [(RoleCode.MENTOR, True), (RoleCode.CAREGIVER, False), (RoleCode.WITNESS, False)],
)
def test_menu_leads_to_the_field_for_those_who_record(client, country, role, shown):
    client.force_login(
        make.person(role, country.here.centre),
        "allauth.account.auth_backends.AuthenticationBackend",
    )

    page = client.get(reverse("home")).content.decode()

    assert (f'href="{reverse("field:page")}"' in page) == shown
