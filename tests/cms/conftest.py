import pytest
from django.core.management import call_command


@pytest.fixture
def content(db, settings, tmp_path):
    """The pages that Trenza ships, in both languages."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    call_command("load_content")
