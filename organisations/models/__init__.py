from organisations.models.imports import ImportFile
from organisations.models.posts import Post
from organisations.models.units import Unit, UnitLabel
from organisations.models.users import User

__all__ = ["ImportFile", "Post", "Unit", "UnitLabel", "User"]
