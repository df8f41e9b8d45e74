import uuid
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cms.blocks import QuestionValue


class AnswerForm(forms.Form):
    """One question as a choice of answers."""

    choice = forms.TypedChoiceField(
        coerce=uuid.UUID,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("This answer has changed. Choose one of those shown here."),
        },
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        question_id: uuid.UUID,
        question: QuestionValue,
        initial: dict[str, str] | None = None,
    ):
        super().__init__(data, auto_id=f"id_{question_id}_%s", initial=initial)
        field = cast(forms.TypedChoiceField, self.fields["choice"])
        field.label = question["question"]
        field.choices = [(str(key), text) for key, text, _correct in question.options()]
