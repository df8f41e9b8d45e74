"""What public pages need beyond Wagtail's own tags."""

from django import template
from django.utils.translation import get_language_info
from wagtail.models import Locale, Page

from cms import adapters

register = template.Library()


@register.simple_tag(takes_context=True)
def translation_url(context, page: Page, language: str) -> str:
    """The address of ``page`` in ``language``, else of that language's home page."""
    request = context.get("request")
    locale = Locale.objects.filter(language_code=language).first()
    if locale is None:
        return page.get_url(request)
    there = page.get_translations().live().filter(locale=locale).first()
    if there is None:
        homes = Page.objects.live().filter(depth=2, locale=locale)
        there = homes.first() or page
    return there.get_url(request)


@register.simple_tag(takes_context=True)
def crumbs(context, page: Page) -> list[tuple[str, str]]:
    """The pages above ``page`` and itself, the last without address, for the breadcrumb."""
    request = context.get("request")
    above = page.get_ancestors().filter(depth__gt=1)
    return [*((one.title, one.get_url(request)) for one in above), (page.title, "")]


@register.filter
def language_name(code: str) -> str:
    """The language ``code`` in its own words, for the captions menu of a film."""
    return get_language_info(code)["name_local"]


@register.filter
def may_edit(user) -> bool:
    """Whether the page may say how it is edited."""
    return user.is_authenticated and adapters.may_edit(user)
