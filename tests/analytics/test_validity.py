"""The validity report of imported ratings, from the file to its own files."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from analytics import frames
from analytics.models import Run
from observation.enums import Purpose
from observation.models import Dataset, ObservationSession
from tests.factories import instruments as other
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
# Six rooms by the same two raters.
ROWS = ["sala,quien,a,b,c"] + [
    f"S{room},O{rater},{room % 4},{min(3, room % 4 + rater - 1)},{(room * 2) % 4}"
    for room in range(1, 7)
    for rater in (1, 2)
]


def imported(tmp_path, rows: list[str] = ROWS, rating_map: str = MAP, **options) -> None:
    (tmp_path / "t.csv").write_text("\n".join(rows))
    (tmp_path / "m.toml").write_text(rating_map)
    files = (str(tmp_path / "t.csv"), "--map", str(tmp_path / "m.toml"))
    call_command("import_ratings", *files, **options)


@pytest.fixture
def taller(db, tmp_path):
    """A small imported data set, six rooms by two raters."""
    make.unit("country", code="mx")
    imported(tmp_path)


def report(tmp_path, code="taller", **options) -> dict:
    options = {"language": "en"} | options
    call_command("validity", code, "--out", str(tmp_path), **options)
    return json.loads((tmp_path / f"validity-{code}-v1.json").read_text())["report"]


def counts(found: dict) -> dict[str, int]:
    return {row["what"]: row["n"] for row in found["read"]["tables"]["counts"]}


def by_domain(found: dict, part: str) -> dict[str, dict]:
    return {row["domain"]: row for row in found[part]["tables"]["domains"]}


def test_report_counts_rows_raters_and_agreement(taller, tmp_path):
    found = report(tmp_path)
    internal, agreement = (by_domain(found, part)["CAL"] for part in ("internal", "agreement"))

    assert counts(found) == {
        "sessions": 12,
        "duplicates": 0,
        "subjects": 6,
        "raters": 2,
        "clusters": 6,
        "double": 6,
        "ratings": 36,
        "na": 0,
        "missing": 0,
    }
    assert (internal["rows"], internal["complete"], internal["items"]) == (12, 12, 3)
    assert (internal["alpha"]["sufficient"], internal["alpha"]["n"]) == (True, 12)
    assert (agreement["icc"]["n"], agreement["model"]) == (6, "anova")


def test_visits_told_apart_by_their_day_are_not_averaged_as_one(db, tmp_path):
    make.unit("country", code="mx")
    days = [f"{row},{day}" for row in ROWS[1:] for day in ("d1", "d2")]
    with_day = MAP.replace("[scales", 'extra = ["día"]\n[scales')
    imported(tmp_path, [ROWS[0] + ",día", *days], with_day)

    found = report(tmp_path)

    assert (counts(found)["sessions"], counts(found)["subjects"]) == (24, 12)
    assert by_domain(found, "agreement")["CAL"]["icc"]["n"] == 12


def test_domain_of_one_item_has_no_alpha_and_is_still_reported(db, tmp_path):
    make.unit("country", code="mx")
    more = '[[items]]\ncolumns = ["d"]\nscale = "pasos"\ndomain = "LEN"\n'
    imported(tmp_path, [ROWS[0] + ",d", *(f"{row},2" for row in ROWS[1:])], MAP + more)

    found = report(tmp_path)
    single = by_domain(found, "internal")["LEN"]

    assert (single["items"], single["alpha"]["reason"]) == (1, "too_few_items")
    assert found["items"]["tables"]["items"][-1] == {
        "item": "I004",
        "domain": "LEN",
        "n": 12,
        "na": 0,
        "missing": 0,
        "mean": 2.0,
        "sd": 0.0,
        "floor": 0.0,
        "ceiling": 0.0,
        "item_rest": None,
        "alpha_if_dropped": None,
    }


def test_same_inputs_give_the_same_bytes_in_every_form(taller, tmp_path):
    for folder in ("a", "b"):
        report(tmp_path / folder)
    first, second = (
        {file.name: file.read_bytes() for file in (tmp_path / folder).iterdir()} for folder in "ab"
    )

    assert set(first) == {
        "report.css",
        *(
            f"validity-taller-v1.{ending}"
            for ending in ("html", "pdf", "xlsx", "json", "schema.json", "zip")
        ),
    }
    assert first == second
    assert Run.objects.values_list("inputs_hash", flat=True).distinct().count() == 1


def test_another_seed_is_another_run_on_the_same_inputs(taller, tmp_path):
    first, second = report(tmp_path), report(tmp_path, seed=2)

    assert first["agreement"] == second["agreement"]
    assert Run.objects.values_list("inputs_hash", flat=True).distinct().count() == 1


def test_page_is_in_the_language_asked_for(taller, tmp_path):
    report(tmp_path)
    english = (tmp_path / "validity-taller-v1.html").read_text()
    report(tmp_path, language="es")
    spanish = (tmp_path / "validity-taller-v1.html").read_text()

    assert '<html lang="en">' in english
    assert "<h1>Validity report: taller, version 1</h1>" in english
    assert '<html lang="es">' in spanish
    assert "Acuerdo entre observadoras (ICC)" in spanish
    assert (tmp_path / "report.css").exists()


def test_command_says_what_it_found_and_where_it_is(taller, tmp_path, capsys):
    report(tmp_path)
    said = capsys.readouterr().out

    assert "12 rows, of which 0 exact duplicate(s); 6 rated by 2 rater(s)." in said
    assert "CAL: 12 of 12 complete, alpha" in said
    assert f"Written: {tmp_path / 'validity-taller-v1.pdf'}" in said


def test_instrument_without_ratings_is_refused_with_a_sentence(country, tmp_path):
    call_command("load_checklist")

    with pytest.raises(CommandError, match="no closed sessions"):
        report(tmp_path, "checklist")
    assert Run.objects.get().status == "failed"


def test_instrument_with_counts_without_end_is_refused_with_a_sentence(country, tmp_path):
    other.published(other.content(other.COUNT, scoring="mean"), code="conteos")

    with pytest.raises(CommandError, match="without a highest value"):
        report(tmp_path, "conteos")


def test_instrument_that_is_not_there_names_those_that_are(taller, tmp_path):
    with pytest.raises(CommandError, match="There are: taller"):
        report(tmp_path, "nube")


def test_teach_peru_has_alpha_7544_over_352_complete_rows(shared_data, db, settings, tmp_path):
    make.unit("country", code="mx")
    plan = settings.BASE_DIR / "content" / "maps" / "teach_peru.toml"
    call_command("import_ratings", str(shared_data / "teach_peru.csv"), "--map", str(plan))
    found = report(tmp_path, "teach-peru")
    elements = by_domain(found, "internal")["ELEMENTS"]

    assert (counts(found)["sessions"], counts(found)["duplicates"]) == (362, 1)
    assert (elements["rows"], elements["complete"]) == (362, 352)
    assert round(elements["alpha"]["value"], 4) == 0.7544
    assert round(elements["without_duplicates"]["value"], 4) == 0.7518


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


def test_data_set_of_another_unit_is_neither_offered_nor_taken(country, client, tmp_path):
    imported(tmp_path, unit="sur")
    version = Dataset.objects.get().version_id

    def offered(region) -> list[int]:
        client.force_login(make.person("regional", region))
        form = client.get(reverse("analytics:validity")).context["form"]
        return [one.pk for one in form.fields["version"].queryset]

    assert (offered(country.elsewhere.region), offered(country.here.region)) == ([version], [])
    sent = {"version": version, "unit": "norte", "observers": "official"}
    sent |= {"starts_on": "2026-01-01", "ends_on": "2026-06-30"}
    english = {"Accept-Language": "en"}
    answer = client.post(reverse("analytics:validity"), sent, headers=english)
    assert answer.status_code == 400
    assert "Choose an instrument from the list." in answer.content.decode()
    assert not Run.objects.exists()
