"""Every guard of a statistic has a sentence that a coordinator understands, in both languages."""

import pytest
from django.utils import translation

from core.templatetags.estimates import REASONS, decimals, interval, reason_words
from measurement.estimates import Estimate, Reason

NOT_FOR_READERS = ("matrix", "NaN", "variance-covariance", "Hessian", "singular")


@pytest.mark.parametrize("reason", Reason)
def test_reason_has_words_in_both_languages(reason):
    said = {}
    for language in ("en", "es"):
        with translation.override(language):
            said[language] = str(reason_words(reason))

    assert said["en"] != said["es"]
    assert all(len(words.split()) >= 3 for words in said.values())
    assert not any(word in said["en"] for word in NOT_FOR_READERS)


def test_no_words_are_left_of_a_reason_that_is_gone():
    assert set(REASONS) == set(Reason)


def test_value_without_interval_says_why():
    found = Estimate(1.0, None, None, 12, reason=Reason.PERFECT_AGREEMENT).as_dict()

    assert interval(found) == "no interval: the raters never disagree"


def test_missing_value_has_no_interval_and_a_dash():
    found = Estimate.insufficient(Reason.ONE_RATER, 3).as_dict()

    assert (decimals(found["value"]), interval(found)) == ("–", "")
