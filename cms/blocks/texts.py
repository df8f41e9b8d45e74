"""Words."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

GROUP = _("Text")
FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and links."""

    def __init__(self, **kwargs):
        super().__init__(features=FEATURES, **kwargs)

    class Meta:
        label = _("text")
        icon = "pilcrow"
        group = GROUP
        template = "cms/blocks/text.html"


class ExampleBlock(blocks.StructBlock):
    """What somebody says or does, word for word, set apart from the explanation."""

    heading = blocks.CharBlock(label=_("heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("text"), features=["bold", "italic", "ul", "ol"])

    class Meta:
        label = _("example")
        icon = "openquote"
        group = GROUP
        template = "cms/blocks/example.html"
