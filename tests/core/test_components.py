import re
from datetime import date

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from core import gallery
from core.charts import Estimate, Series, bar_with_interval, dot_with_interval, line
from core.charts.drawing import NARROW, WIDE
from core.templatetags.components import COMPONENTS
from core.templatetags.estimates import interval
from measurement.estimates import Estimate as Measured
from measurement.estimates import Reason


def draw(source, **context):
    return Template(source).render(Context(context))


def test_gallery_shows_every_component_with_what_it_says(client):
    answer = client.get(reverse("components"))

    drawn = {template.name for template in answer.templates}
    assert {f"components/{name}.html" for name in COMPONENTS} - drawn == set()
    specimens = re.findall(r'data-component="(\w+)"', answer.content.decode())
    assert specimens == list(COMPONENTS)


@pytest.mark.parametrize("language", ["es", "en"])
def test_gallery_answers_in_both_languages(client, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    answer = client.get(reverse("components"))

    assert f'<html lang="{language}">' in answer.content.decode()


def test_names_of_months_are_left_to_django():
    with translation.override("es"):
        assert date_format(date(2020, 5, 2), "DATE_FORMAT") == "2 de mayo de 2020"


def test_every_component_says_what_it_is_for():
    assert [name for name, part in COMPONENTS.items() if not str(part.says)] == []


def test_gallery_lists_exactly_the_icons_of_the_sprite():
    sprite = (settings.BASE_DIR / "static" / "icons" / "sprite.svg").read_text()

    assert re.findall(r'<symbol id="(\w+)"', sprite) == gallery.ICONS


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('{% component "buton" label="x" %}', "There is no component “buton”"),
        ('{% component "button" label="x" colour="red" %}', "has no attribute colour"),
        ('{% component "button" %}', "needs label"),
        ('{% component "button" label="x" big %}', "cannot read 'big'"),
    ],
)
def test_component_called_wrongly_is_refused(source, sentence):
    with pytest.raises(TemplateSyntaxError, match=sentence):
        Template(source)


def test_component_escapes_what_it_is_given():
    html = draw('{% component "button" label=label href="/x" %}', label="<b>&")

    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html


def test_button_without_address_submits():
    assert draw('{% component "button" label="Save" %}').startswith("<button")
    assert draw('{% component "button" label="See" href="/x" %}').startswith("<a")


def test_stat_without_value_says_why():
    html = draw('{% component "stat" label="Warmth" n=4 reason="Too few rooms." %}')

    assert "Insufficient data" in html
    assert "Too few rooms." in html
    assert "n = 4" in html


def test_stat_of_zero_is_a_value():
    html = draw('{% component "stat" label="Alerts" value=0 decimals=0 %}')

    assert "Insufficient data" not in html


def test_stat_that_is_a_change_says_its_sign():
    source = '{% component "stat" label="Change" value=value low=-0.94 high=9.5 change=change %}'

    told = draw(source, value=4.31, change=True)
    plain = draw(source, value=-4.31, change=False)

    assert re.findall(r"[+−-]?\d+\.\d", told) == ["+4.3", "−0.9", "+9.5"]
    assert re.findall(r"[+−-]?\d+\.\d", plain) == ["−4.3", "−0.9", "9.5"]


def test_table_labels_its_cells():
    html = draw(
        '{% component "table" caption="C" %}<thead><tr><th>Room</th></tr></thead>'
        "<tbody><tr><td>{{ room }}</td></tr></tbody>{% endcomponent %}",
        room="<A>",
    )

    assert '<td role="cell" data-label="Room">&lt;A&gt;</td>' in html


def test_pagination_keeps_the_filter():
    html = draw(
        '{% component "pagination" page=page query="room=3" %}',
        page=Paginator(range(5), 2).page(2),
    )

    assert re.findall(r'href="(.*?)"', html) == ["?room=3&amp;page=1", "?room=3&amp;page=3"]


def test_pagination_of_one_page_is_nothing():
    html = draw('{% component "pagination" page=page %}', page=Paginator([1], 2).page(1))

    assert html.strip() == ""


def test_field_with_error_is_tied_to_label_help_and_error():
    form = gallery.ExampleForm({"room": ""})

    html = draw('{% component "field" field=field %}', field=form["room"])

    assert '<label for="id_room">' in html
    assert 'aria-describedby="id_room_helptext id_room_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_room_helptext"' in html
    assert 'id="id_room_error"' in html


def test_form_that_came_back_lists_its_errors_with_links():
    html = str(gallery.ExampleForm({"moment": "ALI", "score": "9"}))

    assert 'role="alert"' in html
    assert '<a href="#id_room">' in html
    assert '<a href="#id_score">' in html
    assert '<div id="id_score"' in html


def test_optional_field_says_so():
    html = draw('{% component "field" field=field %}', field=gallery.ExampleForm()["notes"])

    assert "(optional)" in html


