from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from measurement.scoring import domain_scores, session_scores

ITEMS = pd.DataFrame(
    {
        "item": ["A1", "A2", "A3", "A4", "A5", "B1", "B2"],
        "domain": ["A"] * 5 + ["B"] * 2,
        "weight": 1.0,
        "minimum": 0.0,
        "maximum": 3.0,
    }
)


def ratings(marks: str, session=1, cycle=1, items=ITEMS) -> pd.DataFrame:
    """One mark per item: a digit, "-" for not applicable, "." for missing, " " for no row."""
    state = {"-": "na", ".": "missing"}
    rows = [
        (session, cycle, item, float(m) if m.isdigit() else np.nan, state.get(m, "scored"))
        for item, m in zip(items["item"], marks, strict=True)
        if m != " "
    ]
    return pd.DataFrame(rows, columns=["session", "cycle", "item", "value", "state"])


@pytest.mark.parametrize(
    ("marks", "applicable", "answered", "score", "valid"),
    [
        ("33210", 5, 5, 60.0, True),
        ("33333", 5, 5, 100.0, True),
        ("00000", 5, 5, 0.0, True),
        ("321..", 5, 3, 200 / 3, True),  # 3 of 5 is 60 %: enough
        ("32...", 5, 2, None, False),
        ("-32..", 4, 2, None, False),  # 2 of 4 applicable: too few
        ("--32.", 3, 2, 250 / 3, True),
        ("----3", 1, 1, 100.0, True),
        ("-----", 0, 0, None, False),
        (".....", 5, 0, None, False),
        ("321  ", 5, 3, 200 / 3, True),  # no row is missing, not "not applicable"
        ("-2 . ", 4, 1, None, False),
    ],
)
def test_domain_score_follows_answers(marks, applicable, answered, score, valid):
    found = domain_scores(ratings(marks + "11"), ITEMS)

    row = found.set_index("domain").loc["A"]
    assert (row["applicable"], row["answered"], row["valid"]) == (applicable, answered, valid)
    if score is None:
        assert np.isnan(row["score"])
    else:
        assert row["score"] == pytest.approx(score, abs=1e-12)


def test_domain_score_weighs_items_and_their_maxima():
    items = ITEMS.assign(weight=[2, 1, 1, 1, 1, 1, 1], maximum=[3, 1, 4, 3, 3, 3, 3])

    found = domain_scores(ratings("311..11", items=items), items)

    assert found["score"][0] == pytest.approx(100 * (2 * 1 + 1 + 1 / 4) / 4, abs=1e-12)


SEVEN = pd.DataFrame(
    {
        "item": ["A1", "A2", "A3"],
        "domain": "A",
        "weight": [2.0, 1.0, 1.0],
        "minimum": 1.0,
        "maximum": 7.0,
    }
)


@pytest.mark.parametrize(
    ("rule", "marks", "score"),
    [
        ("percent", "714", 100 * (2 * 7 / 7 + 1 / 7 + 4 / 7) / 4),
        ("range", "714", 100 * (2 * 1 + 0 + 3 / 6) / 4),
        ("mean", "714", (2 * 7 + 1 + 4) / 4),
        ("range", "111", 0),
        ("range", "777", 100),
        ("mean", "7-4", (2 * 7 + 4) / 3),
        ("mean", "-14", 2.5),
    ],
)
def test_domain_score_follows_the_rule(rule, marks, score):
    found = domain_scores(ratings(marks, items=SEVEN), SEVEN, rule=rule)

    assert found["score"][0] == pytest.approx(score, abs=1e-12)


def test_range_of_a_scale_from_0_is_the_share_of_the_highest():
    frame = ratings("3210.12")

    by_range = domain_scores(frame, ITEMS, rule="range")

    pd.testing.assert_frame_equal(by_range, domain_scores(frame, ITEMS))


def test_mean_takes_counts_without_an_end():
    counts = SEVEN.assign(minimum=0.0, maximum=np.nan, weight=1.0)
    frame = ratings("999", items=counts).assign(value=[12.0, 0.0, 30.0])

    assert domain_scores(frame, counts, rule="mean")["score"][0] == 14


@pytest.mark.parametrize(
    ("rule", "items", "message"),
    [
        ("sum", SEVEN, "rule of scoring"),
        ("range", SEVEN.assign(maximum=np.nan), "must be numbers"),
        ("percent", SEVEN.assign(minimum=np.nan), "must be numbers"),
        ("mean", SEVEN.assign(minimum=7.0), "must lie below"),
        ("mean", SEVEN.assign(maximum=np.inf), "must lie below"),
        ("mean", SEVEN.drop(columns="minimum"), "lack these columns: minimum"),
    ],
)
def test_domain_scores_refuse_scales_without_the_ends_that_the_rule_needs(rule, items, message):
    with pytest.raises(ValueError, match=message):
        domain_scores(ratings("714", items=SEVEN), items, rule=rule)


