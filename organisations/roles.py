"""Who may do what: one table, readable by a non-programmer.

A permission is "app.verb". A role holds it *below* the unit of the post (``BELOW``), or only for
rows that concern the person (``OWN``). No post, no permission.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.enums import Reach, UnitKind

BELOW, OWN = Reach.BELOW, Reach.OWN


class RoleCode(models.TextChoices):
    NATIONAL = "national", _("national coordinator")
    REGIONAL = "regional", _("head of region")
    ZONAL = "zonal", _("zonal coordinator")
    DIRECTOR = "director", _("centre director")
    MENTOR = "mentor", _("mentor")
    CAREGIVER = "caregiver", _("caregiver")
    EVALUATOR = "evaluator", _("evaluation unit")
    WITNESS = "witness", _("independent witness")
    PROTECTION = "protection", _("officer of child protection")


@dataclass(frozen=True)
class Role:
    """A role: what it is for, in one sentence, its permissions with their reach, and the kinds
    of unit at which a list may place it."""

    sentence: str | Promise
    permissions: dict[str, Reach]
    held_at: tuple[UnitKind, ...] = tuple(UnitKind)


# What each permission lets a person do.
PERMISSIONS: dict[str, str | Promise] = {
    "organisations.view": _("See units, rooms and posts"),
    "organisations.import": _("Import units, people and posts from a file"),
    "organisations.audit": _("Read who did what"),
    "organisations.label": _("Choose what kinds of unit are called"),
    "observation.configure": _("Change from which size on a group is shown"),
    "observation.view": _("See observation sessions and their scores"),
    "observation.deidentified": _(
        "Take sessions away with drawn numbers in place of people and places"
    ),
    "observation.record": _("Record an observation session"),
    "observation.instruments": _("See instruments and their versions"),
    "observation.safeguarding": _("See and follow up safeguarding cases"),
    "observation.safeguarding_limits": _("Change the time limits of safeguarding cases"),
    "observation.author": _("Write, publish and retire instruments"),
    "observation.rounds": _("Plan official rounds and draw double codings"),
    "observation.pair": _("Pair observers for a double coding"),
    "observation.quality": _("See agreement and drift of observers"),
    "observation.adjudicate": _("Settle what two observers differ on"),
    "observation.reinstate": _("Bring a session back into official figures"),
    "observation.quality_rules": _("Change the rules of official figures, agreement and drift"),
    "observation.clips": _("Write training clips and their master codes"),
    "observation.gates": _("Change what certifies observers and revoke certificates"),
    "observation.observers": _("See who is certified to observe"),
    "fieldwork.settle": _("Decide about records from phones that are held"),
    "mentoring.view": _("See mentoring cycles and goals"),
    "mentoring.lead": _("Lead mentoring cycles"),
    "mentoring.practise": _("Choose a goal and mark practice as done"),
    "mentoring.configure": _("Change the planned minutes of the steps and the limit of load"),
    "lms.learn": _("Take lessons"),
    "lms.view": _("See progress in the lessons"),
    "lrs.manage": _("See and look after the record store"),
    "visits.view": _("See parent visits and their results"),
    "visits.follow_up": _("Follow up findings until they are fixed"),
    "visits.import": _("Import visits and parents' answers"),
    "analytics.braid": _("See the three strands side by side"),
    "analytics.run": _("Compute an analysis"),
    "analytics.configure": _("Change the gates of the validity report"),
    "cms.edit": _("Edit toolkit, curriculum and lessons"),
}

ROLES: dict[str, Role] = {
    RoleCode.NATIONAL: Role(
        _("Steers the programme in the whole country."),
        {
            "organisations.view": BELOW,
            "organisations.import": BELOW,
            "organisations.audit": BELOW,
            "organisations.label": BELOW,
            "observation.configure": BELOW,
            "observation.view": BELOW,
            "observation.deidentified": BELOW,
            "observation.instruments": BELOW,
            "observation.safeguarding_limits": BELOW,
            "observation.author": BELOW,
            "observation.rounds": BELOW,
            "observation.pair": BELOW,
            "observation.quality": BELOW,
            "observation.adjudicate": BELOW,
            "observation.reinstate": BELOW,
            "observation.quality_rules": BELOW,
            "observation.clips": BELOW,
            "observation.gates": BELOW,
            "observation.observers": BELOW,
            "fieldwork.settle": BELOW,
            "mentoring.view": BELOW,
            "mentoring.configure": BELOW,
            "lms.learn": OWN,
            "lms.view": BELOW,
            "lrs.manage": BELOW,
            "visits.view": BELOW,
            "visits.follow_up": BELOW,
            "visits.import": BELOW,
            "analytics.braid": BELOW,
            "analytics.run": BELOW,
            "analytics.configure": BELOW,
            "cms.edit": BELOW,
        },
        held_at=(UnitKind.COUNTRY, UnitKind.PROVIDER),
    ),
    RoleCode.REGIONAL: Role(
        _("Answers for the centres of a region: visits, actions, mentors."),
        {
            "organisations.view": BELOW,
            "organisations.import": BELOW,
            "organisations.audit": BELOW,
            "observation.view": BELOW,
            "observation.deidentified": BELOW,
            "observation.instruments": BELOW,
            "observation.rounds": BELOW,
            "observation.pair": BELOW,
            "observation.quality": BELOW,
            "observation.adjudicate": BELOW,
            "observation.observers": BELOW,
            "fieldwork.settle": BELOW,
            "mentoring.view": BELOW,
            "lms.learn": OWN,
            "lms.view": BELOW,
            "visits.view": BELOW,
            "visits.follow_up": BELOW,
            "visits.import": BELOW,
            "analytics.braid": BELOW,
            "analytics.run": BELOW,
        },
        held_at=(UnitKind.REGION,),
    ),
    RoleCode.ZONAL: Role(
        _("Accompanies the centres of a zone, attests visits and double-codes with mentors."),
        {
            "organisations.view": BELOW,
            "observation.view": BELOW,
            "observation.record": BELOW,
            "observation.instruments": BELOW,
            "observation.pair": BELOW,
            "observation.quality": BELOW,
            "observation.adjudicate": BELOW,
            "observation.observers": BELOW,
            "fieldwork.settle": BELOW,
            "mentoring.view": BELOW,
            "lms.learn": OWN,
            "lms.view": BELOW,
            "visits.view": BELOW,
            "visits.follow_up": BELOW,
            "analytics.braid": BELOW,
        },
        held_at=(UnitKind.ZONE,),
    ),
    RoleCode.DIRECTOR: Role(
        _("Leads a centre: its visits, its results and the time for mentoring."),
        {
            "organisations.view": BELOW,
            "observation.view": BELOW,
            "observation.instruments": BELOW,
            "mentoring.view": BELOW,
            "lms.learn": OWN,
            "lms.view": BELOW,
            "visits.view": BELOW,
            "visits.follow_up": BELOW,
            "analytics.braid": BELOW,
        },
        held_at=(UnitKind.CENTRE,),
    ),
    RoleCode.MENTOR: Role(
        _("Observes rooms, gives feedback and agrees one practice goal with each caregiver."),
        {
            "organisations.view": BELOW,
            "observation.view": BELOW,
            "observation.record": BELOW,
            "observation.instruments": BELOW,
            "observation.quality": OWN,
            "mentoring.view": BELOW,
            "mentoring.lead": BELOW,
            "lms.learn": OWN,
            "lms.view": BELOW,
        },
        held_at=(UnitKind.PROVIDER, UnitKind.REGION, UnitKind.ZONE, UnitKind.CENTRE),
    ),
    RoleCode.CAREGIVER: Role(
        _("Cares for the children of a room, learns and practises one goal at a time."),
        {
            "observation.view": OWN,
            "mentoring.view": OWN,
            "mentoring.practise": OWN,
            "lms.learn": OWN,
            "lms.view": OWN,
        },
        held_at=(UnitKind.CENTRE, UnitKind.ROOM),
    ),
    RoleCode.EVALUATOR: Role(
        _("Checks the instrument and the programme with de-identified data."),
        {
            "organisations.view": BELOW,
            "observation.deidentified": BELOW,
            "observation.instruments": BELOW,
            "observation.clips": BELOW,
            "analytics.braid": BELOW,
            "analytics.run": BELOW,
        },
        held_at=(UnitKind.COUNTRY, UnitKind.PROVIDER, UnitKind.REGION),
    ),
    RoleCode.WITNESS: Role(
        _("Verifies from outside that draws and parents' answers are what they claim to be."),
        {"visits.view": BELOW},
        held_at=(UnitKind.COUNTRY, UnitKind.PROVIDER, UnitKind.REGION),
    ),
    RoleCode.PROTECTION: Role(
        _("Follows up what must not happen to a child; sees these cases and nothing else."),
        {"observation.safeguarding": BELOW},
        held_at=(UnitKind.COUNTRY, UnitKind.PROVIDER, UnitKind.REGION),
    ),
}


def holders(permission: str, reach: Reach | None = None) -> list[str]:
    """Codes of the roles that hold ``permission``, with ``reach`` if given."""
    return [
        code
        for code, role in ROLES.items()
        if permission in role.permissions and reach in (None, role.permissions[permission])
    ]
