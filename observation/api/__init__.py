"""Observation for programs: read only, within the jurisdiction of the person whose key it is."""

from observation.api.instruments import InstrumentDetail, InstrumentList
from observation.api.sessions import RatingList, ScoreList, SessionDetail, SessionList

__all__ = [
    "InstrumentDetail",
    "InstrumentList",
    "RatingList",
    "ScoreList",
    "SessionDetail",
    "SessionList",
]