ROWS = [
    Estimate("Warmth & <care>", 71.44, 66.2, 76.6, 48, strand="observation"),
    Estimate("Language", None, n=3, reason="fewer than 10"),
]


@pytest.mark.parametrize("kind", [dot_with_interval, bar_with_interval])
def test_chart_of_estimates_says_what_it_shows_in_words_and_rows(kind):
    chart = kind("Scores", ROWS, unit="of 100")

    assert chart.rows == [
        ["Warmth & <care>", "71.4", "66.2", "76.6", "48"],
        ["Language", "Insufficient data: fewer than 10", "–", "–", "3"],
    ]
    for svg in (chart.wide, chart.narrow):
        assert 'role="img"' in svg
        assert "<title>Scores</title>" in svg
        assert "Warmth &amp; &lt;care&gt;" in svg
        assert "<care>" not in svg
        assert "style=" not in svg


@pytest.mark.parametrize("kind", [dot_with_interval, bar_with_interval])
def test_chart_for_a_phone_shows_every_label_and_value_within_its_frame(kind):
    name = "A domain whose name is longer than a phone is wide, and then some"
    chart = kind("Scores", [Estimate(name, -71.4, -76.6, 66.2, 48)], unit="of 100")

    texts = re.findall(r'<text class="(\w+)" x="([\d.]+)".*?>(.*?)</text>', chart.narrow)
    assert " ".join(text for which, _x, text in texts if which == "label") == name
    assert [text for which, _x, text in texts if which == "value"] == ["−71.4 (n 48)"]
    assert max(len(text) for _which, _x, text in texts) * 8 <= NARROW
    assert max(float(x) for _which, x, _text in texts) <= NARROW


def test_chart_without_intervals_has_no_columns_for_them():
    chart = bar_with_interval("Centres", [Estimate("90 to below 100", 10, n=12)], decimals=0)

    assert chart.columns == ["Name", "Value", "n"]
    assert chart.rows == [["90 to below 100", "10", "12"]]


def test_chart_of_changes_says_their_signs():
    rows = [Estimate("Warmth", 4.2, -1.1, 7.3), Estimate("Language", -0.6, -3.9, 2.7)]

    chart = dot_with_interval("Change", rows, change=True)

    assert [row[1:4] for row in chart.rows] == [["+4.2", "−1.1", "+7.3"], ["−0.6", "−3.9", "+2.7"]]


@pytest.mark.parametrize("months", [1, 12])
def test_labels_beneath_a_line_do_not_run_into_each_other(months):
    labels = [f"month {number}" for number in range(months)]

    chart = line("Months", labels, [Series("x", [1] * months)])

    for svg, width in ((chart.wide, WIDE), (chart.narrow, NARROW)):
        assert 1 <= svg.count(">month ") <= width / 60


def test_stat_without_interval_says_why():
    html = draw('{% component "stat" label="Index" value=100 reason="all alike" n=15 %}')

    assert re.findall(r"<small>(.*?)</small>", html) == ["all alike", "n = 15"]
    assert "Insufficient data" not in html


def test_interval_of_a_value_that_stands_alone_is_the_reason():
    alone = Measured(100, None, None, 15, 15, Reason.CLUSTERS_ALIKE).as_dict()

    assert interval(alone) == "no interval: all centres are alike"
    assert interval(Measured.insufficient(Reason.NO_OVERLAP, 0).as_dict()) == ""


def test_chart_marks_each_strand_by_shape_as_well():
    chart = dot_with_interval(
        "Strands", [Estimate(s, 1, strand=s) for s in ("mentoring", "observation", "families")]
    )

    shapes = re.findall(r'class="marker series-(\d)" d="M[\d. ]+(m-?\d.*?)"', chart.wide)
    assert [which for which, _ in shapes] == ["1", "2", "3"]
    assert len({shape for _, shape in shapes}) == 3


def test_line_breaks_where_a_value_is_missing():
    chart = line("Months", ["a", "b", "c"], [Series("x", [1, None, 3])])

    assert 'class="line' not in chart.wide
    assert chart.wide.count('class="marker') == 3  # two values and the legend
    assert chart.rows[1] == ["b", "Insufficient data"]


def test_line_with_uneven_series_is_refused():
    with pytest.raises(ValueError, match="one value per label"):
        line("Months", ["a", "b"], [Series("x", [1])])


@pytest.mark.parametrize("values", [[], [5, 5], [0, 0], [-3, -1], [1e-6, 2e-6], [1e9]])
def test_chart_of_odd_values_stays_within_its_frame(values):
    chart = line("Odd", [str(n) for n in values], [Series("x", values)])

    marker = r'class="marker series-\d" d="M([\d.-]+) ([\d.-]+)m'
    for svg, width in ((chart.wide, WIDE), (chart.narrow, NARROW)):
        marks = [(float(x), float(y)) for x, y in re.findall(marker, svg)]
        assert all(0 <= x <= width and 0 <= y <= 300 for x, y in marks)
        assert "nan" not in svg
        assert "inf" not in svg
