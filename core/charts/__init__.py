"""Charts drawn on the server as SVG, each with the rows of the table that stands beside it.

Colours come from classes (static/css/charts.css), never from style attributes, so that the content
security policy holds and dark and print follow the tokens. Each series has a marker shape as well
as a colour. Values are plain numbers in the unit of the axis; None is “insufficient data”.
"""

from core.charts.control import control
from core.charts.figures import Chart, Estimate, Point, Series
from core.charts.funnel import WHERE, funnel
from core.charts.heat import Row, heat
from core.charts.lines import line
from core.charts.rows import bar_with_interval, dot_with_interval

__all__ = [
    "WHERE",
    "Chart",
    "Estimate",
    "Point",
    "Row",
    "Series",
    "bar_with_interval",
    "control",
    "dot_with_interval",
    "funnel",
    "heat",
    "line",
]
