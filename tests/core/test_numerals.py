from decimal import Decimal

import pytest
from django.utils import translation

from core.numerals import written


@pytest.mark.parametrize(
    ("value", "places", "change", "text"),
    [
        (62.5, 0, False, "63"),
        (-0.6, 1, False, "−0.6"),
        (-0.04, 1, False, "0.0"),
        (Decimal("-12.345"), 2, False, "−12.35"),
        (1234.5, 1, False, "1234.5"),
        (-2.5, None, False, "−2.5"),
        (-1000, None, False, "−1000"),
        (4.2, 1, True, "+4.2"),
        (-4.2, 1, True, "−4.2"),
        (0.04, 1, True, "0.0"),
    ],
)
def test_number_is_written_with_its_sign(value, places, change, text):
    with translation.override("en"):
        assert written(value, places, change=change) == text