def test_session_scores_leave_out_the_whole_where_asked():
    found = session_scores(domain_scores(ratings("3333322"), ITEMS), over_all=False)

    assert found["domain"].tolist() == ["A", "B"]


def test_domain_scores_keep_order_and_columns():
    frame = pd.concat([ratings("3333333", "z", 2), ratings("1111111", "a", 1)])

    found = domain_scores(frame, ITEMS)

    assert list(found.columns) == [
        *("session", "cycle", "domain", "applicable", "answered", "score", "valid")
    ]
    assert list(zip(found["session"], found["cycle"], found["domain"], strict=True)) == [
        ("z", 2, "A"),
        ("z", 2, "B"),
        ("a", 1, "A"),
        ("a", 1, "B"),
    ]


def test_domain_scores_equal_plain_loop():
    rng = np.random.default_rng(5)
    parts = [
        ratings("".join(rng.choice(list("0123-. "), 7)), session, cycle)
        for session in range(60)
        for cycle in (1, 2)
    ]
    frame = pd.concat(parts)

    found = domain_scores(frame, ITEMS)

    assert found["valid"].any()
    for row in found.itertuples():
        codes = set(ITEMS["item"][ITEMS["domain"] == row.domain])
        cell = frame[(frame["session"] == row.session) & (frame["cycle"] == row.cycle)]
        cell = cell[cell["item"].isin(codes)]
        points = cell["value"][cell["state"] == "scored"].tolist()
        applicable = len(codes) - int((cell["state"] == "na").sum())
        valid = bool(points) and Fraction(len(points), applicable) >= Fraction(3, 5)
        assert (row.applicable, row.answered, row.valid) == (applicable, len(points), valid)
        if valid:
            assert row.score == pytest.approx(sum(points) / len(points) * 100 / 3, abs=1e-9)
        else:
            assert np.isnan(row.score)


def test_domain_scores_of_no_ratings_are_no_rows():
    found = session_scores(domain_scores(ratings("       "), ITEMS))

    assert found.empty


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"item": "X9"}, "not in the table of items"),
        ({"state": "perhaps"}, "must be scored, na or missing"),
        ({"state": None}, "must be scored, na or missing"),
        ({"state": "na"}, "cannot have a value"),
        ({"value": np.nan}, "needs a value"),
        ({"value": 4.0}, "above the maximum"),
        ({"value": -1.0}, "below the minimum"),
        ({"item": "A2"}, "rated twice"),
        ({"session": None}, "have no session"),
    ],
)
def test_domain_scores_refuse_wrong_rating(change, message):
    frame = ratings("3333333").astype({"session": object})
    for column, value in change.items():
        frame.loc[0, column] = value

    with pytest.raises(ValueError, match=message):
        domain_scores(frame, ITEMS)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (ITEMS.iloc[:0], "is empty"),
        (ITEMS.assign(item="A1"), "a code of its own"),
        (ITEMS.assign(weight=0.0), "weight of every item"),
        (ITEMS.assign(maximum=np.nan), "minimum and maximum of every item"),
        (ITEMS.assign(minimum=3.0), "minimum and maximum of every item"),
        (ITEMS.assign(minimum=-1.0), "do not go below 0"),
        (ITEMS.drop(columns="weight"), "lack these columns: weight"),
    ],
)
def test_domain_scores_refuse_wrong_items(items, message):
    with pytest.raises(ValueError, match=message):
        domain_scores(ratings("3333333"), items)


@pytest.mark.parametrize("share", [0, 1.2, -0.5])
def test_domain_scores_refuse_share_out_of_range(share):
    with pytest.raises(ValueError, match="must be answered"):
        domain_scores(ratings("3333333"), ITEMS, share)


def test_session_score_is_mean_over_valid_cycles():
    frame = pd.concat(
        [
            ratings("3333333", 1, 1),
            ratings("0000011", 1, 2),
            ratings("1....22", 1, 3),
            ratings(".....33", 2, 1),
        ]
    )

    found = session_scores(domain_scores(frame, ITEMS)).set_index(["session", "domain"])

    assert found.loc[(1, "A"), "cycles"] == 2
    assert found.loc[(1, "A"), "score"] == pytest.approx(50)
    assert found.loc[(1, "B"), "cycles"] == 3
    assert found.loc[(1, "B"), "score"] == pytest.approx(200 / 3)
    assert found.loc[(1, "ALL"), "cycles"] == 2
    assert found.loc[(1, "ALL"), "score"] == pytest.approx((50 + 200 / 3) / 2)


def test_session_score_over_all_needs_every_domain():
    found = session_scores(domain_scores(ratings(".....33"), ITEMS)).set_index("domain")

    assert found["cycles"].to_dict() == {"A": 0, "B": 1, "ALL": 0}
    assert found["score"].isna().to_dict() == {"A": True, "B": False, "ALL": True}


def test_session_scores_refuse_domain_called_all():
    items = ITEMS.assign(domain="ALL")

    with pytest.raises(ValueError, match="No domain may be called"):
        session_scores(domain_scores(ratings("3333333"), items))
