from observation.models.instruments import Domain, Instrument, InstrumentVersion, Item, Scale
from observation.models.safeguarding import (
    CaseEntry,
    SafeguardingAlert,
    SafeguardingCase,
    SafeguardingLimits,
)
from observation.models.sessions import (
    Cycle,
    Dataset,
    ObservationSession,
    Rating,
    SessionScore,
)

__all__ = [
    "CaseEntry",
    "Cycle",
    "Dataset",
    "Domain",
    "Instrument",
    "InstrumentVersion",
    "Item",
    "ObservationSession",
    "Rating",
    "SafeguardingAlert",
    "SafeguardingCase",
    "SafeguardingLimits",
    "Scale",
    "SessionScore",
]
