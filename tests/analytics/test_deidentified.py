"""Data that anyone may have: what was given, and nobody in it."""

import numpy as np
import pandas as pd
import pytest

from analytics.reports.deidentified import (
    codebook,
    deidentified,
    deidentified_rows,
    shown_columns,
)


def sessions() -> pd.DataFrame:
    """Six sessions of three rooms by two raters, told by names and days."""
    return pd.DataFrame(
        {
            "subject": [
                "Sala Sol 2026-05-04",
                "Sala Sol 2026-05-04",
                "Sala Luna",
                "Sala Luna",
                "z",
                "z",
            ],
            "rater": ["Ana", "Beatriz"] * 3,
            "room": ["Sala Sol", "Sala Sol", "Sala Luna", "Sala Luna", "Mar", "Mar"],
            "centre": ["norte-1", "norte-1", "norte-1", "norte-1", "sur-1", "sur-1"],
            "region": "norte",
            "provision": "contracted",
            "age_group": "LB",
            "duplicate": [False, False, False, False, False, True],
            "day": [738_000.0, 738_000.0, 738_006.0, 738_007.0, 738_021.0, np.nan],
        },
        index=["aa", "ab", "ba", "bb", "ca", "cb"],
    )


def answers() -> pd.DataFrame:
    return pd.DataFrame({"CAL1": [0, 1, 2, 3, 4, 5.5]}, sessions().index)


def given(seed: int = 1) -> pd.DataFrame:
    return deidentified(sessions(), answers(), np.random.default_rng(seed))


def test_names_are_drawn_numbers_and_the_same_number_the_same_name():
    shown = given().sort_values("CAL1", ignore_index=True)

    for name, prefix in (("subject", "S"), ("rater", "R"), ("room", "A"), ("centre", "C")):
        codes = pd.factorize(sessions()[name])[0]
        numbers = shown[name].str.removeprefix(prefix).astype(int)
        assert shown.groupby(name).ngroups == len(set(codes))
        assert pd.factorize(numbers)[0].tolist() == codes.tolist()
        assert set(numbers) == set(range(1, len(set(codes)) + 1))


def test_nothing_of_who_where_or_when_is_left():
    text = given().to_csv(index=False)

    for secret in ("Ana", "Beatriz", "Sala", "Luna", "norte-1", "sur-1", "738", "2026", "aa"):
        assert secret not in text


def test_days_are_weeks_from_the_first_of_the_data():
    shown = given().sort_values("CAL1", ignore_index=True)

    assert shown["week"].tolist()[:5] == [1, 1, 1, 2, 4]
    assert shown["week"].isna().tolist() == [False] * 5 + [True]


def test_order_and_numbers_are_drawn_by_chance_that_repeats():
    drawn = [given(seed).to_csv() for seed in (1, 1, 2, 3, 4)]

    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 2
    assert given().index.tolist() == list(range(6))


def test_answers_stay_with_their_row():
    shown = given().sort_values("CAL1", ignore_index=True)

    assert shown["CAL1"].tolist() == [0, 1, 2, 3, 4, 5.5]
    assert shown["duplicate"].tolist() == [0, 0, 0, 0, 0, 1]


def rows() -> pd.DataFrame:
    """What a plan is run on: rooms and centres, an arm, a score, and more than it needs."""
    return pd.DataFrame(
        {
            "salon": [f"Sala {n}" for n in range(60)],
            "centre": [f"Centro {n // 4}" for n in range(60)],
            "region": "norte",
            "rater": "Ana",
            "directora": ["Rosa", "Eva"] * 30,
            "telephone": [5_500_000 + n for n in range(60)],
            "grupo": ["si", "no"] * 30,
            "pareja": [f"Par {n // 8}" for n in range(60)],
            "motivo": [f"Porque {n}" for n in range(60)],
            "ALL": np.arange(60.0),
        }
    )


def test_columns_that_the_plan_does_not_use_are_left_out():
    used = {"salon", "centre", "grupo", "pareja", "ALL"}

    assert shown_columns(rows(), used) == ["salon", "centre", "region", "grupo", "pareja", "ALL"]


def test_rows_of_an_evaluation_name_nobody_and_compute_the_same():
    shown = deidentified_rows(rows(), {"salon", "centre", "pareja", None}, np.random.default_rng(1))

    assert set(shown["centre"]) == set(range(1, 16))
    assert shown["pareja"].nunique() == 8
    assert shown["motivo"].nunique() == 60
    text = shown[["salon", "centre", "rater", "pareja", "motivo"]].to_csv()
    assert not any(secret in text for secret in ("Sala", "Centro", "Ana", "Par", "Porque"))
    means = shown.groupby("grupo")["ALL"].mean().to_dict()
    assert means == rows().groupby("grupo")["ALL"].mean().to_dict()
    whole = shown.groupby("centre")["ALL"].mean().sort_values().tolist()
    assert whole == rows().groupby("centre")["ALL"].mean().sort_values().tolist()


def test_missing_names_stay_missing():
    given = pd.DataFrame({"pareja": ["x", None, "y"], "ALL": [1.0, 2.0, 3.0]})

    shown = deidentified_rows(given, {"pareja"}, np.random.default_rng(1))

    assert shown.sort_values("ALL")["pareja"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize("kind", ["validity", "evaluation"])
def test_codebook_explains_every_column(kind):
    names = {"outcome": {"ALL": {"en": "Whole"}}, "domain": {"CAL": {"en": "Warmth"}}}
    item = {"item": "CAL1", "domain": "CAL", "minimum": 0, "maximum": 3}
    about = {"items": [item]} if kind == "validity" else {"columns": ["room", "grupo", "ALL"]}
    columns = list(given()) if kind == "validity" else about["columns"]

    book = {row["column"]: row for row in codebook({"about": about, "names": names})}

    assert set(book) == set(columns)
    assert all(row["meaning"] for row in book.values())
    assert book["room"]["values"] == "a drawn number, not a name"
    if kind == "validity":
        assert book["CAL1"]["meaning"] == "Warmth: CAL1"
        assert book["CAL1"]["values"] == "0 to 3; mean over cycles; empty: no value"
    else:
        assert book["ALL"]["meaning"] == "Whole"
