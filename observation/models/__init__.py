from observation.models.exports import Export
from observation.models.instruments import Domain, Instrument, InstrumentVersion, Item, Scale
from observation.models.sessions import (
    Cycle,
    Dataset,
    ObservationSession,
    Rating,
    SafeguardingAlert,
    SessionScore,
)
from observation.models.showing import ShowingRule

__all__ = [
    "Cycle",
    "Dataset",
    "Domain",
    "Export",
    "Instrument",
    "InstrumentVersion",
    "Item",
    "ObservationSession",
    "Rating",
    "SafeguardingAlert",
    "Scale",
    "SessionScore",
    "ShowingRule",
]
