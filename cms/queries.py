"""Questions asked of the toolkit in more than one place."""

from django.conf import settings
from django.utils.translation import get_language

from cms.models import PracticeCardPage


def practice_card(instrument: str, item: str) -> PracticeCardPage | None:
    """The first practice card that names the item ``item`` of ``instrument`` (their codes).

    In the language being read, else in another of the house.
    """
    named = (
        PracticeCardPage.objects.live().public().filter(instrument=instrument, items__contains=item)
    )
    cards = [card for card in named.select_related("locale").order_by("path") if item in card.codes]
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    cards.sort(key=lambda card: card.locale.language_code != language)
    return cards[0] if cards else None
