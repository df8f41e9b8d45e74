"""Questions with one right answer."""

import uuid
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

GROUP = _("Exercise")


class ChoiceBlock(blocks.StructBlock):
    """One of the answers to choose from."""

    text = blocks.CharBlock(label=_("answer"), max_length=250)
    correct = blocks.BooleanBlock(label=_("this is the right one"), required=False)

    class Meta:
        label = _("answer")


class QuestionValue(blocks.StructValue):
    """A question as read by pages and lessons."""

    def options(self) -> Iterator[tuple[uuid.UUID, str, bool]]:
        """(id, text, whether it is right) of each answer; ids stay the same in every language."""
        for child in self["choices"].bound_blocks:
            yield uuid.UUID(child.id), child.value["text"], child.value["correct"]

    def is_right(self, choice: uuid.UUID) -> bool | None:
        """Whether ``choice`` is right, None where there is no such answer."""
        return {key: correct for key, _text, correct in self.options()}.get(choice)

    @property
    def right_answer(self) -> str:
        """The words of the right answer."""
        return next(text for _key, text, correct in self.options() if correct)


class QuestionBlock(blocks.StructBlock):
    """A question, two to five answers of which one is right, and why."""

    question = blocks.CharBlock(label=_("question"), max_length=300)
    choices = blocks.ListBlock(ChoiceBlock(), label=_("answers"), min_num=2, max_num=5)
    explanation = blocks.RichTextBlock(
        label=_("explanation"),
        features=["bold", "italic"],
        help_text=_("Shown after answering, whatever the answer."),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        if sum(choice["correct"] for choice in cleaned["choices"]) != 1:
            raise blocks.StructBlockValidationError(
                {"choices": ValidationError(_("Mark exactly one answer as the right one."))}
            )
        return cleaned

    class Meta:
        label = _("question")
        icon = "help"
        group = GROUP
        value_class = QuestionValue
        template = "cms/blocks/question.html"
