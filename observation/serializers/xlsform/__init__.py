"""An instrument as an XLSForm, the workbook that KoboToolbox and ODK read: written and read.

What the form has no place for (weights, the rule of scoring, …) stands in columns that begin with
``trenza::`` and on the sheet ``trenza``; both are left alone by those programs. ``said`` tells a
person which these are. ``read`` understands any XLSForm as far as an instrument can hold it and
lists the rest, item by item, with its sheet, row and column.
"""

from observation.serializers.xlsform.places import InvalidForm, Place, Problem
from observation.serializers.xlsform.reading import Understood, read
from observation.serializers.xlsform.writing import said, write

__all__ = ["InvalidForm", "Place", "Problem", "Understood", "read", "said", "write"]
