from django.apps import apps
from django.shortcuts import render
from django.utils.text import capfirst
from django.views import View

from organisations import queries
from organisations.adapters import ScopedMixin
from organisations.forms.audit import AuditFilterForm
from organisations.forms.audit_actions import ACTIONS
from organisations.forms.audit_details import is_identifier, read
from organisations.models import Unit, User

PAGE = 50


class AuditList(ScopedMixin, View):
    """Who did what, when, to which record, in the units that the reader answers for."""

    permission = "organisations.audit"

    def get(self, request):
        form = AuditFilterForm(request.GET, user=request.user)
        found = []
        if form.is_valid():
            mine = form.chosen().of(queries.audit_records(request.user))
            found = queries.audit_page(mine, size=PAGE, after=form.cleaned_data["after"])
        records = found[:PAGE]
        context = {"form": form, "records": named(records), "older": ""}
        if len(found) > PAGE:
            query = request.GET.copy()
            query["after"] = str(records[-1].pk)
            context["older"] = query.urlencode()
        return render(request, "organisations/audit_list.html", context)


def named(records) -> list[dict]:
    """``records`` with the person and the unit of each: two queries, however many they are."""
    people = User.objects.in_bulk({record.actor_id for record in records if record.actor_id})
    paths = {record.unit_path for record in records if record.unit_path}
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=paths)}
    return [
        {
            "record": record,
            "sentence": ACTIONS.get(record.action, ""),
            "kind": kind(record.model),
            "person": people.get(record.actor_id),
            "unit": units.get(record.unit_path),
            "number": "" if is_identifier(record.object_id) else record.object_id,
            "detail": read(record.object_id, record.detail, record.model),
        }
        for record in records
    ]


def kind(label: str) -> str:
    """The model ``label`` ("app.Model") in the reader's words; itself when there is no such one."""
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label
