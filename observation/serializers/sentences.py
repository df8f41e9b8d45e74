"""What pydantic finds wrong, in sentences that name the entry by its path."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "missing": _("“%(entry)s” is missing."),
    "extra_forbidden": _("“%(entry)s” is not known."),
    "string_type": _("“%(entry)s” must be a text."),
    "string_pattern_mismatch": _("“%(entry)s” holds a character that cannot be kept."),
    "string_too_short": _("“%(entry)s” is empty."),
    "string_too_long": _("“%(entry)s” may have %(max_length)s letters at most."),
    "too_short": _("“%(entry)s” is empty."),
    "too_long": _("“%(entry)s” may have %(max_length)s entries at most."),
    "list_type": _("“%(entry)s” must be a list."),
    "dict_type": _("“%(entry)s” must be a table."),
    "model_type": _("“%(entry)s” must be a table."),
    "literal_error": _("“%(entry)s” must be one of: %(expected)s."),
    "enum": _("“%(entry)s” must be one of: %(expected)s."),
    "bool_type": _("“%(entry)s” must be true or false."),
    "int_type": _("“%(entry)s” must be a whole number."),
    "int_from_float": _("“%(entry)s” must be a whole number."),
    "greater_than_equal": _("“%(entry)s” must be %(ge)s or more."),
    "less_than_equal": _("“%(entry)s” must be %(le)s or less."),
    "decimal_type": _("“%(entry)s” must be a number."),
    "decimal_parsing": _("“%(entry)s” must be a number."),
    "decimal_max_places": _("“%(entry)s” may have %(decimal_places)s decimals at most."),
    "value_error": _("“%(entry)s”: %(error)s"),
}


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong with an entry, named by its path; entries of lists count from 1."""
    context = {"entry": path(error["loc"]), **error.get("ctx", {})}
    if "expected" in context:
        context["expected"] = context["expected"].replace("'", "").replace(" or ", ", ")
    known = SENTENCES.get(error["type"], _("“%(entry)s” cannot be read."))
    return known % context


def path(steps: tuple[int | str, ...]) -> str:
    """("items", 0, "code") as “items.1.code”."""
    counted = [step + 1 if isinstance(step, int) else step for step in steps]
    return ".".join(str(step) for step in counted if step != "[key]")
