"""Does an item work alike in all groups, at equal standing on the whole?"""

from measurement.irt.dif.logistic import logistic_dif
from measurement.irt.dif.mantel import mantel_haenszel

__all__ = ["logistic_dif", "mantel_haenszel"]
