"""A statement's place in the order of storing: microseconds and, below them, the process.

Statements of a batch lie a microsecond apart. Two processes meet only where both store within the
same microsecond and drew the same ten bits: then one of them is refused and stores anew.
"""

import datetime
import secrets

BITS = 10
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
_own = secrets.randbelow(1 << BITS)


def of(moment: datetime.datetime) -> int:
    """The position of what this process stores at ``moment``."""
    return first(moment) + _own


def first(moment: datetime.datetime) -> int:
    """The least position at ``moment``."""
    return (moment - EPOCH) // MICROSECOND << BITS


def after(moment: datetime.datetime) -> int:
    """The least position later than ``moment``."""
    return first(moment + MICROSECOND)
