import uuid

from django.utils import timezone

from observation.actions import rounds
from observation.enums import ClipUse
from observation.models import TrainingClip
from tests.factories import certification as make
from tests.factories import observation
from tests.factories import organisations as people
from tests.routes import PUBLIC, Route

RECORD, OBSERVERS, CLIPS = "observation.record", "observation.observers", "observation.clips"
BOTH = ("get", "post")
NOT_HERS = {
    "mentor": "only the observer sees her own tests",
    "zonal": "only the observer sees her own tests",
}


def mentor(region):
    return people.person("mentor", region.centre)


def practice_clip(region):
    return {"code": make.clip(use=ClipUse.PRACTICE).code}


def practice(region):
    clip = make.clip(use=ClipUse.PRACTICE)
    round_ = rounds.practise(
        clip=clip, answers=make.answers(clip), by=mentor(region), id=uuid.uuid4()
    )
    return {"pk": round_.pk}


def version(region):
    if not TrainingClip.objects.exists():
        make.bank()
    return {"code": "checklist", "number": 1}


def test(region):
    version(region)
    return {"pk": rounds.begin_test(version=make.version(), by=mentor(region)).pk}


def certificate(region):
    return {"pk": make.certificate(mentor(region), timezone.localdate()).pk}


def observer(region):
    observation.checklist()
    return {"pk": mentor(region).pk}


def code(region):
    return {"code": make.certificate(mentor(region), timezone.localdate()).code}


def drafted(region):
    return {"code": make.draft().code}


def instrument(region):
    return {"code": make.version().instrument.code}


ROUTES = {
    "observation:certification_home": Route(RECORD),
    "observation:practice_code": Route(RECORD, BOTH, practice_clip, shared=True),
    "observation:practice_detail": Route(RECORD, arguments=practice, refused=NOT_HERS),
    "observation:test_begin": Route(RECORD, BOTH, version, shared=True),
    "observation:test_detail": Route(RECORD, arguments=test, refused=NOT_HERS),
    "observation:test_clip": Route(
        RECORD, BOTH, lambda region: test(region) | {"number": 1}, refused=NOT_HERS
    ),
    "observation:certificate_pdf": Route(RECORD, arguments=certificate, refused=NOT_HERS),
    "observation:certificate_revoke": Route("observation.gates", BOTH, certificate),
    "observation:observer_list": Route(OBSERVERS, fill=certificate),
    "observation:observer_detail": Route(OBSERVERS, arguments=observer),
    "observation:gate_edit": Route("observation.gates", BOTH, instrument, shared=True),
    "observation:clip_list": Route(CLIPS),
    "observation:clip_begin": Route(CLIPS, BOTH),
    "observation:clip_detail": Route(CLIPS, BOTH, drafted, shared=True),
    "observation:clip_write": Route(CLIPS, BOTH, drafted, shared=True),
    "observation:clip_codes": Route(CLIPS, BOTH, drafted, shared=True),
    "certificates:certificate_search": Route(PUBLIC),
    "certificates:certificate_check": Route(PUBLIC, arguments=code, shared=True),
}
