from lrs.models.credentials import Credential
from lrs.models.documents import Document
from lrs.models.erasures import Erasure, RetentionRule
from lrs.models.refusals import RefusedRequest
from lrs.models.statements import Activity, Attachment, Mention, Statement, Void

__all__ = [
    "Activity",
    "Attachment",
    "Credential",
    "Document",
    "Erasure",
    "Mention",
    "RefusedRequest",
    "RetentionRule",
    "Statement",
    "Void",
]
