import pytest
from django.core.management import call_command
from django.utils import translation

from cms.models import PracticeCardPage
from cms.queries import practice_card


@pytest.fixture
def toolkit(db):
    call_command("load_content")


@pytest.mark.parametrize("language", ["es", "en"])
def test_practice_card_names_the_item_in_the_language_being_read(toolkit, language):
    code = PracticeCardPage.objects.live().first().codes[0]

    with translation.override(language):
        card = practice_card("checklist", code)

    assert code in card.codes
    assert card.locale.language_code == language


def test_practice_card_of_a_longer_code_is_another(toolkit):
    PracticeCardPage.objects.update(items="LEN12")

    assert practice_card("checklist", "LEN1") is None
    assert practice_card("checklist", "LEN12") is not None


def test_practice_card_of_another_instrument_is_another(toolkit):
    PracticeCardPage.objects.update(items="LEN2", instrument="other")

    assert practice_card("checklist", "LEN2") is None
    assert practice_card("other", "LEN2") is not None


def test_practice_card_that_is_not_published_is_not_offered(toolkit):
    PracticeCardPage.objects.update(items="LEN2", live=False)

    assert practice_card("checklist", "LEN2") is None
