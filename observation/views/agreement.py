"""Do observers agree? By item, domain and observer, over completed double codings."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core import charts
from core.templatetags.estimates import decimals, interval, reason_words
from measurement.estimates import Estimate, Reason
from observation import queries
from observation.forms.double import AgreementForm, usual
from observation.models import CodingPair, InstrumentVersion
from observation.queries import double
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import User

# More than a page computes while somebody waits. Two years of a country: 6,240, in seven seconds.
MOST_PAIRS = 6_500
# What stands together here are double codings, where elsewhere it is centres.
WORDS: dict[str, str | Promise] = {
    Reason.TOO_FEW_CLUSTERS: gettext_lazy("too few double codings"),
    Reason.FEW_CLUSTERS: gettext_lazy("no interval: too few double codings"),
    Reason.CLUSTERS_ALIKE: gettext_lazy("no interval: all double codings are alike"),
    Reason.OBSERVERS_CONFOUNDED: gettext_lazy(
        "some observers never coded with the rest; let them code with others"
    ),
}


class Agreement(ScopedMixin, View):
    """Figures of ``measurement.agreement.double_coding`` for what the form asks for."""

    permission = "observation.quality"

    def get(self, request: SignedInRequest) -> HttpResponse:
        newest = queries.checklist_versions().first()
        asked = request.GET if "version" in request.GET else usual(newest)
        form = AgreementForm(asked, user=request.user)
        if not form.is_valid():
            status = 400 if request.GET else 200
            return render(request, "observation/agreement.html", {"form": form}, status=status)
        pairs = self._pairs(form.cleaned_data)
        count = pairs.count()
        context: dict[str, Any] = {"form": form, "pairs": count, "most": MOST_PAIRS}
        if 0 < count <= MOST_PAIRS:
            context |= read(pairs, form.cleaned_data["version"])
        return render(request, "observation/agreement.html", context)

    def _pairs(self, asked: dict[str, Any]):
        pairs, unit = self.scoped(CodingPair.objects.all()), asked.pop("unit")
        if unit is not None:
            pairs = pairs.within(unit)
        return double.of_agreement(pairs, **asked)


def read(pairs, version: InstrumentVersion) -> dict[str, Any]:
    """The tables and charts of ``pairs``, names in the reader's language."""
    from measurement.agreement import double_coding  # noqa: PLC0415 — pandas takes half a second
    from observation import frames  # noqa: PLC0415 — likewise

    found = double_coding(*frames.double_codings(pairs))
    items = {item.code: f"{item.code} {item.text}" for item in version.items.all()}
    domains = {domain.code: str(domain.name) for domain in version.domains.all()}
    domains["ALL"] = _("Whole instrument")
    people = User.objects.in_bulk([int(row["name"]) for row in found["observers"]])
    names: dict[str, dict[Any, str]] = {"items": items, "domains": domains}
    names["observers"] = {pk: str(person) for pk, person in people.items()}
    for table, rows in found.items():
        for row in rows:
            row["label"] = names[table].get(row["name"], str(row["name"]))
    return {"figures": found, "tables": _tables(found), "charts": _charts(found)}


AT_ONCE = 25  # rows of a table in sight; more are a tap away
EACH = [
    ("exact", gettext_lazy("Exact")),
    ("within_one", gettext_lazy("Within one point")),
    ("kappa", gettext_lazy("Quadratic kappa")),
    ("icc", gettext_lazy("ICC(1,1)")),
]
TABLES = {
    "domains": (
        gettext_lazy("By domain"),
        gettext_lazy("Domain"),
        [("absolute", gettext_lazy("ICC(2,1)")), ("consistency", gettext_lazy("ICC(3,1)"))],
    ),
    "items": (gettext_lazy("By item"), gettext_lazy("Item"), []),
    "observers": (
        gettext_lazy("By observer, each with her partners"),
        gettext_lazy("Observer"),
        [("bias", gettext_lazy("Her values less theirs"))],
    ),
}


def _tables(found: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Of each table its caption, heads and rows, figures in words; below, what no row has."""
    tables = []
    for name, (caption, head, more) in TABLES.items():
        columns, lacking = [], []
        for key, column in [*EACH, *more]:
            if any(row[key].value is not None for row in found[name]):
                columns.append((key, column))
            else:
                lacking += [f"{column}: {in_words(row[key])}" for row in found[name][:1]]
        rows = [
            {
                "label": row["label"],
                "href": reverse("observation:drift_detail", args=[row["name"]])
                if name == "observers"
                else "",
                "cells": [
                    f"{row['exact'].n} ({row['pairs']})",
                    *(in_words(row[key]) for key, _column in columns),
                ],
            }
            for row in found[name]
        ]
        heads = [_("Values (double codings)"), *(column for _key, column in columns)]
        table = {"caption": caption, "head": head, "columns": heads, "rows": rows}
        tables.append(table | {"lacking": lacking, "long": len(rows) > AT_ONCE})
    return tables


def in_words(one: Estimate) -> str:
    """“0.71 (0.60 to 0.82)”, or what is missing and why."""
    if one.value is None:
        return _("insufficient data: %(why)s") % {"why": why_not(one)}
    about = interval(one.as_dict()) if not one.reason else why_not(one)
    return f"{decimals(one.value)} ({about})"


def _charts(found: dict[str, list[dict[str, Any]]]) -> list[charts.Chart]:
    return [
        charts.dot_with_interval(
            _("Quadratic kappa by item"),
            [_drawn(row["label"], row["kappa"]) for row in found["items"]],
            reference=0,
            decimals=2,
            note=_("1: the two always say the same; 0: no better than chance."),
        ),
        charts.dot_with_interval(
            _("Intraclass correlation by domain"),
            [_drawn(row["label"], row["icc"]) for row in found["domains"]],
            reference=0,
            decimals=2,
            note=_("How much of a score is the room; the rest is who looked. One-way, ICC(1,1)."),
        ),
    ]


def _drawn(label: str, one: Estimate) -> charts.Estimate:
    why = why_not(one)
    return charts.Estimate(label, one.value, one.low, one.high, one.n, why, "observation")


def why_not(one: Estimate) -> str | Promise:
    """Why there is no value or no interval, in words."""
    return WORDS.get(one.reason, reason_words(one.reason)) if one.reason else ""
