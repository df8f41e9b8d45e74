"""What mentoring does when it hears of facts from below."""

from mentoring.actions import cycles
from mentoring.enums import StepKind
from mentoring.models import LoadLimit, StepDefault
from observation import signals

# Own starting values: minutes, and days after the cycle opens (a cycle takes three to four weeks).
STEPS = {
    StepKind.PREPARE: (10, 0),
    StepKind.OBSERVE: (30, 3),
    StepKind.REFLECT: (25, 5),
    StepKind.AGREE: (10, 5),
    StepKind.PRACTISE: (20, 12),
    StepKind.OBSERVE_AGAIN: (30, 24),
}
MENTEES = 20


def connect() -> None:
    signals.session_closed.connect(attach_session, dispatch_uid="mentoring.attach_session")


def attach_session(sender, session_id, **kwargs) -> None:
    """Receiver of ``observation.signals.session_closed``."""
    cycles.attach_session(session_id)


def fill_defaults(sender, using: str, **kwargs) -> None:
    """Receiver of ``post_migrate``: starting values once; what a programme changed stays."""
    steps = StepDefault.objects.using(using)
    if not steps.exists():
        steps.bulk_create(
            StepDefault(kind=kind, minutes=minutes, days_after_opening=days)
            for kind, (minutes, days) in STEPS.items()
        )
        LoadLimit.objects.using(using).get_or_create(pk=1, defaults={"mentees": MENTEES})
