import re

import pytest

from analytics.serializers import braid as serializers
from measurement.estimates import Estimate, Reason
from measurement.prediction import PredictiveGain


def gain(low: float, high: float) -> dict:
    found = Estimate((low + high) / 2, low, high, 100, 20)
    return {"gain": found.as_dict(), "better": PredictiveGain(found, found, found, 5).better}


@pytest.mark.parametrize(
    ("low", "high", "beginning"),
    [
        (0.01, 0.20, "Knowing mentoring and lessons foretells the last score better"),
        (-0.10, 0.20, "It could not be shown that"),
        (-0.20, 0.00, "Knowing mentoring and lessons foretells the last score no better"),
    ],
)
def test_prediction_says_no_more_than_its_interval(low, high, beginning):
    assert serializers.prediction(gain(low, high)).startswith(beginning)


def test_prediction_without_data_says_why():
    nothing = {"gain": Estimate.insufficient("no_overlap", 0).as_dict(), "better": None}

    assert serializers.prediction(nothing) == ("Insufficient data: no two sources saw the same.")


def test_link_without_interval_is_not_clear():
    alone = Estimate(0.5, None, None, 30, 10, Reason.CLUSTERS_ALIKE).as_dict()

    assert serializers.link("dose_change", alone)["sentence"] == (
        "More mentoring cycles and more change did not go together clearly."
    )


def test_dose_chart_says_why_a_mean_has_no_interval():
    alike = Estimate(5, None, None, 30, 15, Reason.CLUSTERS_ALIKE).as_dict()
    few = Estimate.insufficient("too_few_clusters", 3, 2).as_dict()

    chart = serializers.dose_chart({"0": alike, "1-2": few, "3+": few})

    assert chart.rows[0] == ["No cycle", "+5.0 (no interval: all centres are alike)", "30"]
    for drawing in (chart.wide, chart.narrow):
        words = "".join(re.findall(r">([^<>]+)</t", drawing)).replace(" ", "")
        assert "Nocycle(nointerval:allcentresarealike)" in words
