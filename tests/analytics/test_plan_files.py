"""Plans and assignments as files: what is right is kept, what is wrong has its sentence."""

import io

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from analytics.reports import sentences
from analytics.serializers import plan_files
from measurement.evaluation import plan as of_measurement

PLAN = """
question = "Does mentoring raise the score?"
design = "cluster_trial"
primary = ["ALL"]
secondary = ["CAL"]
unit = "room"
cluster = "centre"
arm = "arm"
treatment = "mentored"
seed = 7
baselines = { ALL = "ALL_before" }
[rows]
by = "day"
before = ["2026-01-01", "2026-03-31"]
after = ["2026-07-01", "2026-09-30"]
"""


def refused(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        plan_files.read_plan(content)
    return " ".join(caught.value.messages)


def test_plan_is_kept_in_plain_types_with_its_defaults():
    found = plan_files.read_plan(PLAN.encode())

    assert (found["plan"]["primary"], found["plan"]["baselines"]) == (
        ["ALL"],
        {"ALL": "ALL_before"},
    )
    assert (found["plan"]["alpha"], found["plan"]["multiplicity"]) == (0.05, "holm")
    assert found["rows"] == {
        "by": "day",
        "before": ["2026-01-01", "2026-03-31"],
        "after": ["2026-07-01", "2026-09-30"],
    }


def test_day_without_quotes_and_a_single_outcome_without_brackets_are_read_alike():
    bare = PLAN.replace('["ALL"]', '"ALL"').replace('"2026-01-01"', "2026-01-01")

    assert plan_files.read_plan(bare.encode()) == plan_files.read_plan(PLAN.encode())


def test_file_may_begin_with_a_byte_order_mark():
    assert plan_files.read_plan(b"\xef\xbb\xbf" + PLAN.encode())["plan"]["seed"] == 7


@pytest.mark.parametrize(
    ("given", "wrong", "sentence"),
    [
        ("seed = 7", "", "“seed” is missing."),
        ("seed = 7", "seed = -1", "“seed” must be 0 or more."),
        ("seed = 7", 'seed = "7"', "“seed” must be a whole number."),
        ("seed = 7", f"seed = {2**63}", "“seed” must be 9223372036854775807 or less."),
        ("seed = 7", "seed = 7\ncolour = 3", "“colour” is not known."),
        ("seed = 7", "seed = 7\nversion = 2", "“version” must be 1."),
        ("seed = 7", "seed = 7\nalpha = '.05'", "“alpha” must be a number."),
        ("seed = 7", "seed = 7\nalpha = nan", "“alpha” must be a number."),
        ("seed = 7", "seed = 7\nalpha = true", "“alpha” must be a number."),
        (
            "seed = 7",
            "seed = 7\nalpha = 0.5",
            "The level alpha must lie between 0 and 0.5, for example 0.05.",
        ),
        ("seed = 7", "seed = 7\nminimum_n = 1", "“minimum_n” must be 2 or more."),
        ("seed = 7", "seed = 7\nresamples = 1000000", "“resamples” must be 100000 or less."),
        ("seed = 7", "seed = 7\ncaliper = 0", "“caliper” must be more than 0."),
        ("seed = 7", "seed = 7\ncovariates = 5", "“covariates” must be a list."),
        ("seed = 7", "seed = 7\ncovariates = [5]", "“covariates.1” must be a text."),
        ("seed = 7", "seed = 7\nequivalence = {ALL = 0}", "“equivalence.ALL” must be more than 0."),
        ('"mentored"', "[1]", "“treatment”: give a text or a number."),
        ('"mentored"', "inf", "“treatment”: give a text or a number."),
        ('"mentored"', r'"a\u0000"', "“treatment”: give a text or a number."),
        ('arm = "arm"', "arm = 5", "“arm” must be a text."),
        (
            'arm = "arm"',
            "",
            "The plan must name the column that says who was mentored (arm).",
        ),
        ('unit = "room"', 'unit = ""', "“unit” is empty."),
        ('unit = "room"', r'unit = "a\u0000"', "“unit” holds a character that cannot be kept."),
        ('unit = "room"', f'unit = "{"x" * 65}"', "“unit” may have 64 letters at most."),
        ('["ALL"]', "[]", "“primary” is empty."),
        ('["ALL"]', "5", "“primary” must be a list."),
        ('["ALL"]', '["ALL", "CAL"]', "No outcome can stand in the plan twice."),
        ('["ALL"]', f"{[f'x{n}' for n in range(101)]}", "“primary” may have 100 entries at most."),
        ('"cluster_trial"', '"guess"', None),
        ('{ ALL = "ALL_before" }', '["ALL"]', "“baselines” must be a table."),
        ('{ ALL = "ALL_before" }', '{ ALL = "ALL" }', "An outcome cannot be its own baseline."),
        (
            '{ ALL = "ALL_before" }',
            '{ LEN = "x" }',
            "Baselines are given for what is no outcome: LEN.",
        ),
        ('by = "day"', "by = 5", "“by” is day, or the name of a fact of the data set."),
        ('by = "day"', r'by = "a\u0000"', "“by” is day, or the name of a fact of the data set."),
        (
            '"2026-01-01", "2026-03-31"',
            '"2026-03-31", "2026-01-01"',
            "“before” needs a first and a last day, in this order.",
        ),
        (
            '"2026-01-01", "2026-03-31"',
            '"2026-01-01"',
            "“before” needs a first and a last day, in this order.",
        ),
        ('"2026-01-01"', '"January"', "“before” needs days such as 2026-01-31."),
        ('"2026-03-31"', '"2026-07-01"', "“after” must begin when “before” is over."),
        ('["2026-07-01", "2026-09-30"]', "5", "“before” and “after” are lists."),
        ('["2026-07-01", "2026-09-30"]', "[]", "“before” and “after” are lists."),
        (
            'before = ["2026-01-01", "2026-03-31"]',
            "",
            "“rows” needs “by” with “before” and “after”, or “by” with “each”, or nothing.",
        ),
    ],
)
def test_plan_with_a_fault_says_which(given, wrong, sentence):
    assert PLAN.count(given) == 1
    expected = sentence or f"The design must be one of {', '.join(of_measurement.ESTIMATORS)}."

    assert refused(PLAN.replace(given, wrong).encode()) == expected


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ('by = "day"\neach = "week"', "“each” is month, quarter or year"),
        ('by = "day"\neach = "value"', "“each” is month, quarter or year"),
        ('by = "round"\neach = "month"', "“each” is month, quarter or year"),
        ('by = "day"\neach = []', "“each” is month, quarter or year"),
        ('by = "round"\nbefore = ["1", "2"]\nafter = ["2"]', "cannot both hold 2."),
    ],
)
def test_rows_that_cannot_be_made_say_why(rows, sentence):
    head = PLAN.split("[rows]", maxsplit=1)[0]

    assert sentence in refused(f"{head}[rows]\n{rows}".encode())


