"""How the API gives long lists: in pages of 50, or of as many as asked for up to 500."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination, LimitOffsetPagination


class Refusing:
    """400 for a number of rows that is none: the default would pass for what was asked for."""

    least = {"limit": 1, "offset": 0}

    def paginate_queryset(self, queryset, request, view=None):
        for name, least in self.least.items():
            asked = request.query_params.get(name, "")
            if asked and not (re.fullmatch(r"[0-9]{1,100}", asked) and int(asked) >= least):
                sentence = _("Write a whole number, %(least)s or more.") % {"least": least}
                raise ValidationError({name: [sentence]})
        return super().paginate_queryset(queryset, request, view)  # type: ignore[misc]  # a mixin


class Pages(Refusing, LimitOffsetPagination):
    """``?limit=`` and ``?offset=``; a limit beyond the most is the most."""

    default_limit = 50
    max_limit = 500
    limit_query_description: Any = _("How many on a page: 50 unless said otherwise, at most 500.")
    offset_query_description: Any = _("How many to pass over.")


class InOrder(Refusing, CursorPagination):
    """For rows by the million: ``?cursor=`` goes on where the last page ended, without a count."""

    least = {"limit": 1}
    ordering: str | tuple[str, ...] = "pk"
    page_size = 500
    page_size_query_param = "limit"
    max_page_size = 1_000
    page_size_query_description: Any = _(
        "How many on a page: 500 unless said otherwise, at most 1000."
    )
    cursor_query_description: Any = _("Where to go on: part of “next”, which need not be read.")

    def decode_cursor(self, request):
        cursor = super().decode_cursor(request)
        # What was made up elsewhere would reach the database as it stands.
        made_by_us = cursor is None or re.fullmatch(r"\d{0,18}", str(cursor.position or ""))
        if not made_by_us:
            raise NotFound(self.invalid_cursor_message)
        return cursor
