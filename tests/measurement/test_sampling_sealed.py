import hashlib
from collections import Counter

import pytest

from measurement.sampling.sealed import Sealed, sealed_draw


def frame(strata=3, each=7):
    return [Sealed(f"{h}-{i}", f"s{h}") for h in range(strata) for i in range(each)]


def test_draw_by_hand():
    units = [Sealed(name, "a") for name in "abcdefghij"]
    key = {u.name: hashlib.sha256(f"seed\nhash\n{u.name}".encode()).hexdigest() for u in units}
    start = int(hashlib.sha256(b"seed\nhash").hexdigest(), 16) % 100
    walk = sorted("abcdefghij", key=key.get)
    # Every fifth from the start on: where (i · 20 + start) passes a hundred.
    first = next(i for i in range(1, 6) if start + 20 * i >= 100)

    assert sealed_draw(units, "seed", "hash", 20) == sorted(walk[first - 1 :: 5])


@pytest.mark.parametrize("share", [1, 15, 17, 20, 50, 99, 100])
def test_all_together_and_each_stratum_get_their_share(share):
    for seed in map(str, range(30)):
        drawn = sealed_draw(frame(), seed, "hash", share)
        exact = 21 * share / 100
        assert int(exact) <= len(drawn) <= int(exact) + (exact % 1 > 0)
        by_stratum = Counter(name.split("-")[0] for name in drawn)
        assert all(abs(by_stratum[str(h)] - 7 * share / 100) < 1 for h in range(3))


def test_each_unit_has_its_chance():
    times = Counter(
        name for seed in range(2_000) for name in sealed_draw(frame(), str(seed), "hash", 17)
    )

    assert len(times) == 21
    assert min(times.values()) > 2_000 * 0.17 - 70
    assert max(times.values()) < 2_000 * 0.17 + 70


def test_stratum_with_less_than_the_least_takes_more():
    drawn = sealed_draw(frame(), "seed", "hash", 5, minimum=2)

    assert Counter(name.split("-")[0] for name in drawn) == {"0": 2, "1": 2, "2": 2}
    assert len(sealed_draw(frame(each=1), "seed", "hash", 5, minimum=2)) == 3


def test_order_of_the_frame_does_not_matter():
    drawn = sealed_draw(frame(), "seed", "hash", 17)

    assert sorted(sealed_draw(frame()[::-1], "seed", "hash", 17)) == sorted(drawn)
    assert sealed_draw([], "seed", "hash", 17) == []


@pytest.mark.parametrize("share", [0, 101])
def test_share_is_a_share(share):
    with pytest.raises(ValueError, match="between 1 and 100"):
        sealed_draw(frame(), "seed", "hash", share)


def test_names_are_names():
    with pytest.raises(ValueError, match="name of its own"):
        sealed_draw([Sealed("a", "s"), Sealed("a", "t")], "seed", "hash", 17)
