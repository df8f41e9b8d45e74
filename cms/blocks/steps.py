"""The families put together: what a card and a step of a lesson may hold."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.media import FilmBlock, PictureBlock
from cms.blocks.practice import PracticeBlock
from cms.blocks.questions import QuestionBlock
from cms.blocks.texts import ExampleBlock, TextBlock


class CardStream(blocks.StreamBlock):
    """The body of a practice card."""

    text = TextBlock()
    example = ExampleBlock()
    picture = PictureBlock()
    film = FilmBlock()
    practice = PracticeBlock()


class LessonStream(CardStream):
    """The content of one step of a lesson: what a card holds, and questions."""

    question = QuestionBlock()


class StepBlock(blocks.StructBlock):
    """One step of a lesson: a screen on a phone."""

    title = blocks.CharBlock(label=_("title"), max_length=100)
    content = LessonStream(label=_("content"))

    class Meta:
        label = _("step")
        icon = "list-ol"
