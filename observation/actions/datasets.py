"""Somebody else's ratings become an instrument with sessions: all of them, or none."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.fields import Translated
from core.refusals import Refusal
from observation.actions import instruments
from observation.enums import InstrumentKind, ItemKind, Purpose, ScaleKind, SessionStatus
from observation.models import (
    Cycle,
    Dataset,
    Domain,
    Instrument,
    InstrumentVersion,
    Item,
    ObservationSession,
    Rating,
    Scale,
)
from observation.serializers.rating_map import RatingMap, ScaleMap
from observation.serializers.rating_table import RatingTable, TableRow

BATCH = 5000


@transaction.atomic
def add(
    *, table: RatingTable, rating_map: RatingMap, content: bytes, unit, by=None
) -> tuple[Dataset, bool]:
    """Make the data set of a table read without errors; returns it and whether it is new.

    ``content`` is the file itself: the same file and map under the same code are recognised and
    nothing is written; another file or map under that code is refused. Sessions are closed from
    the start and are numbered by the line of the file.
    """
    if table.errors:
        raise ValueError("A table with errors cannot become a data set.")
    file_hash, map_hash = hashlib.sha256(content).hexdigest(), _map_hash(rating_map)
    if existing := Dataset.objects.filter(code=rating_map.instrument).first():
        return _same(existing, file_hash, map_hash), False
    if Instrument.objects.filter(code=rating_map.instrument).exists():
        raise Refusal(
            _("There is already an instrument “%(code)s”. Give another code in the map.")
            % {"code": rating_map.instrument}
        )
    version, items = _make_version(table, rating_map, by)
    dataset = Dataset.objects.create(
        code=rating_map.instrument,
        unit=unit,
        version=version,
        file_hash=file_hash,
        map_hash=map_hash,
        report={
            "rows": table.lines,
            "exact_duplicates": table.duplicates,
            "items": len(table.items),
            "raters": len({row.rater for row in table.rows}),
            "subjects": len({row.subject for row in table.rows}),
        },
    )
    _add_sessions(dataset, table, items)
    audit.record("datasets.add", dataset, by=by, detail=dataset.report)
    return dataset, True


def _same(dataset: Dataset, file_hash: str, map_hash: str) -> Dataset:
    if dataset.file_hash != file_hash:
        raise Refusal(
            _(
                "“%(code)s” was already imported from another file, and nothing was changed. "
                "Give another code in the map to import this one beside it."
            )
            % {"code": dataset.code}
        )
    if dataset.map_hash not in ("", map_hash):
        raise Refusal(
            _(
                "“%(code)s” was already imported from this file with another map, and nothing was "
                "changed. Give another code in the map to import the file as this map reads it."
            )
            % {"code": dataset.code}
        )
    return dataset


def _map_hash(rating_map: RatingMap) -> str:
    """Hash of what a map says; comments, order of keys and what is the default do not count."""
    said = json.dumps(rating_map.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _make_version(
    table: RatingTable, rating_map: RatingMap, by
) -> tuple[InstrumentVersion, dict[str, Item]]:
    instrument = Instrument.objects.create(
        code=rating_map.instrument,
        kind=InstrumentKind.IMPORTED,
        name=Translated(rating_map.title),
    )
    version = InstrumentVersion.objects.create(instrument=instrument, number=1)
    scales = {
        code: Scale.objects.create(
            version=version,
            code=code,
            kind=ScaleKind.ORDINAL,
            minimum=min(scale.steps.values()),
            maximum=max(scale.steps.values()),
            options=_options(scale),
        )
        for code, scale in rating_map.scales.items()
    }
    names = {block.domain: block.domain_title for block in rating_map.items}
    domains = {
        code: Domain.objects.create(version=version, code=code, order=order, name=Translated(name))
        for order, (code, name) in enumerate(names.items(), start=1)
    }
    items = [
        Item(
            version=version,
            domain=domains[item.domain],
            scale=scales[item.scale],
            code=item.code,
            order=order,
            kind=ItemKind.SCORED,
            text=Translated(dict.fromkeys(rating_map.title, item.text)),
            na_allowed=bool(rating_map.read.not_applicable),
        )
        for order, item in enumerate(table.items, start=1)
    ]
    Item.objects.bulk_create(items)
    instruments.publish(version=version, by=by)
    return version, {item.code: item for item in items}


def _options(scale: ScaleMap) -> list[dict]:
    """The letters of a lettered scale, lowest first; a numbered one needs none."""
    ordered = sorted(scale.values.items(), key=lambda entry: entry[1])
    return [{"value": value, "label": {"es": text, "en": text}} for text, value in ordered]


def _add_sessions(dataset: Dataset, table: RatingTable, items: dict[str, Item]) -> None:
    ids = {
        row.line: uuid.uuid5(uuid.NAMESPACE_OID, f"{dataset.code}/{row.line}") for row in table.rows
    }
    sessions = (
        ObservationSession(
            id=ids[row.line],
            unit=dataset.unit,
            version=dataset.version,
            dataset=dataset,
            subject=row.subject,
            cluster=row.cluster,
            rater=row.rater,
            facts=row.facts,
            line=row.line,
            duplicate_of_id=ids[row.duplicate_of] if row.duplicate_of else None,
            purpose=Purpose.OFFICIAL,
            content_hash=_row_hash(row),
        )
        for row in table.rows
    )
    ObservationSession.objects.bulk_create(sessions, batch_size=BATCH)
    cycles = [Cycle(session_id=ids[row.line], number=1) for row in table.rows]
    Cycle.objects.bulk_create(cycles, batch_size=BATCH)
    ratings = (
        Rating(cycle_id=cycle.pk, item_id=items[code].pk, state=state, value=value)
        for cycle, row in zip(cycles, table.rows, strict=True)
        for code, (state, value) in row.cells.items()
    )
    for batch in _batches(ratings):
        Rating.objects.bulk_create(batch)
    # Last: the database takes no rating into a closed session.
    dataset.sessions.update(status=SessionStatus.CLOSED, closed_at=timezone.now())


def _batches(ratings: Iterator[Rating]) -> Iterator[list[Rating]]:
    while batch := list(islice(ratings, BATCH)):
        yield batch


def _row_hash(row: TableRow) -> str:
    """Hash of a row's key and cells: equal for exact repetitions."""
    cells = sorted((code, str(state), value) for code, (state, value) in row.cells.items())
    return hashlib.sha256(repr((row.key, cells)).encode()).hexdigest()
