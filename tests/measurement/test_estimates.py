import json

import numpy as np
import pytest

from measurement.estimates import Estimate, Reason, tail


def test_estimate_with_value_is_sufficient():
    found = Estimate(np.float64(0.5), 0.25, 0.75, np.int64(12), method="mean")

    assert found.sufficient
    assert type(found.value) is float
    assert type(found.n) is int


def test_insufficient_keeps_reason_and_counts():
    found = Estimate.insufficient("too_few_clusters", 40, 3)

    assert not found.sufficient
    assert (found.value, found.low, found.high) == (None, None, None)
    assert (found.reason, found.n, found.clusters) == (Reason.TOO_FEW_CLUSTERS, 40, 3)


def test_as_dict_survives_json():
    found = Estimate.insufficient(Reason.ALL_MISSING, 0)

    assert json.loads(json.dumps(found.as_dict())) == {
        "value": None,
        "low": None,
        "high": None,
        "n": 0,
        "clusters": None,
        "reason": "all_missing",
        "method": "",
        "sufficient": False,
    }


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_estimate_refuses_what_is_not_a_number(number):
    with pytest.raises(ValueError, match="finite number"):
        Estimate(number, None, None, 5)


def test_estimate_refuses_no_value_without_reason():
    with pytest.raises(ValueError, match="either a value or a reason"):
        Estimate(None, None, None, 5)


def test_estimate_refuses_an_interval_beside_a_reason_for_none():
    with pytest.raises(ValueError, match="either an interval or a reason"):
        Estimate(1, 0, 2, 5, reason=Reason.CLUSTERS_ALIKE)


def test_value_without_interval_keeps_the_reason():
    found = Estimate(1, None, None, 5, 5, Reason.CLUSTERS_ALIKE)

    assert found.sufficient
    assert found.as_dict()["reason"] == "clusters_alike"


def test_insufficient_refuses_unknown_reason():
    with pytest.raises(ValueError, match="not a valid Reason"):
        Estimate.insufficient("bad_weather", 5)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_tail_refuses_level_outside_zero_and_one(confidence):
    with pytest.raises(ValueError, match="confidence level"):
        tail(confidence)
