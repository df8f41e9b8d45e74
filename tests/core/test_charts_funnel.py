"""The funnel: what has a name, what is a dot, and that all of it stays within its frame."""

import re

import pytest

from core.charts import Point, funnel
from core.charts.drawing import NARROW, WIDE
from core.charts.funnel import BOTTOM, LEFT, TOP

LIMITS = {"near": (40.0, 80.0), "far": (30.0, 90.0)}


def point(label, size, value, position="inside", **fields) -> Point:
    return Point(label, size, value, **(LIMITS | fields), position=position)


def many() -> list[Point]:
    inside = [point(f"C{n}", 10 + n % 9, 50 + n % 20) for n in range(60)]
    outside = [
        point("Low & <behold>", 12, 35, "low"),
        point("Far up", 17, 93, "very high"),
    ]
    return inside + outside


def draw(points=None, **fields):
    given = {"target": 60.0, "size": "Sessions", "strand": "observation"} | fields
    return funnel("Centres", many() if points is None else points, **given)


def names(svg: str) -> list[str]:
    return re.findall(r'<text class="name".*?>(.*?)</text>', svg)


def test_table_has_those_outside_and_counts_the_others():
    chart = draw(unit="of 100")

    assert chart.columns == ["Name", "Value (of 100)", "Sessions", "Where it lies"]
    assert chart.rows == [
        ["Low & <behold>", "35.0", "12", "below the 95 % limits"],
        ["Far up", "93.0", "17", "above the 99.8 % limits"],
        ["All others (60)", "–", "–", "within the limits"],
    ]


def test_drawing_says_in_words_who_lies_outside():
    for svg in (draw().wide, draw().narrow):
        assert 'role="img"' in svg
        assert "Low &amp; &lt;behold&gt;: 35.0, below the 95 % limits" in svg
        assert "All others (60): within the limits" in svg
        assert "<behold>" not in svg
        assert "style=" not in svg


def test_only_places_far_outside_have_a_mark_and_their_name():
    chart = draw()

    for svg in (chart.wide, chart.narrow):
        assert svg.count('class="marker series-2"') == 1
        assert names(svg) == ["Far up"]
        pale, full = re.findall(r'<path class="points[ \w-]*" d="(.*?)"/>', svg)
        assert (pale.count("M"), full.count("M")) == (60, 1)


def test_lines_of_the_middle_and_of_both_pairs_of_limits_are_told_apart():
    svg = draw().wide

    drawn = re.findall(r'<path class="(target|limit limit-\w+)"', svg)
    assert drawn[:5] == [
        "limit limit-far",
        "limit limit-near",
        "limit limit-near",
        "limit limit-far",
        "target",
    ]
    legend = re.findall(r'<text class="tick" x="54" .*?>(.*?)</text>', svg)
    assert legend == ["All together: 60.0", "95 % limits", "99.8 % limits"]


def test_names_without_room_stand_in_the_table_alone():
    crowd = [point(f"Centre {n} of a long name", 10, 95 + n / 10, "very high") for n in range(30)]
    chart = draw([*crowd, point("C", 12, 60), point("D", 20, 60)])

    assert 1 <= len(names(chart.narrow)) <= len(names(chart.wide)) < 30
    assert len(chart.rows) == 31


def test_names_do_not_run_out_of_the_frame_nor_into_a_mark():
    for x in (10, 14, 20):
        chart = draw([point("A name", x, 95, "very high"), point("C", 10, 60), point("D", 20, 60)])

        for svg, width in ((chart.wide, WIDE), (chart.narrow, NARROW)):
            ((start, text),) = re.findall(r'<text class="name" x="([\d.]+)".*?>(.*?)<', svg)
            mark = float(re.search(r'class="marker series-2" d="M([\d.]+)', svg)[1])
            assert float(start) >= LEFT
            assert float(start) + len(text) * 8 <= width
            assert mark + 7 <= float(start) or float(start) + len(text) * 7.9 <= mark - 3


def test_limits_reach_no_farther_than_the_axis():
    wide = {"near": (-200.0, 300.0), "far": (-900.0, 900.0)}
    chart = draw([point("A", 1, 50, **wide), point("B", 9, 60, **wide)], limits=(0, 100))

    ys = [float(y) for _x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", limit_paths(chart.wide))]
    assert ys
    assert all(TOP <= y <= BOTTOM for y in ys)


def limit_paths(svg: str) -> str:
    """The lines of the limits, without their samples in the legend."""
    return " ".join(re.findall(r'<path class="limit limit-\w+" d="(.*?)"', svg)[:4])


def test_limits_of_places_of_one_size_run_from_edge_to_edge():
    chart = draw([point("A", 6, 50), point("B", 6, 60)])

    first = re.search(r'limit-far" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', chart.wide)
    assert float(first[3]) - float(first[1]) > WIDE - 100
    assert first[2] == first[4]
    assert ">6<" in chart.wide


@pytest.mark.parametrize("points", [[], [point("A", 1, 1)], [point("A", 1, 0), point("B", 9e6, 0)]])
def test_funnel_of_odd_points_stays_within_its_frame(points):
    chart = draw(points)

    for svg, width in ((chart.wide, WIDE), (chart.narrow, NARROW)):
        dots = re.findall(r"M([\d.-]+) ([\d.-]+)h0", svg)
        assert len(dots) == len(points)
        assert all(0 <= float(x) <= width and 0 <= float(y) <= BOTTOM for x, y in dots)
        assert "nan" not in svg
        assert "inf" not in svg
