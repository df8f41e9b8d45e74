"""The colours of static/css/tokens.css, measured as they stand in the file.

Contrast after WCAG 2.2 (relative luminance). Colour blindness is simulated at full severity with
the matrices of Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, on linear RGB;
differences are Euclidean in OKLab (Ottosson 2020), where about 0.02 is just noticeable.
"""

import itertools
import math
import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
STRANDS = ["mentoring", "observation", "families"]
STATUSES = ["good", "caution", "problem", "info"]
GROUNDS = ["paper", "surface", "sunken"]
MATRICES = {
    "everyone": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def declarations(text):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\s*;", text))


def block(start):
    """The colours between the braces that follow ``start`` (nested braces included)."""
    text = (CSS / "tokens.css").read_text()
    begin = text.index(start) + len(start)
    depth = 1
    for end in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return declarations(text[begin:end])
    raise ValueError(f"tokens.css: the block {start} is never closed")


THEMES = {
    "light": block("/* light */\n:root {"),
    "dark": block("@media (prefers-color-scheme: dark) {"),
    "print": block("@media print {"),
}


def linear(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one, other):
    low, high = sorted(
        sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True))
        for x in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def oklab(rgb):
    r, g, b = rgb
    long, medium, short = (
        (x * r + y * g + z * b) ** (1 / 3)
        for x, y, z in (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        )
    )
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def seen(colour, matrix):
    rgb = linear(colour)
    return oklab(
        [min(1, max(0, sum(m * c for m, c in zip(row, rgb, strict=True)))) for row in matrix]
    )


TEXT_PAIRS = [
    *itertools.product(["ink", "ink-soft", *STRANDS, *STATUSES], GROUNDS),
    *((f"on-{strand}", strand) for strand in STRANDS),
    *((name, f"{name}-soft") for name in [*STRANDS, *STATUSES]),
    *(("ink", f"{name}-soft") for name in [*STRANDS, *STATUSES]),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("accent", "surface"),
    ("accent", "sunken"),
]
MARK_PAIRS = list(
    itertools.product(["line-strong", "focus", *(f"chart-{n}" for n in range(1, 5))], GROUNDS)
)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_reads_on_its_ground(theme, text, ground):
    colours = THEMES[theme]

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("mark", "ground"),
    MARK_PAIRS,
)
def test_edge_focus_and_marks_stand_out(theme, mark, ground):
    colours = THEMES[theme]

    assert contrast(colours[mark], colours[ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", MATRICES)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(STRANDS, 2)))
def test_strands_differ_for_all_eyes(theme, eyes, one, other):
    colours, matrix = THEMES[theme], MATRICES[eyes]

    assert math.dist(seen(colours[one], matrix), seen(colours[other], matrix)) >= 0.12


@pytest.mark.parametrize("theme", THEMES)
def test_charts_use_the_colours_of_the_strands(theme):
    colours = THEMES[theme]

    assert [colours[f"chart-{n}"] for n in (1, 2, 3)] == [colours[strand] for strand in STRANDS]


def test_dark_chosen_by_hand_is_the_dark_of_the_system():
    assert block('[data-theme="dark"] {') == THEMES["dark"]


def test_every_theme_gives_every_colour():
    assert set(THEMES["light"]) == set(THEMES["dark"]) == set(THEMES["print"])


@pytest.mark.parametrize("name", ["trenza.css", "components.css", "charts.css"])
def test_colours_are_written_in_the_tokens_alone(name):
    text = re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.S)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", text) == []
