from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from organisations import first_days


@require_safe
def first_day_list(request: HttpRequest) -> HttpResponse:
    """Whose first day is told; open to all, since parents have no account."""
    return render(request, "organisations/first_day_list.html", {"readers": first_days.READERS})


@require_safe
def first_day(request: HttpRequest, reader: str) -> HttpResponse:
    if reader not in first_days.READERS:
        raise Http404
    page = first_days.of(reader, get_language())
    return render(request, "organisations/first_day.html", {"page": page})
