import numpy as np
import pandas as pd
import pytest

from measurement.generalizability import d_study, fewest, generalizability, phi_lambda
from tests.measurement.invented import scores

SCORES = scores()


def test_d_study_can_nest_what_was_crossed():
    crossed = generalizability(SCORES, "p x o x i")
    v = crossed.components.set_index("effect")["variance"]

    table = d_study(crossed, {"o": [2], "i": [6]}, design="p x (i:o)")

    relative = v["po"] / 2 + (v["pi"] + v["poi"]) / 12
    absolute = relative + v["o"] / 2 + (v["i"] + v["oi"]) / 12
    assert table["relative_se"][0] == pytest.approx(np.sqrt(relative))
    assert table["absolute_se"][0] == pytest.approx(np.sqrt(absolute))
    assert table["phi"][0] == pytest.approx(v["p"] / (v["p"] + absolute))


def test_fewest_observers_and_items_reach_the_target():
    study = generalizability(SCORES, "p x o x i")

    found = fewest(study, {"o": 8, "i": 12}, target=0.70)

    table = d_study(study, {"o": range(1, 9), "i": range(1, 13)})
    enough = table[table["phi"] >= 0.70]
    cheapest = (enough["o"] * enough["i"]).min()
    assert found.numbers["o"] * found.numbers["i"] == cheapest
    assert found.reached.value == pytest.approx(
        enough[(enough["o"] * enough["i"]) == cheapest]["phi"].max()
    )
    assert found.best_numbers == {"o": 8, "i": 12}


def test_costs_decide_what_is_cheapest():
    study = generalizability(SCORES, "p x o x i")

    dear = fewest(study, {"o": 8, "i": 60}, target=0.65, costs={"o": 100, "i": 1})
    free = fewest(study, {"o": 8, "i": 60}, target=0.65, costs={"o": 1, "i": 100})

    assert dear.numbers["o"] < free.numbers["o"]
    assert dear.numbers["i"] > free.numbers["i"]


def test_never_within_these_limits_is_an_answer():
    found = fewest(generalizability(SCORES, "p x o x i"), {"o": 2, "i": 4}, target=0.95)

    assert (found.numbers, found.reached) == (None, None)
    assert found.best_numbers == {"o": 2, "i": 4}
    assert 0.3 < found.best.value < 0.95


def test_phi_of_a_mark_at_the_mean_is_lowest():
    study = generalizability(SCORES, "p x o x i")
    marks = [phi_lambda(study, cut).value for cut in (study.mean - 2, study.mean, study.mean + 2)]

    assert marks[0] == pytest.approx(marks[2])
    assert marks[1] < study.phi.value < marks[0]


def test_phi_of_a_mark_in_one_facet_is_kuder_richardson_21():
    # Brennan & Kane (1977): with yes or no answers and the mark at the mean, Φ(λ) = KR-21.
    data = pd.DataFrame(np.tri(8, 6, 0, dtype=int))
    total = data.sum(axis=1)
    mean, variance, k = total.mean(), total.var(ddof=0), 6

    long = data.rename_axis("p").reset_index().melt("p", var_name="i", value_name="score")
    study = generalizability(long, "p x i")

    kr21 = k / (k - 1) * (1 - mean * (k - mean) / (k * variance))
    assert phi_lambda(study, study.mean).value == pytest.approx(kr21)


@pytest.mark.parametrize(
    ("numbers", "design", "message"),
    [
        ({"z": [1]}, None, "not facets beside the object"),
        ({"p": [1]}, None, "not facets beside the object"),
        ({"o": [0]}, None, "greater than zero"),
        ({"o": [1]}, "p x o", "must have the facets"),
    ],
)
def test_d_study_refuses_wrong_input(numbers, design, message):
    with pytest.raises(ValueError, match=message):
        d_study(generalizability(SCORES, "p x o x i"), numbers, design)


def test_d_study_cannot_cross_what_was_nested():
    with pytest.raises(ValueError, match="cannot be crossed"):
        d_study(generalizability(SCORES, "p x (i:o)"), {"o": [1]}, "p x i x o")
