"""An observer's own way to her certificate: where she stands, practice, test."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views import View

from core.refusals import Refusal
from observation.actions import rounds, verdicts
from observation.enums import ClipUse, ItemKind
from observation.forms.coding import ClipForm, PracticeForm
from observation.models import Certificate, ClipCoding, CodingRound, InstrumentVersion, TrainingClip
from observation.queries import certification
from observation.views import verdicts as told
from organisations.adapters import ScopedMixin, SignedInRequest

MOST_SHOWN = 20


class ObserverMixin(ScopedMixin):
    """Views over what an observer herself did."""

    permission = "observation.record"

    def round(self, pk: uuid.UUID, **state) -> CodingRound:
        rows = CodingRound.objects.select_related("version__instrument", "observer")
        return get_object_or_404(rows, pk=pk, observer=self.person, **state)


class CertificationHome(ObserverMixin, View):
    """Is she certified, until when, and what she can do next."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        context = {
            "standings": [self._standing(version) for version in certification.newest_to_certify()],
            "tests": certification.tests_of(self.person)[:MOST_SHOWN],
            "practices": certification.practices_of(self.person)[:MOST_SHOWN],
            "certificates": certification.certificates_of(self.person),
            "today": timezone.localdate(),
        }
        return render(request, "observation/certification_home.html", context)

    def _standing(self, version: InstrumentVersion) -> dict[str, Any]:
        test = certification.open_test(self.person, version)
        obstacle = ""
        if test is None:
            try:
                rounds.may_begin(version=version, by=self.person)
            except Refusal as refusal:
                obstacle = str(refusal)
        return {
            "version": version,
            "held": certification.held_by(self.person, version, timezone.localdate()),
            "test": test,
            "obstacle": obstacle,
            "clips": certification.practice_clips(version, self.person),
        }


class PracticeCode(ObserverMixin, View):
    """Code a clip for practice; what the experts said comes at once."""

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        clip = self._clip(code)
        return _page(request, clip, PracticeForm(clip=clip, initial={"id": uuid.uuid4()}))

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        clip = self._clip(code)
        form = PracticeForm(request.POST, clip=clip)
        if not form.is_valid():
            return _page(request, clip, form)
        round_ = rounds.practise(
            clip=clip, answers=form.answers(), by=request.user, id=form.cleaned_data["id"]
        )
        return redirect("observation:practice_detail", round_.pk)

    def _clip(self, code: str):
        clips = certification.clips_open(ClipUse.PRACTICE).select_related("version", "film__poster")
        return get_object_or_404(clips, code=code)


class PracticeDetail(ObserverMixin, View):
    """A practice item by item: her code, the experts' code and why."""

    def get(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        round_ = self.round(pk, use=ClipUse.PRACTICE, finished_at__isnull=False)
        coding = round_.codings.select_related("clip__film__poster").get()
        alerts = coding.clip.master_codes.filter(item__kind=ItemKind.ALERT).select_related("item")
        context = {
            "round": round_,
            "clip": coding.clip,
            "figures": told.figures(round_.result),
            "rows": told.side_by_side(verdicts.pairs([coding])),
            "alerts": alerts,
            "marked": coding.codes.filter(item__kind=ItemKind.ALERT).select_related("item"),
        }
        return render(request, "observation/practice_detail.html", context)


class TestBegin(ObserverMixin, View):
    """What the test asks for, before she begins it."""

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        version = self._version(code, number)
        clips = certification.clips_open(ClipUse.TEST).filter(version=version)
        context = {
            "version": version,
            "gate": certification.gate_of(version.instrument),
            "clips": certification.publicity(clips),
        }
        return render(request, "observation/test_begin.html", context)

    def post(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        round_ = rounds.begin_test(version=self._version(code, number), by=request.user)
        return redirect("observation:test_detail", round_.pk)

    def _version(self, code: str, number: int) -> InstrumentVersion:
        versions = certification.versions_to_certify()
        return get_object_or_404(versions, instrument__code=code, number=number)


class TestDetail(ObserverMixin, View):
    """The clips of a test under way; its verdict once it has ended, and no master code ever."""

    def get(self, request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
        round_ = rounds.finish_overdue(round_=self.round(pk, use=ClipUse.TEST))
        context: dict[str, Any] = {"round": round_, "gate": round_.gate}
        if round_.finished_at is None:
            codings = round_.codings.select_related("clip").order_by("number")
            following = codings.filter(submitted_at=None).first()
            context |= {"codings": codings, "following": following}
            return render(request, "observation/test_open.html", context)
        context |= {
            "figures": told.figures(round_.result),
            "gates": told.gates(round_),
            "basis": told.basis(round_),
            "certificate": Certificate.objects.filter(round=round_).first(),
            "clips": certification.publicity(TrainingClip.objects.filter(codings__round=round_)),
        }
        return render(request, "observation/test_detail.html", context)


class TestClip(ObserverMixin, View):
    """One clip of a test: seen, coded and handed in once."""

    def get(self, request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
        coding = self._coding(pk, number)
        round_ = rounds.finish_overdue(round_=coding.round)
        if coding.submitted_at is not None or round_.finished_at is not None:
            return redirect("observation:test_detail", pk)
        return _page(request, coding.clip, ClipForm(clip=coding.clip), coding)

    def post(self, request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
        coding = self._coding(pk, number)
        form = ClipForm(request.POST, clip=coding.clip)
        if not form.is_valid():
            return _page(request, coding.clip, form, coding)
        round_ = rounds.submit(coding=coding, answers=form.answers(), by=request.user)
        following = round_.codings.filter(submitted_at=None).order_by("number").first()
        if following is None or round_.finished_at is not None:
            return redirect("observation:test_detail", pk)
        messages.success(request, _("Clip %(n)s is handed in.") % {"n": number})
        return redirect("observation:test_clip", pk, following.number)

    def _coding(self, pk: uuid.UUID, number: int) -> ClipCoding:
        rows = ClipCoding.objects.filter(round=self.round(pk, use=ClipUse.TEST))
        rows = rows.select_related("round", "clip__version", "clip__film__poster")
        return get_object_or_404(rows, number=number)


class CertificatePdf(ObserverMixin, View):
    """The certificate on paper, with the square that leads to the public check."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        rows = certification.certificates_of(self.person).select_related("round")
        certificate = get_object_or_404(rows, pk=pk)
        from observation.views import certificate_pdf  # noqa: PLC0415 — reportlab, for this page only

        address = check_address(certificate)
        pdf = certificate_pdf.render(certificate, address, translation.get_language())
        headers = {"Content-Disposition": f'inline; filename="{certificate.number}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def check_address(certificate: Certificate) -> str:
    """The public address at which anybody can check a certificate."""
    path = reverse("certificates:certificate_check", args=[certificate.code])
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def _page(request, clip, form: ClipForm, coding: ClipCoding | None = None) -> HttpResponse:
    context = {"clip": clip, "form": form, "coding": coding}
    return render(request, "observation/clip_code.html", context)
