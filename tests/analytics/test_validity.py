import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from analytics.models import Run
from observation.models import Dataset
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


def test_domain_of_one_item_has_no_alpha_and_is_still_reported(db, tmp_path):
    make.unit("country", code="mx")
    (tmp_path / "t.csv").write_text("\n".join(row + ",2" for row in ROWS).replace(",c,2", ",c,d"))
    more = '[[items]]\ncolumns = ["d"]\nscale = "pasos"\ndomain = "LEN"\n'
    (tmp_path / "m.toml").write_text(MAP + more)
    call_command("import_ratings", str(tmp_path / "t.csv"), "--map", str(tmp_path / "m.toml"))

    _first, single = report(tmp_path)["report"]["domains"]

    assert (single["items"], single["alpha"]["sufficient"]) == (1, False)
    assert set(single["rows_by_item"][0]["figures"].values()) == {None}


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
