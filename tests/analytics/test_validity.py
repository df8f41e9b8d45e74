import json

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from analytics import frames
from analytics.actions.validity import report as report_of
from analytics.models import Run
from observation.enums import Purpose
from observation.models import Dataset, ObservationSession
from tests.factories import observation as observe
from tests.factories import organisations as make

MAP = """
instrument = "taller"
[columns]
object = ["sala"]
rater = "quien"
[scales.pasos]
minimum = 0
maximum = 3
[[items]]
columns = ["C:E"]
scale = "pasos"
domain = "CAL"
"""
# Six rooms by the same two raters: alpha and ICC computed by hand from the formulas below.
ROWS = ["sala,quien,a,b,c"] + [
    f"S{room},O{rater},{room % 4},{min(3, room % 4 + rater - 1)},{(room * 2) % 4}"
    for room in range(1, 7)
    for rater in (1, 2)
]


@pytest.fixture
def taller(db, tmp_path):
    """A small imported data set, six rooms by two raters."""
    make.unit("country", code="mx")
    (tmp_path / "t.csv").write_text("\n".join(ROWS))
    (tmp_path / "m.toml").write_text(MAP)
    call_command("import_ratings", str(tmp_path / "t.csv"), "--map", str(tmp_path / "m.toml"))


def report(tmp_path, code="taller") -> dict:
    call_command("validity", code, "--out", str(tmp_path), "--language", "en")
    return json.loads((tmp_path / f"validity-{code}-v1.json").read_text())


def test_report_counts_rows_raters_and_agreement(taller, tmp_path):
    (domain,) = report(tmp_path)["report"]["domains"]

    assert (domain["rows"], domain["complete"], domain["items"]) == (12, 12, 3)
    assert domain["alpha"]["sufficient"]
    assert domain["alpha"]["n"] == 12
    assert domain["agreement"]["n"] == 6


def test_visits_told_apart_by_their_day_are_not_averaged_as_one(db, tmp_path):
    make.unit("country", code="mx")
    days = [f"{row},{day}" for row in ROWS[1:] for day in ("d1", "d2")]
    (tmp_path / "t.csv").write_text("\n".join([ROWS[0] + ",día", *days]))
    (tmp_path / "m.toml").write_text(MAP.replace("[scales", 'extra = ["día"]\n[scales'))
    call_command("import_ratings", str(tmp_path / "t.csv"), "--map", str(tmp_path / "m.toml"))

    found = report(tmp_path)["report"]

    assert (found["rows"], found["subjects"]) == (24, 12)
    assert found["domains"][0]["agreement"]["n"] == 12


def test_domain_of_one_item_has_no_alpha_and_is_still_reported(db, tmp_path):
    make.unit("country", code="mx")
    (tmp_path / "t.csv").write_text("\n".join(row + ",2" for row in ROWS).replace(",c,2", ",c,d"))
    more = '[[items]]\ncolumns = ["d"]\nscale = "pasos"\ndomain = "LEN"\n'
    (tmp_path / "m.toml").write_text(MAP + more)
    call_command("import_ratings", str(tmp_path / "t.csv"), "--map", str(tmp_path / "m.toml"))

    _first, single = report(tmp_path)["report"]["domains"]

    assert (single["items"], single["alpha"]["sufficient"]) == (1, False)
    assert single["rows_by_item"][0]["figures"] == {
        "mean": 2.0,
        "sd": 0.0,
        "floor": 0.0,
        "ceiling": 0.0,
        "item_rest": None,
        "alpha_if_dropped": None,
    }


def test_same_inputs_give_the_same_bytes(taller, tmp_path):
    report(tmp_path)
    first = (tmp_path / "validity-taller-v1.json").read_bytes()
    report(tmp_path)

    assert (tmp_path / "validity-taller-v1.json").read_bytes() == first
    assert Run.objects.values_list("inputs_hash", flat=True).distinct().count() == 1


def test_page_is_in_the_language_asked_for(taller, tmp_path):
    report(tmp_path)
    page = (tmp_path / "validity-taller-v1.html").read_text()

    assert "<h1>Validity report: taller, version 1</h1>" in page
    assert (tmp_path / "report.css").exists()


def test_instrument_without_ratings_is_refused_with_a_sentence(country, tmp_path):
    call_command("load_checklist")

    with pytest.raises(CommandError, match="no closed sessions"):
        report(tmp_path, "checklist")
    assert Run.objects.get().status == "failed"


def test_instrument_that_is_not_there_names_those_that_are(taller, tmp_path):
    with pytest.raises(CommandError, match="There are: taller"):
        report(tmp_path, "nube")


def test_teach_peru_has_alpha_7544_over_352_complete_rows(shared_data, db, settings, tmp_path):
    make.unit("country", code="mx")
    plan = settings.BASE_DIR / "content" / "maps" / "teach_peru.toml"
    call_command("import_ratings", str(shared_data / "teach_peru.csv"), "--map", str(plan))
    found = report(tmp_path, "teach-peru")["report"]
    elements = found["domains"][0]

    assert (found["rows"], found["exact_duplicates"]) == (362, 1)
    assert (elements["rows"], elements["complete"]) == (362, 352)
    assert round(elements["alpha"]["value"], 4) == 0.7544
    assert round(elements["alpha_without_duplicates"]["value"], 4) == 0.7518


ITEMS = pd.DataFrame(
    [("a", 0, 3), ("b", 0, 3), ("c", 0, 1)], columns=["item", "minimum", "maximum"]
).assign(text="", domain="CAL", domain_name="Warmth")


