import uuid

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Page
from wagtail.search import index

from cms.blocks import QuestionValue, StepBlock
from cms.fields import ContentField
from cms.models.toolkit import item_codes

WHY = "public content, the same for everyone"


class CurriculumIndexPage(Page):
    """All lessons."""

    not_scoped_because = WHY
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.LessonPage"]

    lead = models.CharField(_("in one sentence"), max_length=250)

    content_panels = [*Page.content_panels, FieldPanel("lead")]

    search_fields = [*Page.search_fields, index.SearchField("lead")]

    class Meta:
        verbose_name = _("curriculum")

    def get_context(self, request, *args, **kwargs):
        lessons = LessonPage.objects.child_of(self).live()
        return super().get_context(request, *args, **kwargs) | {"lessons": lessons}


class LessonPage(Page):
    """A lesson of some ten minutes, in steps. Anyone may read it; taking it needs an account."""

    not_scoped_because = WHY
    parent_page_types = ["cms.CurriculumIndexPage"]
    subpage_types: list[str] = []

    summary = models.CharField(_("in one sentence"), max_length=250)
    items = models.CharField(
        _("checklist items"), max_length=60, validators=[item_codes], help_text=_("LEN2, LEN3")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    steps = ContentField([("step", StepBlock())], verbose_name=_("steps"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("items"),
        FieldPanel("minutes"),
        FieldPanel("steps"),
    ]

    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("steps")]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    @cached_property
    def questions(self) -> dict[uuid.UUID, QuestionValue]:
        """The questions by block id, in order; a question has the same id in every language."""
        return {
            uuid.UUID(block.id): block.value
            for step in self.steps
            for block in step.value["content"]
            if block.block_type == "question"
        }

    @property
    def original(self) -> "LessonPage":
        """The lesson in the default language, to which records are tied; else this one."""
        default = Locale.get_default()
        if self.locale_id == default.pk:
            return self
        return self.get_translation_or_none(default) or self
