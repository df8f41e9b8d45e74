"""How many dimensions do the items have, and which items belong to which?"""

from measurement.dimensionality.polychoric import Polychoric, polychoric, thresholds

__all__ = ["Polychoric", "polychoric", "thresholds"]
