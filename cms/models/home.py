from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import CardStream
from cms.fields import ContentField

WHY = "public content, the same for everyone"


class HomePage(Page):
    """The public front page: what Trenza is and for whom."""

    not_scoped_because = WHY
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ToolkitIndexPage", "cms.CurriculumIndexPage"]
    max_count = None  # one per language; the tree sees to that

    lead = models.CharField(_("in one sentence"), max_length=250)
    mentoring = models.TextField(_("what mentors do"))
    observation = models.TextField(_("what the checklist shows"))
    families = models.TextField(_("what families see"))
    body = ContentField(CardStream(), blank=True, verbose_name=_("more"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("mentoring"),
        FieldPanel("observation"),
        FieldPanel("families"),
        FieldPanel("body"),
    ]

    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        children = self.get_children().live().in_menu().specific()
        return super().get_context(request, *args, **kwargs) | {"sections": children}
