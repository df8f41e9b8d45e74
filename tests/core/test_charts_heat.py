import re

import pytest

from core import charts
from core.charts.heat import tint


def drawn(columns: int, rows: int = 2) -> charts.Chart:
    made = [
        charts.Row(f"CAL{n}", f"CAL{n} Warm", [1.5] * columns, 0, 3) for n in range(1, rows + 1)
    ]
    return charts.heat("Items", [f"0{n % 9}/26" for n in range(columns)], made)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, 0), (0, 1), (0.59, 1), (0.61, 2), (1.5, 3), (2.9, 5), (3, 5), (9, 5), (-1, 1)],
)
def test_tint_follows_the_place_on_the_scale(value, expected):
    assert tint(value, 0, 3) == expected


def test_a_scale_without_a_range_has_no_tint():
    assert tint(1, 1, 1) == 0


def test_each_cell_has_its_figure_in_the_drawing_and_in_the_table():
    chart = charts.heat(
        "Items",
        ["01/26", "02/26"],
        [charts.Row("CAL1", "CAL1 Warm", [2.25, None], 0, 3)],
        heads=["January", "February"],
    )

    assert re.findall(r'class="heat heat-(\d)"', chart.wide) == ["4", "0"]
    assert re.findall(r'class="heat-value"[^>]*>([^<]+)<', chart.wide) == ["2.3", "–"]
    assert (chart.columns, chart.rows) == (
        ["What", "January", "February"],
        [["CAL1 Warm", "2.3", "–"]],
    )


def test_a_narrow_place_has_the_columns_in_bands():
    chart = drawn(12)

    labels = re.findall(r">(0\d/26)<", chart.narrow)
    assert len(labels) == 12
    # Of twelve columns with words of five letters a wide place holds ten, a narrow one six.
    assert (chart.wide.count(">CAL1<"), chart.narrow.count(">CAL1<")) == (2, 2)
    assert drawn(8).wide.count(">CAL1<") == 1
    assert drawn(8).narrow.count(">CAL1<") == 2
    ends = [
        float(x) + float(w)
        for x, w in re.findall(r'x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', chart.narrow)
    ]
    assert max(ends) <= 320


@pytest.mark.parametrize(("columns", "rows"), [(0, 0), (0, 3), (1, 0), (36, 24), (1, 1)])
def test_any_size_can_be_drawn(columns, rows):
    chart = drawn(columns, rows)

    assert len(chart.rows) == rows
    assert "<svg" in chart.narrow


def test_words_of_others_are_escaped():
    row = charts.Row("<b>", "<script>", [1], 0, 3)

    chart = charts.heat("<i>", ["<u>"], [row])

    assert "<script>" not in chart.wide
    assert "&lt;b&gt;" in chart.wide


def test_rows_of_another_length_are_an_error():
    with pytest.raises(ValueError, match="one value per column"):
        charts.heat("Items", ["a"], [charts.Row("x", "x", [1, 2], 0, 3)])


def test_a_line_shows_the_intervals_of_its_values_and_tells_them():
    series = charts.Series(
        "Score", [60.0, None], "observation", intervals=[(50.0, 70.0), None], counts=[4, None]
    )

    chart = charts.line("Warmth", ["01/26", "02/26"], [series], limits=(0, 100), decimals=0)

    assert chart.wide.count('class="interval series-2"') == 1
    assert chart.rows == [["01/26", "60 (50 to 70; n 4)"], ["02/26", "Insufficient data"]]


def test_intervals_for_fewer_values_are_an_error():
    series = charts.Series("Score", [60.0, 61.0], intervals=[(50.0, 70.0)])

    with pytest.raises(ValueError, match="one value per label"):
        charts.line("Warmth", ["a", "b"], [series])
