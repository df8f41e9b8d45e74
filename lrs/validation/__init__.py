"""What xAPI asks of a statement, rule by rule."""

from lrs.validation.bodies import parse
from lrs.validation.rules import Malformed
from lrs.validation.statements import check_agent, check_statement

__all__ = ["Malformed", "check_agent", "check_statement", "parse"]
