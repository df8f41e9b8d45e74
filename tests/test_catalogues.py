"""The check of the catalogues sees what it should see; `make test` runs it on the real ones."""

import polib
import pytest

from config import catalogues


def entry(msgid="Save %(n)s", msgstr="Guardar %(n)s", **fields):
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **fields)


def complaints(*entries, fresh=None):
    catalogue = polib.POFile()
    catalogue.extend(entries)
    return [text.split(":")[0] for text in catalogues.complaints(catalogue, fresh)]


def test_complaints_about_a_complete_catalogue_are_none():
    assert complaints(entry(), fresh=[entry()]) == []


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (entry(msgstr=""), "not translated"),
        (entry(flags=["fuzzy"]), "fuzzy"),
        (entry(obsolete=True), "left over"),
        (entry(msgstr="Guardar %(m)s"), "other placeholders than the text has"),
        (entry(msgid="{n} rooms", msgstr="salas"), "other placeholders than the text has"),
    ],
)
def test_complaints_about_a_broken_entry_name_what_is_broken(broken, expected):
    assert complaints(broken) == [expected]


def test_complaints_about_a_text_that_the_code_says_and_the_catalogue_lacks():
    assert complaints(entry(), fresh=[entry(), entry(msgid="New", msgstr="")]) == ["missing"]


def test_complaints_about_a_text_that_the_code_no_longer_says():
    assert complaints(entry(), fresh=[]) == ["left over"]


def test_complaints_about_a_plural_that_leaves_the_number_out_are_none():
    plural = polib.POEntry(
        msgid="%(n)s visit",
        msgid_plural="%(n)s visits",
        msgstr_plural={0: "una visita", 1: "%(n)s visitas"},
    )

    assert complaints(plural) == []


def test_extract_finds_texts_of_code_and_of_templates(settings):
    if not catalogues.can_extract():
        pytest.skip("gettext is missing, on Debian: apt-get install gettext")
    texts = {one.msgid for one in catalogues.extract()}

    assert "national coordinator" in texts
    assert "This must be a SHA-2 in hexadecimal." in texts  # marked now, translated when shown
    assert not any("persona" in text for text in texts)


def test_collect_fills_english_with_the_texts_and_leaves_spanish_empty(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    fresh = polib.POFile()
    fresh.append(polib.POEntry(msgid="Save", occurrences=[("core/views.py", "")]))

    english, spanish = (catalogues.collect(code, fresh) for code in ("en", "es"))

    assert [one.msgstr for one in english] == ["Save"]
    assert [one.msgstr for one in spanish] == [""]
