"""What parent visits do when they hear of facts from below."""

from visits.models import PublicRule

# Own starting value; published practice runs from 5 to 30.
MINIMUM_PARENTS = 10


def fill_defaults(sender, using: str, **kwargs) -> None:
    """Receiver of ``post_migrate``: the starting value once; what a programme changed stays."""
    rules = PublicRule.objects.using(using)
    rules.get_or_create(pk=1, defaults={"minimum_parents": MINIMUM_PARENTS})