@pytest.mark.parametrize("rows", ["", '[rows]\nby = "round"\neach = "value"'])
def test_rows_may_be_sessions_or_periods(rows):
    head = PLAN.split("[rows]", maxsplit=1)[0]
    expected = {"by": "round", "each": "value"} if rows else {}

    assert plan_files.read_plan(f"{head}{rows}".encode())["rows"] == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The plan is empty."),
        (b"# nothing but a remark", "The plan is empty."),
        (b"rows = 5", "“question” is missing."),
        (b"a = ", "The plan is not valid TOML:"),
        (b"a = 1\na = 2", "The plan is not valid TOML:"),
        (b"PK\x03\x04\xff\xfe", "The plan is not a text file (UTF-8)."),
        (b"a = " + b"[" * 100_000, "The plan is not valid TOML:"),
        (b"a = " + b"9" * 10_000, "The plan is not valid TOML:"),
        (b"#" * 1_000_001, "The file is larger than a megabyte."),
        (PLAN.replace("[rows]", "[rows.x]").encode(), "“rows” needs “by” with"),
        (PLAN.replace("\n[rows]", "\nrows = 3\n[x]").encode(), "“x” is not known."),
    ],
)
def test_file_that_is_no_plan_is_refused_with_a_sentence(content, sentence):
    assert refused(content).startswith(sentence)