def rated(rows: list[tuple], comparable: bool = True) -> pd.DataFrame:
    """One rating per (subject, rater, item, value): each subject and rater a session."""
    frame = pd.DataFrame(rows, columns=["subject", "rater", "item", "value"])
    return frame.assign(
        session=frame["subject"] + frame["rater"],
        comparable=comparable,
        duplicate=False,
        state=np.where(frame["value"].isna(), "missing", "scored"),
        value=frame["value"].astype(float),
    )


def sheets(scores: dict[str, dict[str, int]]) -> pd.DataFrame:
    """Ratings in which each rater gives each subject the same value in items a and b."""
    return rated(
        [
            (subject, rater, item, value)
            for rater, given in scores.items()
            for subject, value in given.items()
            for item in ("a", "b")
        ]
    )


def domain_of(ratings: pd.DataFrame, items: pd.DataFrame = ITEMS[:2]) -> dict:
    return report_of(items, ratings)["domains"][0]


def test_agreement_of_four_raters_equals_published():
    # Shrout & Fleiss (1979), table 2; R psych 2.2.9.
    judges = ([9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7])
    given = {
        rater: dict(zip("uvwxyz", values, strict=True))
        for rater, values in zip("ABCD", judges, strict=True)
    }

    found = domain_of(sheets(given))["agreement"]

    assert found["value"] == pytest.approx(0.2897637795276, abs=1e-11)
    assert found["low"] == pytest.approx(0.01878651337471, abs=1e-9)
    assert (found["n"], found["method"]) == (6, "ICC(2,1), 4 raters, F interval")


def test_agreement_of_raters_in_changing_pairs_says_so():
    given = {"A": {"u": 1, "v": 2}, "B": {"u": 1, "v": 3, "w": 0}, "C": {"w": 1, "x": 2}}

    found = domain_of(sheets(given))["agreement"]

    # u and v by A and B, w by B and C; x by C alone was not coded twice.
    assert (found["reason"], found["n"]) == ("changing_raters", 3)


def test_agreement_with_an_answer_left_out_keeps_the_other_subjects():
    given = {rater: {s: ord(s) % 5 for s in "uvwxyz"} for rater in ("A", "B")}
    given["B"]["u"] = 3
    ratings = sheets(given)
    ratings.loc[ratings["session"].eq("zA") & ratings["item"].eq("a"), "value"] = np.nan

    assert domain_of(ratings)["agreement"]["n"] == 5


def test_agreement_where_nobody_saw_the_same_has_no_overlap():
    found = domain_of(sheets({"A": {"u": 1, "v": 2}, "B": {"w": 3}}))["agreement"]

    assert found["reason"] == "no_overlap"


def test_formative_and_official_session_of_a_day_are_not_coded_twice(country):
    room = country.here.rooms[0]
    zonal = [make.person("zonal", country.here.zone) for _each in range(2)]
    observe.closed(room)
    for observer in zonal:
        observe.closed(room, observer, purpose=Purpose.OFFICIAL)

    sessions = frames.session_facts(ObservationSession.objects.all())

    assert sessions["subject"].nunique() == 1
    assert set(sessions.loc[sessions["comparable"], "rater"]) == {str(who.pk) for who in zonal}
    assert len(sessions) == 3


def test_item_figures_are_over_all_its_ratings_and_its_own_scale():
    # Item c goes from 0 to 1. Session uA has two cycles: a is 3 in one and 0 in the other.
    ratings = rated(
        [
            *[("u", "A", "a", 3), ("u", "A", "a", 0), ("u", "A", "b", 2), ("u", "A", "c", 1)],
            *[("v", "A", "a", 3), ("v", "A", "b", None), ("v", "A", "c", 1)],
        ]
    )

    a, b, c = domain_of(ratings, ITEMS)["rows_by_item"]

    assert (a["scored"], b["scored"], b["missing"], c["scored"]) == (3, 1, 1, 2)
    assert a["figures"]["mean"] == 2
    assert (a["figures"]["floor"], a["figures"]["ceiling"]) == (1 / 3, 2 / 3)
    assert (c["figures"]["floor"], c["figures"]["ceiling"]) == (0, 1)
    assert domain_of(ratings, ITEMS)["complete"] == 1


@pytest.mark.parametrize(
    ("rows", "spread", "verdict"),
    [
        (200, 0.5, "yes"),
        (200, 3.0, "no"),
        (40, 1.25, "undecided"),
        (29, 0.1, "insufficient"),  # alpha near 1, yet too few rows
    ],
)
def test_verdict_goes_by_the_interval(rows, spread, verdict):
    rng = np.random.default_rng(3)
    true = rng.normal(size=rows)
    given = [
        (f"s{row}", "A", item, true[row] + spread * rng.normal())
        for row in range(rows)
        for item in ("a", "b", "c")
    ]

    found = domain_of(rated(given), ITEMS)

    assert found["verdict"] == verdict
    low, high = found["alpha"]["low"], found["alpha"]["high"]
    expected = "yes" if low >= 0.7 else "no" if high < 0.7 else "undecided"
    assert verdict in (expected, "insufficient")


def test_data_set_of_another_unit_is_neither_offered_nor_taken(country, client, tmp_path):
    (tmp_path / "t.csv").write_text("\n".join(ROWS))
    (tmp_path / "m.toml").write_text(MAP)
    files = (str(tmp_path / "t.csv"), "--map", str(tmp_path / "m.toml"))
    call_command("import_ratings", *files, "--unit", "sur")
    version = Dataset.objects.get().version_id

    def offered(region) -> list[int]:
        client.force_login(make.person("regional", region))
        form = client.get(reverse("analytics:validity")).context["form"]
        return [one.pk for one in form.fields["version"].queryset]

    assert (offered(country.elsewhere.region), offered(country.here.region)) == ([version], [])
    answer = client.post(reverse("analytics:validity"), {"version": version})
    assert answer.status_code == 400
    assert not Run.objects.exists()
