from lrs.models.credentials import Credential
from lrs.models.documents import Document
from lrs.models.erasures import Erasure, RetentionRule
from lrs.models.forwarding import Delivery, Destination
from lrs.models.imports import Import, LeftOut, Origin
from lrs.models.refusals import RefusedRequest
from lrs.models.statements import Activity, Attachment, Mention, Statement, Void

__all__ = [
    "Activity",
    "Attachment",
    "Credential",
    "Delivery",
    "Destination",
    "Document",
    "Erasure",
    "Import",
    "LeftOut",
    "Mention",
    "Origin",
    "RefusedRequest",
    "RetentionRule",
    "Statement",
    "Void",
]
