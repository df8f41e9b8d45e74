"""The public check of a certificate: its code says whose it is and whether it holds, no more."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from observation.forms.clips import CheckForm
from observation.models import Certificate
from observation.queries import certification
from organisations.adapters import client_address

# Codes that nobody has, from one address: far more than a person mistypes, far too few to guess.
MISSES, SECONDS = 20, 600


class CertificateSearch(View):
    """Type the code of a certificate."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = CheckForm(request.GET if "code" in request.GET else None)
        if form.is_valid():
            return redirect("certificates:certificate_check", form.cleaned_data["code"])
        return _unlisted(render(request, "observation/certificate_search.html", {"form": form}))


class CertificateCheck(View):
    """Whose a certificate is, for which instrument, from when until when, and whether it holds."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if _too_many(request):
            return render(request, "429.html", status=429)
        rows = Certificate.objects.select_related("observer", "version__instrument", "revocation")
        certificate = rows.filter(code=code.upper()).first()
        if certificate is None:
            _count(request)
            context = {"form": CheckForm(initial={"code": code}), "unknown": True}
            page = render(request, "observation/certificate_search.html", context, status=404)
            return _unlisted(page)
        today = timezone.localdate()
        context = {
            "certificate": certificate,
            "today": today,
            "valid": certification.in_force(rows.filter(pk=certificate.pk), today).exists(),
        }
        return _unlisted(render(request, "observation/certificate_check.html", context))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


def _key(request: HttpRequest) -> str:
    return f"certificate-misses:{client_address(request)}"


def _too_many(request: HttpRequest) -> bool:
    return cache.get(_key(request), 0) >= MISSES


def _count(request: HttpRequest) -> None:
    cache.add(_key(request), 0, SECONDS)
    cache.incr(_key(request))
