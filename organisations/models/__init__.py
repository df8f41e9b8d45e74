from organisations.models.posts import Post
from organisations.models.units import Unit, UnitLabel
from organisations.models.users import User

__all__ = ["Post", "Unit", "UnitLabel", "User"]
