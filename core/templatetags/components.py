"""Small templates with declared attributes; an unknown or missing attribute is an error.

``{% component "button" label=_("Save") kind="primary" %}`` renders
``templates/components/button.html``. One declared with ``body=True`` takes what stands up to
``{% endcomponent %}`` and prints it as ``{{ body }}``.
"""

from dataclasses import dataclass, field

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs

register = template.Library()

REQUIRED = object()


@dataclass(frozen=True)
class Component:
    """What a component takes: attribute names with defaults (REQUIRED has none)."""

    attributes: dict[str, object] = field(default_factory=dict)
    body: bool = False
    says: str = ""


COMPONENTS: dict[str, Component] = {}


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
