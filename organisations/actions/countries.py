"""The default tree of a country: its provider and regions, and what their kinds are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from organisations.actions import labels, units
from organisations.enums import UnitKind
from organisations.models import Unit, User

# (kind, language): one, several. Neutral words for the country, IMSS's own below the provider.
MEXICO = {
    ("country", "es"): ("país", "países"),
    ("country", "en"): ("country", "countries"),
    ("provider", "es"): ("institución", "instituciones"),
    ("provider", "en"): ("provider", "providers"),
    ("region", "es"): ("región", "regiones"),
    ("region", "en"): ("region", "regions"),
    ("zone", "es"): ("zona", "zonas"),
    ("zone", "en"): ("zone", "zones"),
    ("centre", "es"): ("centro", "centros"),
    ("centre", "en"): ("centre", "centres"),
    ("room", "es"): ("sala", "salas"),
    ("room", "en"): ("room", "rooms"),
}
IMSS = {
    ("region", "es"): ("OOAD", "OOAD"),
    ("region", "en"): ("OOAD", "OOAD"),
    ("centre", "es"): ("guardería", "guarderías"),
    ("centre", "en"): ("nursery", "nurseries"),
}


@dataclass(frozen=True)
class Loaded:
    """The country, and how many units were opened and how many were there."""

    country: Unit
    opened: int
    there: int


@transaction.atomic
def load_mexico(*, rows: Iterable[Mapping[str, str]], by: User | None) -> Loaded:
    """Open Mexico, IMSS and its regions ``rows`` (order, ooad_name, inegi_state_code).

    What is there stays as it is, with the name that a coordinator may have given it since.
    """
    before = Unit.objects.count()
    mexico = _open(None, by, kind=UnitKind.COUNTRY, code="mx", name="México")
    imss = _open(mexico, by, kind=UnitKind.PROVIDER, code="imss", name="IMSS")
    number = 2
    for row in rows:
        _open(
            imss,
            by,
            kind=UnitKind.REGION,
            code=f"ooad-{int(row['order']):02d}",
            name=row["ooad_name"],
            state_code=row["inegi_state_code"],
        )
        number += 1
    for unit, words in ((mexico, MEXICO), (imss, IMSS)):
        if not unit.labels.exists():
            for (kind, language), (one, several) in words.items():
                labels.choose(
                    unit=unit, kind=kind, language=language, singular=one, plural=several, by=by
                )
    opened = Unit.objects.count() - before
    return Loaded(mexico, opened, number - opened)


def _open(parent: Unit | None, by: User | None, *, code: str, **fields) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    return unit or units.open(parent=parent, code=code, by=by, **fields)