def workbook(rows: list[list]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"centre,arm\nc1,mentored\nc2,other\n", "a.csv"),
        ("centre;arm\nc1;mentored\nc2;other\n".encode("utf-16"), "a.csv"),
        (workbook([["centre", "arm"], ["c1", "mentored"], ["c2", "other"]]), "a.xlsx"),
    ],
)
def test_assignment_is_read_from_csv_and_xlsx(content, name):
    assert plan_files.read_assignment(content, name) == [
        {"centre": "c1", "arm": "mentored"},
        {"centre": "c2", "arm": "other"},
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"school,arm\nc1,x\n", "The assignment needs a column “centre” or “room”."),
        (b"centre,arm\nc1,x\nc2,y\nc1,y\n", "These stand twice in the assignment: c1."),
        (b"centre,arm\nc1,x\n,y\n", "Row 3 of the assignment names no centre or room."),
        (b"centre,arm,arm\nc1,x,y\n", "The assignment has the column “arm” twice."),
        (b"centre,arm\n", "The assignment has no rows."),
        (b"centre,arm\nc1,a\x00b\n", "This is not a spreadsheet."),
        (b"", "The file is empty."),
        (b"PK\x03\x04 no workbook", "The workbook is damaged."),
    ],
)
def test_assignment_with_a_fault_says_which(content, sentence):
    with pytest.raises(ValidationError) as caught:
        plan_files.read_assignment(content, "a.xlsx" if content[:2] == b"PK" else "a.csv")
    (found,) = caught.value.messages
    assert found.startswith(sentence)


def test_rooms_of_one_centre_are_no_repetition():
    found = plan_files.read_assignment(b"room,centre\nr1,c1\nr2,c1\n", "a.csv")

    assert [row["room"] for row in found] == ["r1", "r2"]


def test_code_is_of_the_name_and_of_what_is_said():
    plan = plan_files.read_plan(PLAN.encode())
    first = plan_files.code_of("Mi plan", plan, [])

    assert first.startswith("mi-plan-")
    assert first == plan_files.code_of("Mi plan", plan, [])
    assert first != plan_files.code_of("Mi plan", plan, [{"centre": "c1"}])


RIGHT = {
    "question": "Q?",
    "design": "cluster_trial",
    "primary": ["ALL"],
    "unit": "room",
    "cluster": "centre",
    "arm": "arm",
    "seed": 7,
}
DID = {"design": "did", "period": "period"}
WRONG = [
    *({"design": design, "arm": None} for design in of_measurement.ESTIMATORS),
    {"design": "did", "estimator": "two_by_two"},
    {"design": "guess"},
    {"estimator": "guess"},
    {"question": " "},
    {"primary": []},
    {"unit": ""},
    {"secondary": ["ALL"]},
    {"alpha": 0},
    {"minimum_n": 1},
    {"resamples": 10},
    {"strata": "region", "pairs": "pair"},
    {"reliability": 2.0},
    {"design": "matched", "pairs": "pair"},
    DID | {"strata": "region", "baselines": {"ALL": "ALL_before"}},
    {"baselines": {"ALL": "ALL", "X": "Y"}},
    {"equivalence": {"ALL": 0, "X": 1}},
    {"lower_is_better": ["X"]},
    DID | {"multiplicity": "westfall_young"},
    {"multiplicity": "guess"},
]


@pytest.mark.parametrize("change", WRONG)
def test_what_measurement_says_of_a_plan_is_known_here(change):
    problems = of_measurement.Plan.from_dict(RIGHT | change).problems()

    assert problems
    assert [problem for problem in problems if sentences.known(problem) is None] == []


def test_sentence_nobody_knows_stays_as_it_is():
    assert sentences.sentence("Something new.") == "Something new."
