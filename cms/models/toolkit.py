from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import CardStream
from cms.fields import ContentField

WHY = "public content, the same for everyone"

item_codes = RegexValidator(
    r"^[A-Z]{3}\d+(, ?[A-Z]{3}\d+)*$", _("Write codes such as LEN2, LEN3, with commas.")
)


class ToolkitIndexPage(Page):
    """All practice cards, by domain of the checklist."""

    not_scoped_because = WHY
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.PracticeCardPage"]

    lead = models.CharField(_("in one sentence"), max_length=250)

    content_panels = [*Page.content_panels, FieldPanel("lead")]

    search_fields = [*Page.search_fields, index.SearchField("lead")]

    class Meta:
        verbose_name = _("toolkit")

    def get_context(self, request, *args, **kwargs):
        cards = PracticeCardPage.objects.child_of(self).live()
        return super().get_context(request, *args, **kwargs) | {"cards": cards}


class PracticeCardPage(Page):
    """One thing to try, on one page, tied to items of the checklist by their codes."""

    not_scoped_because = WHY
    parent_page_types = ["cms.ToolkitIndexPage"]
    subpage_types: list[str] = []

    domain = models.CharField(
        _("domain"), max_length=60, help_text=_("As the checklist names it, such as Warmth.")
    )
    instrument = models.SlugField(
        _("instrument"),
        max_length=64,
        default="checklist",
        help_text=_("The code of the instrument that its items are of."),
    )
    items = models.CharField(
        _("checklist items"), max_length=60, validators=[item_codes], help_text=_("LEN2, LEN3")
    )
    summary = models.CharField(_("in one sentence"), max_length=250)
    body = ContentField(CardStream(), verbose_name=_("card"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("domain"),
        FieldPanel("instrument"),
        FieldPanel("items"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("domain"),
    ]

    class Meta:
        verbose_name = _("practice card")
        verbose_name_plural = _("practice cards")

    def clean(self) -> None:
        super().clean()
        if len(self.codes) != len(set(self.codes)):
            raise ValidationError({"items": _("Name each item once.")})

    @property
    def codes(self) -> list[str]:
        """The codes of the checklist items that this card helps with."""
        return [code.strip() for code in self.items.split(",") if code.strip()]
