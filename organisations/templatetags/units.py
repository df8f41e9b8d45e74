"""``{% unit_label unit plural=True %}``: what a unit's kind is called where it lies."""

from django import template

from organisations import jurisdiction, labels
from organisations.models import Unit

register = template.Library()


@register.simple_tag(takes_context=True)
def unit_label(context, unit_or_kind, plural: bool = False, at: Unit | None = None) -> str:
    """The word for a unit's kind, or for a kind ("centre") as used at the unit ``at``.

    Without ``at``, a kind is called as where the reader has her post.
    """
    request = context.get("request")
    if isinstance(unit_or_kind, Unit):
        kind, path = unit_or_kind.kind, unit_or_kind.path
    else:
        kind, path = unit_or_kind, at.path if at else _path_of_reader(request)
    label = labels.resolve(labels.of_request(request), kind, path)
    return str(label.plural if plural else label.singular)


def _path_of_reader(request) -> str:
    user = getattr(request, "user", None)
    return jurisdiction.home_path(user) if user is not None else ""
