"""What xAPI asks of a statement, rule by rule."""

from core.bodies import Malformed, parse
from lrs.validation.statements import check_agent, check_statement

__all__ = ["Malformed", "check_agent", "check_statement", "parse"]
