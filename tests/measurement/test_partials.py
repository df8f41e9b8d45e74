import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement import partials
from measurement.agreement import icc
from measurement.estimates import Reason
from measurement.indicators import cluster_mean
from measurement.reliability import cronbach_alpha
from measurement.resampling import cluster_weights

CENTRES, ROOMS, SESSIONS, ITEMS = 30, 3, 4, 6


@pytest.fixture
def rated() -> pd.DataFrame:
    """Sessions of rooms of centres: centre, room, score, and items a to f from 0 to 3."""
    rng = np.random.default_rng(5)
    room = np.repeat(np.arange(CENTRES * ROOMS), SESSIONS)
    true = rng.normal(size=CENTRES)[room // ROOMS] + rng.normal(size=CENTRES * ROOMS)[room]
    noise = rng.normal(size=(len(room), ITEMS))
    items = np.clip(np.round(1.5 + 0.6 * true[:, None] + 0.7 * noise), 0, 3)
    frame = pd.DataFrame(items, columns=list("abcdef"))
    labels = {"centre": [f"c{one // ROOMS}" for one in room], "room": [f"r{one}" for one in room]}
    return frame.assign(score=frame.mean(axis=1) * 100 / 3, **labels)


def items_of(frame: pd.DataFrame, **fields) -> partials.ItemSums:
    return partials.item_sums(frame[list("abcdef")], frame["centre"], **fields)


def scores_of(frame: pd.DataFrame, **fields) -> partials.ScoreSums:
    return partials.score_sums(frame["score"], frame["room"], frame["centre"], **fields)


def drawn_rows(frame: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """The rows of the centres drawn; a room drawn twice counts as two."""
    copies = []
    for name, times in zip(sorted(frame["centre"].unique()), weights, strict=True):
        own = frame[frame["centre"] == name]
        copies += [own.assign(room=own["room"] + f"-{copy}") for copy in range(int(times))]
    return pd.concat(copies)


def test_alpha_of_sums_is_cronbach_alpha_of_rows(rated):
    rated.loc[3, "a"] = np.nan
    expected = cronbach_alpha(rated[list("abcdef")])
    sums = items_of(rated)

    found = partials.alpha(sums)

    assert (found.n, found.clusters) == (expected.n_complete, CENTRES)
    assert sums.table.iloc[:, 0].sum() == expected.n_total
    ends = (expected.estimate.value, expected.estimate.low, expected.estimate.high)
    assert (found.value, found.low, found.high) == pytest.approx(ends, abs=1e-12)


def test_covariance_of_sums_is_that_of_rows(rated):
    expected = rated[list("abcdef")].cov().to_numpy()

    assert partials.covariance(items_of(rated)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("parts", [2, 7, 30])
def test_combine_gives_the_same_sums_however_the_centres_are_parted(rated, parts):
    place = rated["centre"].str[1:].astype(int) % parts
    pieces = [group for _part, group in rated.groupby(place)]

    items = partials.combine([items_of(piece) for piece in pieces])
    scores = partials.combine([scores_of(piece) for piece in pieces])

    # Whole numbers add without error, in whatever order.
    pd.testing.assert_frame_equal(items.table, items_of(rated).table, rtol=0, atol=0)
    pd.testing.assert_frame_equal(scores.table, scores_of(rated).table, rtol=1e-15)


def test_combine_adds_a_centre_and_room_that_lie_in_two_parts(rated):
    half = len(rated) // 2 + 1
    pieces = [rated[:half], rated[half:]]

    found = partials.icc_one_way(partials.combine([scores_of(piece) for piece in pieces]))

    assert found.value == pytest.approx(partials.icc_one_way(scores_of(rated)).value, abs=1e-12)


def test_large_origin_keeps_the_digits(rated):
    far = rated.assign(score=rated["score"] + 1e6)
    far[list("abcdef")] += 1e6

    alpha = partials.alpha(items_of(far, origin=1e6))
    mean = partials.mean(scores_of(far, origin=1e6))

    assert alpha.value == pytest.approx(partials.alpha(items_of(rated)).value, abs=1e-12)
    assert mean.value == pytest.approx(1e6 + rated["score"].mean(), rel=1e-14)


def test_covariance_resamples_are_those_of_the_drawn_rows(rated):
    sums = items_of(rated)
    rows = drawn_rows(rated, cluster_weights(np.random.default_rng(3), CENTRES, 1)[0])
    expected = rows[list("abcdef")].cov().to_numpy()

    (found,) = partials.covariance_resamples(sums, np.random.default_rng(3), 1)

    assert found == pytest.approx(expected, abs=1e-12)


def test_icc_bootstrap_is_made_from_the_mean_squares_of_the_drawn_rows(rated):
    rng, resamples = np.random.default_rng(4), 20
    logs = []
    for weights in cluster_weights(rng, CENTRES, resamples):
        by_room = drawn_rows(rated, weights).groupby("room")["score"]
        between = SESSIONS * by_room.mean().var()
        logs.append(np.log(between / by_room.var().mean()))
    half = stats.t.isf(0.025, CENTRES - 1) * np.std(logs, ddof=1)
    by_room = rated.groupby("room")["score"]
    ratio = SESSIONS * by_room.mean().var() / by_room.var().mean()

    found = partials.icc_bootstrap(scores_of(rated), np.random.default_rng(4), resamples)

    ends = [(f - 1) / (f + SESSIONS - 1) for f in ratio * np.exp([-half, half])]
    assert [found.low, found.high] == pytest.approx(ends, abs=1e-12)


def test_bootstraps_widen_intervals_where_centres_resemble_themselves(rated):
    plain, clustered = (
        partials.alpha(items_of(rated)),
        partials.alpha_bootstrap(items_of(rated), np.random.default_rng(1)),
    )
    rooms = partials.icc_bootstrap(scores_of(rated), np.random.default_rng(1))

    assert clustered.value == plain.value
    assert clustered.high - clustered.low > plain.high - plain.low
    assert rooms.low < rooms.value < rooms.high
    assert rooms.clusters == CENTRES


def test_bootstraps_repeat_with_the_same_seed(rated):
    first, second = (
        partials.alpha_bootstrap(items_of(rated), np.random.default_rng(8)) for _ in range(2)
    )

    assert first == second


def test_icc_of_equal_rooms_is_icc_1_1(rated):
    place = rated.groupby("room").cumcount()
    wide = rated.assign(place=place).pivot(index="room", columns="place", values="score")
    expected = icc(wide)["ICC(1,1)"]

    found = partials.icc_one_way(scores_of(rated))

    ends = (expected.value, expected.low, expected.high)
    assert (found.value, found.low, found.high) == pytest.approx(ends, abs=1e-12)


def test_icc_of_unequal_rooms_agrees_with_aov_of_r():
    x = [3, 4, 2, 2.5, 3, 9, 5, 6, 5.5, 7, 1, 2]
    rooms = [1, 1, 2, 2, 2, 3, 4, 4, 4, 4, 5, 5]

    found = partials.icc_one_way(partials.score_sums(x, rooms, [0] * 12))

    assert found.value == pytest.approx(0.921098062100323, abs=1e-12)
    assert (found.n, found.clusters) == (12, 1)


def test_mean_of_sums_is_the_cluster_mean_of_rows(rated):
    expected = cluster_mean(rated["score"], rated["centre"])

    found = partials.mean(scores_of(rated))

    ends = (expected.value, expected.low, expected.high)
    assert (found.value, found.low, found.high) == pytest.approx(ends, abs=1e-11)
    assert (found.n, found.clusters) == (expected.n, expected.clusters)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda frame: frame.assign(**dict.fromkeys("abcdef", 2)), Reason.ZERO_VARIANCE),
        (lambda frame: frame[:2], Reason.TOO_FEW_ROWS),
        (lambda frame: frame.assign(a=np.nan), Reason.TOO_FEW_ROWS),
    ],
)
def test_alpha_says_why_it_has_no_value(rated, change, reason):
    sums = items_of(change(rated))

    assert partials.alpha(sums).reason == reason
    assert partials.alpha_bootstrap(sums, np.random.default_rng(1)).reason == reason


