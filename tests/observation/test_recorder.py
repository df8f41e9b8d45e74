"""The recorder's files and words: what a script names must be there without a network."""

import re

import pytest

from fieldwork.texts import PLURALS, TEXTS
from fieldwork.texts import catalogue as field_catalogue
from observation.recorder import MODULE
from tests.files import ROOT

FOLDER = ROOT / "static" / "js" / "observation"
MOST = 64 * 1024  # bytes of all scripts as they are written, a fifth of that on the wire
SAID = re.compile(r'\b[tn]\(\s*"([a-z_]+)"|\?\s*t\("([a-z_]+)"\)|\[\["?([a-z_]+)", \{')
# Keys that a script puts together, by their beginnings
FAMILIES = {
    "sign_": {"look", "segment", "enough", "most"},
    "purpose_": {"formative", "official"},
    "state_": {"waiting", "sent", "held", "conflict", "refused", "gone"},
    "as_": {"one", "list"},
}


def scripts() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.js")}


def test_files_are_all_those_of_the_folder():
    named = {file for file in MODULE.files if file.endswith(".js")}

    assert named == {f"js/observation/{name}" for name in scripts()}
    assert all((ROOT / "static" / file).is_file() for file in MODULE.files)


def test_scripts_stay_small():
    assert sum(len(text.encode()) for text in scripts().values()) <= MOST


def test_each_key_that_a_script_says_has_a_text():
    said = {
        key for text in scripts().values() for found in SAID.findall(text) for key in found if key
    }
    known = {*MODULE.texts, *MODULE.plurals, *TEXTS, *PLURALS, "title"}

    assert len(said) > 60
    assert said - known == set()


@pytest.mark.parametrize(("beginning", "ends"), FAMILIES.items())
def test_each_key_that_is_put_together_has_a_text(beginning, ends):
    assert {f"{beginning}{end}" for end in ends} <= set(MODULE.texts)


@pytest.mark.parametrize("language", ["es", "en"])
def test_catalogue_leaves_the_places_of_plurals_open(language):
    one, many = field_catalogue(language)["observation.cycles_least"]

    assert "%(least)s" in one
    assert "%(have)s" in many
