"""Training clips and gates, for those who write them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from core.refusals import Refusal
from observation import queries
from observation.actions import certification_gates, clips
from observation.enums import ClipStatus, ClipUse, InstrumentKind
from observation.forms.clips import GateForm, WriteClipForm
from observation.forms.coding import MasterForm
from observation.models import Instrument, TrainingClip
from observation.queries import certification
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest


class ClipMixin(ScopedMixin):
    permission = "observation.clips"

    def clip(self, code: str, **state) -> TrainingClip:
        rows = TrainingClip.objects.select_related("version__instrument", "film__poster")
        return get_object_or_404(rows, code=code, **state)


class ClipList(ClipMixin, View):
    """All clips with their state."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = TrainingClip.objects.select_related("version__instrument")
        context = {
            "clips": rows.order_by("version", "use", "level", "code"),
            "instruments": Instrument.objects.filter(
                versions__in=_versions(), kind=InstrumentKind.CHECKLIST
            ).distinct(),
            "permissions": jurisdiction.permissions(request.user),
        }
        return render(request, "observation/clip_list.html", context)


class ClipWrite(ClipMixin, View):
    """A new clip, or the draft of one."""

    def get(self, request: SignedInRequest, code: str = "") -> HttpResponse:
        return self._page(request, WriteClipForm(instance=self._draft(code), versions=_versions()))

    def post(self, request: SignedInRequest, code: str = "") -> HttpResponse:
        form = WriteClipForm(request.POST, instance=self._draft(code), versions=_versions())
        if not form.is_valid():
            return self._page(request, form)
        clip = clips.write(clip=form.save(commit=False), by=request.user)
        messages.success(request, _("Saved. Now its master codes."))
        return redirect("observation:clip_codes", clip.code)

    def _draft(self, code: str) -> TrainingClip:
        return self.clip(code, status=ClipStatus.DRAFT) if code else TrainingClip()

    def _page(self, request, form: WriteClipForm) -> HttpResponse:
        return render(request, "observation/clip_write.html", {"form": form})


class ClipDetail(ClipMixin, View):
    """A clip as observers see it, with its master codes; from here it is published or retired."""

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        return self._page(request, self.clip(code))

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        clip = self.clip(code)
        try:
            if "retire" in request.POST:
                clips.retire(clip=clip, by=request.user)
            elif "reveal" in request.POST:
                clips.reveal(clip=clip, by=request.user)
            else:
                clips.publish(clip=clip, by=request.user)
        except Refusal as refusal:
            return self._page(request, clip, str(refusal))
        return redirect("observation:clip_detail", code)

    def _page(self, request, clip: TrainingClip, refusal: str = "") -> HttpResponse:
        codes = clip.master_codes.select_related("item").order_by("item__order")
        context = {"clip": clip, "codes": codes, "refusal": refusal}
        return render(request, "observation/clip_detail.html", context)


class ClipCodes(ClipMixin, View):
    """The master codes of a draft, each with its rationale."""

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        clip = self.clip(code, status=ClipStatus.DRAFT)
        return self._page(request, clip, MasterForm(clip=clip))

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        clip = self.clip(code, status=ClipStatus.DRAFT)
        form = MasterForm(request.POST, clip=clip)
        if not form.is_valid():
            return self._page(request, clip, form)
        clips.set_codes(clip=clip, codes=form.codes(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("observation:clip_detail", code)

    def _page(self, request, clip: TrainingClip, form: MasterForm) -> HttpResponse:
        return render(request, "observation/clip_codes.html", {"clip": clip, "form": form})


class GateEdit(ScopedMixin, View):
    """What a test of an instrument asks for."""

    permission = "observation.gates"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        return self._page(request, GateForm(instance=self._gate(code)))

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        form = GateForm(request.POST, instance=self._gate(code))
        if not form.is_valid():
            return self._page(request, form)
        certification_gates.change(gate=form.save(commit=False), by=request.user)
        messages.success(request, _("Saved. Tests that begin from now on use these numbers."))
        return redirect("observation:gate_edit", code)

    def _gate(self, code: str):
        return certification.gate_of(get_object_or_404(Instrument, code=code))

    def _page(self, request, form: GateForm) -> HttpResponse:
        clips = certification.clips_open(ClipUse.TEST)
        instrument = form.instance.instrument
        context = {
            "form": form,
            "clips": certification.publicity(clips.filter(version__instrument=instrument)),
        }
        return render(request, "observation/gate_edit.html", context)


def _versions():
    """Versions that a clip may be for."""
    return queries.checklist_versions().select_related("instrument")