def test_alpha_of_one_item_has_no_value(rated):
    sums = partials.item_sums(rated[["a"]], rated["centre"])

    assert partials.alpha(sums).reason == Reason.TOO_FEW_ITEMS


@pytest.mark.parametrize(
    ("x", "rooms", "reason", "value"),
    [
        ([1, 2, 3], [1, 2, 3], Reason.TOO_FEW_ROWS, None),
        ([1, 2, 3], [1, 1, 1], Reason.TOO_FEW_ROWS, None),
        ([2, 2, 2, 2], [1, 1, 2, 2], Reason.ZERO_VARIANCE, None),
        ([1, 1, 3, 3], [1, 1, 2, 2], Reason.PERFECT_AGREEMENT, 1.0),
    ],
)
def test_icc_says_why_it_has_no_value_or_interval(x, rooms, reason, value):
    found = partials.icc_one_way(partials.score_sums(x, rooms, [0] * len(x)))

    assert (found.reason, found.value, found.low) == (reason, value, None)


def test_negative_icc_stays_negative():
    found = partials.icc_one_way(partials.score_sums([1, 5, 1, 5], [1, 1, 2, 2], [0] * 4))

    assert found.value == -1


def test_mean_says_why_it_has_no_value_or_interval():
    none = partials.score_sums([np.nan], [1], [1])
    few = partials.score_sums([1, 2], [1, 2], [1, 2])
    alike = partials.score_sums([4] * 12, range(12), range(12))

    assert partials.mean(none).reason == Reason.TOO_FEW_ROWS
    assert partials.mean(few).reason == Reason.TOO_FEW_CLUSTERS
    assert (partials.mean(alike).value, partials.mean(alike).reason) == (4, Reason.CLUSTERS_ALIKE)


def test_bootstrap_of_few_centres_has_a_value_and_no_interval(rated):
    few = rated[rated["centre"].isin(["c1", "c2", "c3"])]

    found = partials.alpha_bootstrap(items_of(few), np.random.default_rng(1))

    assert found.value == partials.alpha(items_of(few)).value
    assert (found.low, found.reason) == (None, Reason.FEW_CLUSTERS)


def test_bootstrap_of_centres_that_are_copies_has_no_interval(rated):
    one = rated[rated["centre"] == "c1"]
    copies = pd.concat([one.assign(centre=f"k{n}", room=one["room"] + f"k{n}") for n in range(12)])

    found = partials.alpha_bootstrap(items_of(copies), np.random.default_rng(1))

    assert (found.low, found.reason) == (None, Reason.CLUSTERS_ALIKE)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: partials.score_sums([1], [1], [None]), "Every row needs the centre"),
        (lambda: partials.score_sums([1, 2], [1], [1]), "Every row needs the centre"),
        (lambda: partials.score_sums([np.inf], [1], [1]), "finite"),
        (lambda: partials.score_sums([[1]], [1], [1]), "one list"),
        (lambda: partials.item_sums(pd.DataFrame({"a": ["x"]}), [1]), "must be numbers"),
        (lambda: partials.combine([]), "nothing to add"),
        (
            lambda: partials.combine(
                [partials.item_sums(pd.DataFrame({name: [1.0]}), [1]) for name in "ab"]
            ),
            "same items",
        ),
    ],
)
def test_bad_input_is_refused_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
