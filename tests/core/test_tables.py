import re

from core.tables import label_cells

HEAD = '<thead><tr><th scope="col">Room</th><th scope="col">Score <small>of 100</small></th>'


def table(head, *rows):
    return f"<table><caption>C</caption>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def labels(html):
    """Each cell's text with what it is labelled."""
    return re.findall(r'<t[dh][^>]* data-label="(.*?)"[^>]*>(.*?)</t[dh]>', html)


def test_each_cell_is_labelled_with_the_head_of_its_column():
    html = label_cells(
        table(HEAD, "<tr><th scope='row'>A</th><td>71</td></tr><tr><th>B</th><td>64</td></tr>")
    )

    assert labels(html) == [
        ("Room", "A"),
        ("Score of 100", "71"),
        ("Room", "B"),
        ("Score of 100", "64"),
    ]


def test_cell_over_several_columns_moves_the_next_one_on():
    head = HEAD + "<th>n</th><th>Why</th>"

    html = label_cells(table(head, '<tr><th>A</th><td class="x" colspan="2">–</td><td>few</td>'))

    assert labels(html) == [("Room", "A"), ("Score of 100", "–"), ("Why", "few")]


def test_parts_of_a_table_say_what_they_are():
    html = label_cells(table("<thead><tr><th>Room</th>", "<tr><th>A</th></tr>", "<tr><td>B</td>"))

    assert re.findall(r'<(\w+)[^>]* role="(\w+)"', html) == [
        ("table", "table"),
        ("thead", "rowgroup"),
        ("tr", "row"),
        ("th", "columnheader"),
        ("tbody", "rowgroup"),
        ("tr", "row"),
        ("th", "rowheader"),
        ("tr", "row"),
        ("td", "cell"),
    ]


def test_head_of_two_tables_does_not_reach_the_other():
    one = table("<thead><tr><th>Room</th>", "<tr><td>A</td></tr>")
    other = table("<thead><tr><th>Day &amp; &quot;hour&quot;</th>", "<tr><td>B</td></tr>")

    assert labels(label_cells(one + "<p>and</p>" + other)) == [
        ("Room", "A"),
        ("Day &amp; &quot;hour&quot;", "B"),
    ]


def test_table_without_heads_stays_as_it_came():
    html = "<p>1 &lt; 2 & 3</p><table><tbody><tr><td>A</td></tr></tbody></table>"

    assert label_cells(html) == html
