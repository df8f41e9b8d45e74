"""Pictures and films, never without their words."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

GROUP = _("Picture and film")


class PictureBlock(blocks.StructBlock):
    """A picture with its alternative text in the page's language and a line below it."""

    picture = ImageBlock(label=_("picture"))
    caption = blocks.CharBlock(label=_("line below"), required=False, max_length=250)

    class Meta:
        label = _("picture")
        icon = "image"
        group = GROUP
        template = "cms/blocks/picture.html"


class FilmBlock(blocks.StructBlock):
    """A film; its captions come with it, its transcript is in the page's language."""

    film = SnippetChooserBlock("cms.Film", label=_("film"))
    transcript = blocks.RichTextBlock(
        label=_("transcript"),
        features=["bold", "italic", "ul", "ol"],
        help_text=_("Everything that is said and shown, for who cannot watch or listen."),
    )

    class Meta:
        label = _("film")
        icon = "media"
        group = GROUP
        template = "cms/blocks/film.html"
