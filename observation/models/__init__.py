from observation.models.certification import (
    Certificate,
    CertificateReminder,
    CertificateRevocation,
    CertificationGate,
    ClipCode,
    ClipCoding,
    CodingRound,
)
from observation.models.clips import (
    MasterCode,
    TrainingClip,
)
from observation.models.instrument_files import (
    FileForm,
    InstrumentFile,
)
from observation.models.instruments import (
    Domain,
    Instrument,
    InstrumentVersion,
    Item,
    Scale,
)
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
    "Certificate",
    "CertificateReminder",
    "CertificateRevocation",
    "CertificationGate",
    "ClipCode",
    "ClipCoding",
    "CodingRound",
    "Cycle",
    "Dataset",
    "Domain",
    "FileForm",
    "Instrument",
    "InstrumentFile",
    "InstrumentVersion",
    "Item",
    "MasterCode",
    "ObservationSession",
    "Rating",
    "SafeguardingAlert",
    "SafeguardingCase",
    "SafeguardingLimits",
    "Scale",
    "SessionScore",
    "TrainingClip",
]
