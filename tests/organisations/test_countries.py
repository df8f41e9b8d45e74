import csv
import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from organisations import labels
from organisations.models import Unit, UnitLabel


@pytest.fixture
def mexico(db) -> str:
    out = io.StringIO()
    call_command("load_country", stdout=out)
    return out.getvalue()


def test_mexico_has_its_35_regions_with_their_states(mexico):
    with (settings.BASE_DIR / "content" / "ooad.csv").open(encoding="utf-8") as file:
        wanted = [(row["ooad_name"], row["inegi_state_code"]) for row in csv.DictReader(file)]

    regions = Unit.objects.of_kind("region").order_by("code")

    assert len(regions) == 35
    assert [(unit.name, unit.state_code) for unit in regions] == wanted
    assert (regions[0].code, regions[34].code) == ("ooad-01", "ooad-35")
    assert {unit.get_parent().code for unit in regions[:2]} == {"imss"}
    # Two regions may share a state.
    assert regions.filter(state_code="15").count() == 2
    assert Unit.find_problems() == ([], [], [], [], [])


def test_mexico_again_keeps_what_is_there(mexico):
    Unit.objects.filter(code="ooad-05").update(name="Otro nombre")
    UnitLabel.objects.filter(unit__code="imss", kind="centre").update(singular="CECI")
    out = io.StringIO()

    call_command("load_country", stdout=out)

    assert out.getvalue() == "México: 0 units opened, 37 were there.\n"
    assert Unit.objects.get(code="ooad-05").name == "Otro nombre"
    assert set(UnitLabel.objects.filter(kind="centre").values_list("singular", flat=True)) == {
        "CECI",
        "centro",
        "centre",
    }


def test_mexico_calls_kinds_neutrally_and_imss_in_its_own_words(mexico):
    table = labels.table()
    country, imss = Unit.objects.get(code="mx"), Unit.objects.get(code="imss")

    def words(unit):
        return [str(labels.resolve(table, kind, unit.path, "es").plural) for kind in KINDS]

    assert words(country) == ["regiones", "zonas", "centros", "salas"]
    assert words(imss) == ["OOAD", "zonas", "guarderías", "salas"]


KINDS = ["region", "zone", "centre", "room"]


def test_list_of_regions_that_cannot_be_read_opens_nothing(db, tmp_path):
    file = tmp_path / "regions.csv"
    file.write_text("order,nombre\n1,Norte\n")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_country", "--file", str(file))

    assert not Unit.objects.exists()
