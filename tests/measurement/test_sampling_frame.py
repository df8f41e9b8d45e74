import hashlib
from datetime import date

import numpy as np
import pandas as pd
import pytest

from measurement.sampling.frame import freeze, thaw

FRAME = pd.DataFrame({"centre": ["b", "ñ", "a"], "rooms": [2, 3, 10], "open": [True, False, True]})
COLUMNS = ["centre", "rooms", "open"]
# Written by hand from the format's description.
CONTENT = (
    '{"format":"trenza-frame-1","columns":'
    '[["centre","text"],["rooms","whole"],["open","boolean"]]}\n'
    '["a",10,true]\n["b",2,true]\n["ñ",3,false]\n'
).encode()


def test_frozen_frame_has_the_bytes_of_its_format():
    found = freeze(FRAME, COLUMNS)

    assert found.content == CONTENT
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert list(found.table["centre"]) == ["a", "b", "ñ"]


def test_order_of_rows_and_other_columns_do_not_change_the_hash():
    shuffled = FRAME.iloc[[2, 0, 1]].assign(note="x")[["note", "open", "rooms", "centre"]]

    assert freeze(shuffled, COLUMNS) == freeze(FRAME, COLUMNS)


def test_any_changed_cell_changes_the_hash():
    changed = FRAME.assign(rooms=[2, 3, 11])

    assert freeze(changed, COLUMNS).sha256 != freeze(FRAME, COLUMNS).sha256


def test_two_spellings_of_one_letter_are_the_same_frame():
    decomposed = FRAME.assign(centre=["b", "n\u0303", "a"])

    assert freeze(decomposed, COLUMNS) == freeze(FRAME, COLUMNS)


def test_stated_types_bridge_dtypes():
    floats = FRAME.assign(rooms=[2.0, 3.0, 10.0])
    types = {"centre": "text", "rooms": "whole", "open": "boolean"}

    assert freeze(floats, types) == freeze(FRAME, COLUMNS)
    assert freeze(floats, COLUMNS) != freeze(FRAME, COLUMNS)


def test_dates_numbers_and_gaps_have_one_spelling():
    frame = pd.DataFrame(
        {
            "unit": [1, 2, 3],
            "opened": pd.to_datetime(["2024-02-29", None, "1999-12-31"]),
            "area": [0.1 + 0.2, -0.0, np.nan],
        }
    )

    lines = freeze(frame, list(frame)).content.decode().splitlines()[1:]

    assert lines == [
        '[1,"2024-02-29",0.30000000000000004]',
        "[2,null,0.0]",
        '[3,"1999-12-31",null]',
    ]
    as_dates = frame.assign(opened=[date(2024, 2, 29), None, date(1999, 12, 31)])
    types = {"unit": "whole", "opened": "date", "area": "number"}
    assert freeze(as_dates, types) == freeze(frame, list(frame))


def test_a_witness_reads_the_bytes_back():
    frame = pd.DataFrame({"c": ["a\u2028b", 'q"\n'], "n": [1.5, None], "w": [1, 2]})
    frozen = freeze(frame, ["c", "n", "w"], seed=7)

    assert thaw(frozen.content, 7) == frozen
    assert thaw(frozen.content, 7).table.equals(frozen.table)


def test_bytes_that_were_changed_are_refused():
    lines = CONTENT.decode().splitlines(keepends=True)
    swapped = "".join([lines[0], lines[2], lines[1], lines[3]]).encode()

    with pytest.raises(ValueError, match="they were changed"):
        thaw(swapped)
    with pytest.raises(ValueError, match="no frozen frame"):
        thaw(b"centre,rooms\na,10\n")


def test_random_numbers_follow_from_frame_seed_and_purpose():
    frozen = freeze(FRAME, COLUMNS, seed="  4711 ")

    again = freeze(FRAME, COLUMNS).with_seed(4711)
    text = f"trenza-draw-1\n{frozen.sha256}\n4711\ncentres"
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    raw = np.random.PCG64(np.random.SeedSequence(number)).random_raw(5)
    expected = [(int(bits) >> 11) * 2.0**-53 for bits in raw]
    assert list(frozen.rng("centres").random(5)) == expected
    assert list(again.rng("centres").random(5)) == expected
    assert list(frozen.rng("parents").random(5)) != expected


def test_the_stream_does_not_change_with_the_library():
    found = freeze(FRAME, COLUMNS, seed="4711").rng("centres").random(3)

    assert list(found) == [0.17740509182940922, 0.25413790125408287, 0.8830188273713242]


def test_a_seed_is_recorded_once():
    frozen = freeze(FRAME, COLUMNS, seed=1)

    assert frozen.with_seed("1") == frozen
    with pytest.raises(ValueError, match="another seed"):
        frozen.with_seed(2)
    with pytest.raises(ValueError, match="cannot be empty"):
        freeze(FRAME, COLUMNS, seed=" ")
    with pytest.raises(ValueError, match="before its seed"):
        freeze(FRAME, COLUMNS).rng("centres")


@pytest.mark.parametrize(
    ("frame", "columns", "message"),
    [
        (FRAME, [], "names of its columns"),
        (FRAME, ["centre", "centre"], "names of its columns"),
        (FRAME, ["centre", "region"], "lacks these columns: region"),
        (FRAME, {"centre": "word"}, "not word"),
        (FRAME.assign(centre="a"), COLUMNS, "each name once"),
        (FRAME.assign(centre=["a", None, "b"]), COLUMNS, "each name once"),
        (FRAME.assign(rooms=[1.5, 2, 3]), {"centre": "text", "rooms": "whole"}, "no whole"),
        (FRAME.assign(rooms=[np.inf, 2, 3]), {"centre": "text", "rooms": "number"}, "no number"),
        (FRAME, {"centre": "text", "rooms": "boolean"}, "no boolean"),
        (FRAME.assign(code=[1.0, 2.0, 3.0]), {"code": "text"}, "no text"),
        (FRAME, {"centre": "text", "rooms": "date"}, "no date"),
    ],
)
def test_a_frame_that_cannot_be_frozen_says_why(frame, columns, message):
    with pytest.raises(ValueError, match=message):
        freeze(frame, columns)


def test_a_moment_is_no_date():
    frame = pd.DataFrame({"unit": [1], "opened": pd.to_datetime(["2024-02-29 08:30"])})

    with pytest.raises(ValueError, match="no date"):
        freeze(frame, ["unit", "opened"])
