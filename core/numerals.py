"""Numbers as people read them: for pages and drawings, not for files that programs read."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

MINUS = "\u2212"


def written(value: float | Decimal, places: int | None = None, *, change: bool = False) -> str:
    """``value`` in the reader's language with ``places`` decimals, or as short as it is.

    A minus is a minus, not a hyphen, which is short and lets the line break. A ``change`` says its
    plus too.
    """
    if places is None:
        rounded = Decimal(f"{value:.6g}" if value % 1 else int(value))
    else:
        # number_format cuts off; round to even would say 62 where floatformat says 63.
        rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = str(number_format(abs(rounded), places))
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if change and rounded > 0 else text
