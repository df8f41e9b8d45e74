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
from observation.models.double import (
    Adjudication,
    CodingDraw,
    CodingPair,
    PairCoding,
)
from observation.models.exports import (
    Export,
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
from observation.models.pictures import (
    SessionPicture,
)
from observation.models.quality import (
    QualityRules,
    Reinstatement,
)
from observation.models.rounds import (
    EvaluationRound,
    RoundAssignment,
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
from observation.models.showing import (
    ShowingRule,
)

__all__ = [
    "Adjudication",
    "CaseEntry",
    "Certificate",
    "CertificateReminder",
    "CertificateRevocation",
    "CertificationGate",
    "ClipCode",
    "ClipCoding",
    "CodingDraw",
    "CodingPair",
    "CodingRound",
    "Cycle",
    "Dataset",
    "Domain",
    "EvaluationRound",
    "Export",
    "FileForm",
    "Instrument",
    "InstrumentFile",
    "InstrumentVersion",
    "Item",
    "MasterCode",
    "ObservationSession",
    "PairCoding",
    "QualityRules",
    "Rating",
    "Reinstatement",
    "RoundAssignment",
    "SafeguardingAlert",
    "SafeguardingCase",
    "SafeguardingLimits",
    "Scale",
    "SessionPicture",
    "SessionScore",
    "ShowingRule",
    "TrainingClip",
]
