"""Who is certified: for those who answer for observers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from observation.actions import certificates
from observation.forms.clips import STATES, ObserverFilter, RevokeForm
from observation.models import Certificate
from observation.queries import certification, observers
from observation.views import verdicts as told
from observation.views.certification import MOST_SHOWN
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import Post
from organisations.queries import read_centres

PER_PAGE = 25
SOON = 60


class ObserverList(ScopedMixin, View):
    """Who is certified and until when, who has to renew, and which items fail most."""

    permission = "observation.observers"

    def get(self, request: SignedInRequest) -> HttpResponse:
        form = ObserverFilter(request.GET)
        form.is_valid()
        everybody = observers.with_states(
            observers.observers_of(self.person), timezone.localdate(), SOON
        )
        rows = everybody.order_by(F("until").asc(nulls_first=True), "first_name", "last_name", "pk")
        if name := form.cleaned_data.get("name"):
            for word in name.split():
                rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
        if state := form.cleaned_data.get("state"):
            rows = rows.filter(state=state)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        counts = dict(everybody.values_list("state").annotate(n=Count("pk")).order_by())
        context = {
            "form": form,
            "page": page,
            "rows": [(person, STATES[person.state]) for person in _placed(page, self.person)],
            "counts": [(label, counts.get(state, 0)) for state, label in STATES.items()],
            "items": told.by_item(observers.confusion(observers.observers_of(self.person))),
            "query": query.urlencode(),
        }
        return render(request, "observation/observer_list.html", context)


class ObserverDetail(ScopedMixin, View):
    """One observer: certificates, tests, and how her codes compare item by item."""

    permission = "observation.observers"

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        rows = observers.with_states(
            observers.observers_of(self.person), timezone.localdate(), SOON
        )
        person = get_object_or_404(rows, pk=pk)
        counts = list(observers.confusion(rows.filter(pk=pk)))
        context = {
            "observer": person,
            "state": STATES[person.state],
            "certificates": certification.certificates_of(person),
            "tests": [
                (test, told.gates(test) if test.finished_at else [])
                for test in certification.tests_of(person)[:MOST_SHOWN]
            ],
            "practices": certification.practices_of(person).count(),
            "items": told.by_item(counts),
            "matrix": told.matrix(counts) if counts else None,
            "today": timezone.localdate(),
            "may_revoke": Post.objects.visible_to(self.person, CertificateRevoke.permission)
            .filter(user=person)
            .exists(),
        }
        return render(request, "observation/observer_detail.html", context)


class CertificateRevoke(ScopedMixin, View):
    """Take a certificate back, with the reason and the day."""

    permission = "observation.gates"

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._page(request, self._certificate(pk), RevokeForm())

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        certificate = self._certificate(pk)
        form = RevokeForm(request.POST)
        if not form.is_valid():
            return self._page(request, certificate, form)
        certificates.revoke(certificate=certificate, by=request.user, **form.cleaned_data)
        messages.success(request, _("The certificate is revoked."))
        return redirect("observation:observer_detail", certificate.observer_id)

    def _certificate(self, pk: int) -> Certificate:
        rows = Certificate.objects.select_related("observer", "version__instrument")
        theirs = Post.objects.visible_to(self.person, self.permission).values("user")
        return get_object_or_404(rows, pk=pk, observer__in=theirs)

    def _page(self, request, certificate: Certificate, form: RevokeForm) -> HttpResponse:
        context = {"certificate": certificate, "form": form}
        return render(request, "observation/certificate_revoke.html", context)


def _placed(people, user):
    """``people`` with ``posts_shown``: where, within the jurisdiction of ``user``, they observe."""
    people = list(people)
    posts = observers.posts_of_observers(user).filter(user__in=[each.pk for each in people])
    by_person: dict[int, list[Post]] = {}
    for post in posts.select_related("unit"):
        by_person.setdefault(post.user_id, []).append(post)
    read_centres(post.unit for each in by_person.values() for post in each)
    for person in people:
        person.posts_shown = by_person.get(person.pk, [])
    return people
