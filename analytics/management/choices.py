"""Instruments and units by the codes that a command is given."""

from django.core.management.base import CommandError

from observation.models import InstrumentVersion
from organisations.models import Unit


def version_of(code: str, number: int | None) -> InstrumentVersion:
    """The published version of an instrument, the newest where no number is given."""
    versions = InstrumentVersion.objects.filter(instrument__code=code).exclude(status="draft")
    if number:
        versions = versions.filter(number=number)
    if found := versions.order_by("-number").first():
        return found
    known = ", ".join(
        InstrumentVersion.objects.exclude(status="draft")
        .values_list("instrument__code", flat=True)
        .distinct()
    )
    raise CommandError(
        f"There is no published instrument “{code}”. "
        + (f"There are: {known}." if known else "Load or import one first.")
    )


def unit_of(version: InstrumentVersion, code: str) -> Unit:
    """The unit of that code; without one that of the data set, else the whole country."""
    if not code and hasattr(version, "dataset"):
        return version.dataset.unit
    return place_of(code)


def place_of(code: str) -> Unit:
    """The unit of that code; without one the whole country."""
    if code:
        if found := Unit.objects.filter(code=code).first():
            return found
        raise CommandError(f"There is no unit with the code {code}.")
    if found := Unit.objects.filter(depth=1).first():
        return found
    raise CommandError("There are no units yet. Load them first: manage.py load_country")
