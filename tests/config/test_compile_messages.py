import polib
import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed


@pytest.fixture(autouse=True)
def forgotten(tmp_path):
    """Other tests read the catalogues of the house again."""
    translation_file_changed(None, tmp_path / "any.mo")
    yield
    translation_file_changed(None, tmp_path / "any.mo")


def test_process_that_compiles_reads_what_it_compiled(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalogue.append(polib.POEntry(msgid="Nobody said this before.", msgstr="Nadie lo dijo antes."))
    (tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    catalogue.save(str(tmp_path / "es" / "LC_MESSAGES" / "django.po"))
    with translation.override("es"):
        assert translation.gettext("Nobody said this before.") == "Nobody said this before."

    call_command("compile_messages", verbosity=0)

    with translation.override("es"):
        assert translation.gettext("Nobody said this before.") == "Nadie lo dijo antes."
