from observation.models.instrument_files import FileForm, InstrumentFile
from observation.models.instruments import Domain, Instrument, InstrumentVersion, Item, Scale
from observation.models.sessions import (
    Cycle,
    Dataset,
    ObservationSession,
    Rating,
    SafeguardingAlert,
    SessionScore,
)

__all__ = [
    "Cycle",
    "Dataset",
    "Domain",
    "FileForm",
    "Instrument",
    "InstrumentFile",
    "InstrumentVersion",
    "Item",
    "ObservationSession",
    "Rating",
    "SafeguardingAlert",
    "Scale",
    "SessionScore",
]
