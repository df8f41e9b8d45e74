import pytest

from measurement.connectivity import connected, connected_components, crossing_share


@pytest.mark.parametrize(
    ("rows", "columns", "one_piece"),
    [
        (["a", "a", "b"], [1, 2, 2], True),
        (["a", "a", "b"], [1, 2, 3], False),
        (["a"], [1], True),
        ([], [], True),
    ],
)
def test_connected_where_every_level_can_be_reached(rows, columns, one_piece):
    assert connected(rows, columns) is one_piece


def test_connected_components_number_the_parts():
    assert connected_components(["a", "b", "a", "c"], [1, 2, 3, 3]).tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("observers", "centres", "share"),
    [
        (["a", "b", "c"], [1, 2, 3], 0.0),  # each sees a centre of her own
        (["a", "b", "c", "d"], [1, 1, 2, 2], 0.0),  # each sees one centre only
        (["a", "a", "a"], [1, 2, 3], 0.0),  # one sees all
        (["a", "a", "b", "b"], [1, 2, 1, 2], 1.0),
        (["a", "a", "b", "b", "c", "d"], [1, 2, 1, 2, 3, 3], 4 / 6),
    ],
)
def test_crossing_share_counts_pairs_where_both_vary(observers, centres, share):
    assert crossing_share(observers, centres) == pytest.approx(share)


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [(["a"], [1, 2], "one row and one column"), (["a", None], [1, 2], "some are missing")],
)
def test_connected_components_refuse_wrong_input(rows, columns, message):
    with pytest.raises(ValueError, match=message):
        connected_components(rows, columns)


def test_crossing_share_refuses_nothing():
    with pytest.raises(ValueError, match="Without pairs"):
        crossing_share([], [])
