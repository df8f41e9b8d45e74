"""What every address of the API shares: who may, how often, by which key."""

from typing import cast

from django.http import Http404
from rest_framework import generics
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound

from organisations.adapters import HoldsPermission, PerPerson, TokenAuthentication
from organisations.models import User


class Reading(generics.GenericAPIView):
    """Read only: signed in, or with a key that has the view's ``scope``."""

    permission = "observation.view"
    scope = "observation.read"
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [HoldsPermission]
    throttle_classes = [PerPerson]

    def handle_exception(self, exc: Exception):
        """What is not there in the words of the reader, not of the code."""
        return super().handle_exception(NotFound() if isinstance(exc, Http404) else exc)

    @property
    def person(self) -> User:
        """Who asks; HoldsPermission let nobody else in."""
        return cast(User, self.request.user)
