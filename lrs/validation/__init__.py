"""What xAPI asks of a statement, rule by rule."""

from core.bodies import Malformed, parse
from lrs.validation.statements import VOIDED, check_actor, check_agent, check_statement

__all__ = ["VOIDED", "Malformed", "check_actor", "check_agent", "check_statement", "parse"]
