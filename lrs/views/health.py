"""How the store does."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views import View

from core.charts import Chart, Series, line
from lrs import health
from lrs.models import RefusedRequest
from lrs.views.records import PERMISSION
from organisations.adapters import ScopedMixin

PAGE = 50


class HealthDetail(ScopedMixin, View):
    """How much comes, how late, what is refused, how large the store is."""

    permission = PERMISSION

    def get(self, request) -> HttpResponse:
        now = timezone.now()
        context = {
            "charts": [
                _chart(_("Stored by the minute, the last hour"), health.MINUTE, 60, "TIME", now),
                _chart(_("Stored by the hour, the last day"), health.HOUR, 24, "TIME", now),
                _chart(_("Stored by the day, the last 30 days"), health.DAY, 30, "SHORT_DATE", now),
            ],
            "lag": health.lag(),
            "sizes": health.sizes(),
            "refused": RefusedRequest.objects.select_related("credential")[:PAGE],
        }
        return render(request, "lrs/health_detail.html", context)


def _chart(title: str, span, count: int, form: str, now) -> Chart:
    found = health.rates(span, count, now)
    note = _("The last point is still being counted.")
    labels = [formats.date_format(begin, f"{form}_FORMAT") for begin, _stored in found]
    stored = [float(number) for _begin, number in found]
    return line(title, labels, [Series(_("statements"), stored)], decimals=0, note=note)
