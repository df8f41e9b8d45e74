from lrs.models.credentials import Credential
from lrs.models.documents import Document
from lrs.models.erasures import Erasure
from lrs.models.statements import Activity, Attachment, Mention, Statement, Void

__all__ = [
    "Activity",
    "Attachment",
    "Credential",
    "Document",
    "Erasure",
    "Mention",
    "Statement",
    "Void",
]
