"""Mails to officers of child protection: that there is something to do, never what."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from observation import queries
from observation.actions import cases
from observation.enums import CaseEntryKind
from observation.models import CaseEntry, SafeguardingCase


@task()
def tell_officers(case_id: int) -> int:
    """Tell the officers of a case that it waits; how many were written to."""
    case = SafeguardingCase.objects.select_related("unit").get(pk=case_id)
    people = list(queries.officers_for(case.unit))
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.WAGTAILADMIN_BASE_URL + reverse("observation:case_list")
        for person in people:
            send_mail(
                _("Trenza: something waits for you"),
                _(
                    "A safeguarding case waits for an officer of child protection. "
                    "Sign in to read it:\n\n%(address)s\n\n"
                    "This message says no more on purpose. Please do not forward it."
                )
                % {"address": address},
                None,
                [person.email],
            )
    return len(people)


def remind() -> int:
    """Write again about each late case, once a day at most; how many cases that were."""
    now = timezone.now()
    told = CaseEntry.objects.filter(
        kind=CaseEntryKind.REMINDED, at__date=timezone.localdate(now)
    ).values("case")
    late = queries.overdue(SafeguardingCase.objects.exclude(pk__in=told), now)
    for case in late:
        tell_officers.enqueue(case.pk)
        cases.enter(case, CaseEntryKind.REMINDED, by=None)
    return len(late)
