import pytest

from core.refusals import Refusal
from observation.models import Item, Scale
from observation.serializers import paper_codes
from tests.factories import instruments as others


def item(scale: dict, **fields) -> Item:
    fields = {"code": "A1", "kind": "scored", "text": {"es": "x"}} | fields
    return Item(scale=Scale(code="S", **{"options": []} | scale), **fields)


def codes(items: list[Item], line: str) -> list:
    return [answer.kept for answer in paper_codes.read(items, line)]


def scored(value: int, **more) -> dict:
    return {"state": "scored", "value": value} | more


STEPS = item(others.STEPS, na_allowed=True)
LOOKS, COUNT = item(others.LOOKS), item(others.COUNT)
CHOICE = {"kind": "choice", "options": [{"value": "FIL"}, {"value": "x", "label": {"es": "equis"}}]}


@pytest.mark.parametrize(
    ("asked", "code", "kept", "says"),
    [
        (STEPS, "2", scored(2), "2"),
        (STEPS, "n", {"state": "na"}, "not applicable"),
        (STEPS, "-", None, "no answer"),
        (item(others.STEPS, anchors={"2": {"es": "A veces"}}), "2", scored(2), "A veces"),
        (item(others.FIVE), "5", scored(5), "5"),
        (item(others.SEVEN), "7", scored(7), "7"),
        (item(others.LEVELS), "3", scored(3), "alto (en)"),
        (item({"kind": "ordinal", "minimum": -1, "maximum": 12}), "12", scored(12), "12"),
        (item(others.DICHOTOMOUS), "1", scored(1), "yes"),
        (item(others.SEEN), "0", scored(0), "absent"),
        (item(others.UNSEEN), ".", {"state": "missing"}, "not seen"),
        (COUNT, "132", scored(132), "132"),
        (LOOKS, "101", scored(2, marks=[1, 0, 1]), "seen 2 of 3 times"),
        (LOOKS, "1.0", {"state": "missing", "marks": [1, None, 0]}, "seen 1 of 3 times"),
        (item(others.SEEN, kind="alert"), "1", True, "present"),
        (item(others.DICHOTOMOUS, kind="context"), "0", False, "no"),
        (item(others.COUNT, kind="context"), "12", 12, "12"),
        (item({"kind": "integer_pair"}, kind="context"), "5/13", [5, 13], "5/13"),
        (item(CHOICE, kind="context"), "b", "x", "equis"),
        (item(CHOICE, kind="context"), "A", "FIL", "arrival"),
    ],
)
def test_code_of_each_kind_of_scale(asked, code, kept, says):
    answer = paper_codes.read([asked], code)[0]

    if asked.kind == "alert":
        kept = bool(answer.kept)
        assert kept
    else:
        assert answer.kept == kept
    assert answer.says == says


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        *((STEPS, code) for code in ("4", "-1", "x", "²", "1.5", "9" * 5000, "\x00")),
        (item(others.STEPS), "N"),
        (item(others.DICHOTOMOUS), "."),
        *((LOOKS, code) for code in ("1", "1011", "102", "---")),
        *((COUNT, code) for code in ("-3", "99999", "3/4")),
        *((item({"kind": "integer_pair"}, kind="context"), code) for code in ("5", "5/", "a/b")),
        *((item(CHOICE, kind="context"), code) for code in ("C", "1", "AB")),
        (item(others.COUNT, kind="context"), "100"),
    ],
)
def test_other_codes_are_refused_and_the_item_is_named(asked, code):
    with pytest.raises(Refusal, match=r"1 \(A1\)"):
        paper_codes.read([asked], code)


def test_line_without_spaces_is_read_where_each_code_is_one_sign():
    assert codes([STEPS] * 4, "23n-") == codes([STEPS] * 4, "2 3 N -")


def test_bars_between_domains_do_not_count():
    assert codes([STEPS] * 4, "2 3 | 1 0") == codes([STEPS] * 4, "2 3 1 0")


def test_empty_line_says_nothing():
    assert codes([STEPS] * 4, "  ") == []


@pytest.mark.parametrize(
    ("line", "said"), [("2 3 1", "3 codes for 4 items"), ("2", "1 code for 4 items")]
)
def test_line_of_another_length_says_how_many(line, said):
    with pytest.raises(Refusal, match=said):
        paper_codes.read([STEPS] * 4, line)


def test_legend_of_a_choice_has_no_letter_that_means_something_else():
    many = {"kind": "choice", "options": [{"value": str(number)} for number in range(30)]}

    letters = [code for code, _words in paper_codes.legend(item(many, kind="context"))]
    assert "N" not in letters
    assert len(set(letters)) == 30
