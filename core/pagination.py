"""How the API gives long lists: in pages of 50, or of as many as asked for up to 500."""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """``?limit=`` and ``?offset=``; a limit beyond the most is the most, rubbish is the default."""

    default_limit = 50
    max_limit = 500
