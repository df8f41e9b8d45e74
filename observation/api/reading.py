"""What every address of the API shares: who may, how often, by which key."""

from typing import cast

from rest_framework import generics
from rest_framework.authentication import SessionAuthentication

from organisations.adapters import HoldsPermission, PerPerson, TokenAuthentication
from organisations.models import User


class Reading(generics.GenericAPIView):
    """Read only: signed in, or with a key that has the view's ``scope``."""

    permission = "observation.view"
    scope = "observation.read"
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [HoldsPermission]
    throttle_classes = [PerPerson]

    @property
    def person(self) -> User:
        """Who asks; HoldsPermission let nobody else in."""
        return cast(User, self.request.user)
