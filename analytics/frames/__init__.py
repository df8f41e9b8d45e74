"""What the analyses start from: the frames of the apps below, joined to units.

Slow to import: tasks and commands only.
"""

from analytics.frames.board import board_inputs
from analytics.frames.braid import braid_inputs, named
from analytics.frames.evaluation import as_the_plan_means, evaluation_rows
from analytics.frames.hashing import digest
from analytics.frames.linkage import linkage_inputs
from analytics.frames.validity import (
    criteria,
    criterion_names,
    groups,
    items,
    names,
    session_facts,
    told,
)

__all__ = [
    "as_the_plan_means",
    "board_inputs",
    "braid_inputs",
    "criteria",
    "criterion_names",
    "digest",
    "evaluation_rows",
    "groups",
    "items",
    "linkage_inputs",
    "named",
    "names",
    "session_facts",
    "told",
]
