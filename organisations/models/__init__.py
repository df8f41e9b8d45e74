from organisations.models.imports import ImportFile
from organisations.models.posts import Post
from organisations.models.tokens import AccessToken
from organisations.models.units import Unit, UnitLabel
from organisations.models.users import User

__all__ = ["AccessToken", "ImportFile", "Post", "Unit", "UnitLabel", "User"]
