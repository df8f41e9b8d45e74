"""Small templates with declared attributes; an unknown or missing attribute is an error.

``{% component "button" label=_("Save") kind="primary" %}`` renders
``templates/components/button.html``. One declared with ``body=True`` takes what stands up to
``{% endcomponent %}`` and prints it as ``{{ body }}``.
"""

from dataclasses import dataclass, field

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.numerals import written
from core.tables import label_cells

register = template.Library()
register.filter(label_cells)

REQUIRED = object()


@dataclass(frozen=True)
class Component:
    """What a component takes: attribute names with defaults (REQUIRED has none)."""

    attributes: dict[str, object] = field(default_factory=dict)
    body: bool = False
    says: str | Promise = ""


# Each template in templates/components/ has its entry here, and the gallery shows it.
COMPONENTS: dict[str, Component] = {
    "button": Component(
        {
            "label": REQUIRED,
            "href": "",
            "kind": "primary",
            "name": "",
            "value": "",
            "form": "",
            "icon": "",
            "id": "",
            "busy": "",
        },
        says=_(
            "A link when it has an address, else a submit button. Kinds: primary (one per page), "
            "secondary, quiet, danger. “busy” is what it says while the form is being sent."
        ),
    ),
    "card": Component(
        {"title": "", "level": 2, "strand": "", "href": "", "badge": True},
        body=True,
        says=_(
            "One thing with its title and actions; the edge shows its strand, and a badge names "
            "it unless the page or the title already does (badge=False)."
        ),
    ),
    "strand_badge": Component(
        {"strand": REQUIRED, "label": ""},
        says=_("The strand by colour, shape and word: mentoring, observation or families."),
    ),
    "status_badge": Component(
        {"label": REQUIRED, "status": "info"},
        says=_("A state by colour, icon and word. Statuses: good, caution, problem, info."),
    ),
    "notice": Component(
        {"title": "", "status": "info", "level": 2, "role": ""},
        body=True,
        says=_("A message within the page: good, caution, problem or info."),
    ),
    "progress": Component(
        {"label": REQUIRED, "value": None, "total": 100, "poll": "", "every": 2},
        says=_(
            "For waits of more than two seconds. With an address to poll it asks again by itself "
            "and can be asked by hand without JavaScript."
        ),
    ),
    "stat": Component(
        {
            "label": REQUIRED,
            "value": None,
            "n": None,
            "low": None,
            "high": None,
            "unit": "",
            "decimals": 1,
            "reason": "",
            "strand": "",
            "change": False,
        },
        says=_(
            "A figure with its count and interval, or “insufficient data” with the reason. One "
            "that is a change says its plus (change=True)."
        ),
    ),
    "chart": Component(
        {"chart": REQUIRED, "table_open": False, "level": 2},
        says=_("A chart of core/charts as a figure, with its rows in a table beside it."),
    ),
    "table": Component(
        {"caption": REQUIRED, "hide_caption": False},
        body=True,
        says=_(
            "A table; on a narrow screen each row is a block and each cell says its column. The "
            "body is thead and tbody."
        ),
    ),
    "breadcrumb": Component(
        {"items": REQUIRED},
        says=_("Where this page lies: pairs of text and address; the last without address."),
    ),
    "page_header": Component(
        {"title": REQUIRED, "lead": "", "strand": "", "crumbs": None},
        says=_("The title of a page, what it is for and what to do next; the only h1."),
    ),
    "empty_state": Component(
        {"title": REQUIRED, "text": "", "href": "", "action": "", "level": 2},
        says=_("Where a list would be: why it is empty and what to do."),
    ),
    "facts": Component(
        {"items": REQUIRED},
        says=_("Pairs of name and value, such as date, room and observer."),
    ),
    "step_list": Component(
        {"steps": REQUIRED, "label": REQUIRED, "strand": ""},
        says=_(
            "Steps in order; each has label, state (done, current, todo) and may have detail "
            "and href."
        ),
    ),
    "pagination": Component(
        {"page": REQUIRED, "query": "", "parameter": "page"},
        says=_("Previous and next page; “query” keeps the filters: “room=3”."),
    ),
    "field": Component(
        {"field": REQUIRED},
        says=_("A form field with label, help and error tied together for screen readers."),
    ),
    "error_summary": Component(
        {"form": REQUIRED},
        says=_("At the top of a form that came back: what to correct, each with a link."),
    ),
    "icon": Component(
        {"name": REQUIRED, "label": ""},
        says=_("A drawing of static/icons/sprite.svg; without a label it is decoration."),
    ),
    "picture": Component(
        {"name": REQUIRED, "alt": ""},
        says=_("An illustration of static/icons/: picture-mentoring, -observation, -families."),
    ),
}


class ComponentNode(Node):
    def __init__(self, name: str, attributes: dict[str, FilterExpression], body: NodeList | None):
        self.name, self.attributes, self.body = name, attributes, body

    def render(self, context) -> str:
        values = {
            key: default
            for key, default in COMPONENTS[self.name].attributes.items()
            if default is not REQUIRED
        }
        values |= {key: value.resolve(context) for key, value in self.attributes.items()}
        if self.body is not None:
            values["body"] = self.body.render(context)
        file = context.template.engine.get_template(f"components/{self.name}.html")
        return file.render(context.new(values | {"request": context.get("request")}))


@register.tag("component")
def component(parser: Parser, token: Token) -> ComponentNode:
    """Parse ``{% component "name" attribute=value … %}``."""
    bits = token.split_contents()[1:]
    name = bits.pop(0).strip("\"'") if bits else ""
    declared = COMPONENTS.get(name)
    if declared is None:
        raise template.TemplateSyntaxError(f"There is no component “{name}”.")
    attributes = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"Component “{name}”: cannot read {bits[0]!r}.")
    if unknown := set(attributes) - set(declared.attributes):
        raise template.TemplateSyntaxError(
            f"Component “{name}” has no attribute {', '.join(sorted(unknown))}."
        )
    needed = {key for key, default in declared.attributes.items() if default is REQUIRED}
    if missing := needed - set(attributes):
        raise template.TemplateSyntaxError(
            f"Component “{name}” needs {', '.join(sorted(missing))}."
        )
    body = None
    if declared.body:
        body = parser.parse(("endcomponent",))
        parser.delete_first_token()
    return ComponentNode(name, attributes, body)


@register.simple_tag
def numeral(value: float, decimals: int, change: bool = False) -> str:
    """A number as pages show it; a change says its plus."""
    return written(value, decimals, change=change)


@register.simple_tag
def trenza_version() -> str:
    """The version of the code that runs, for the footer."""
    return settings.VERSION
