"""What to try in the room."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.questions import GROUP


class PracticeBlock(blocks.StructBlock):
    """A task for the next days: what to do, when, and how one knows that it went well."""

    title = blocks.CharBlock(label=_("task"), max_length=150)
    text = blocks.RichTextBlock(label=_("how"), features=["bold", "italic", "ul", "ol"])
    minutes = blocks.IntegerBlock(label=_("minutes"), min_value=1, max_value=60)
    sign = blocks.CharBlock(
        label=_("how you know that it went well"), required=False, max_length=250
    )

    class Meta:
        label = _("practice task")
        icon = "tasks"
        group = GROUP
        template = "cms/blocks/practice.html"
