"""Analysis plans: written, fixed, and amended by another."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import policies
from analytics.enums import PlanStatus
from analytics.models import EvaluationPlan
from core import audit
from core.refusals import Refusal
from organisations.models import User


@transaction.atomic
def write(
    *,
    code: str,
    unit,
    version,
    content: dict[str, Any],
    assignment: list[dict[str, str]],
    by: User | None,
    amends: EvaluationPlan | None = None,
) -> EvaluationPlan:
    """Keep a plan as a draft; a code that is taken is refused."""
    if EvaluationPlan.objects.filter(code=code).exists():
        raise Refusal(_("There is already a plan “%(code)s”. Give another code.") % {"code": code})
    plan = EvaluationPlan.objects.create(
        code=code,
        unit=unit,
        version=version,
        content=content,
        assignment=assignment,
        created_by=by,
        amends=amends,
    )
    audit.record("plans.write", plan, by=by, detail={"code": code})
    return plan


@transaction.atomic
def freeze(*, plan: EvaluationPlan, by: User | None) -> EvaluationPlan:
    """Fix the plan: from now on neither it nor its assignment changes, and it may be computed."""
    plan = EvaluationPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    policies.plan_is_draft(plan)
    plan.status, plan.frozen_at = PlanStatus.FROZEN, timezone.now()
    plan.content_hash = digest(plan)
    plan.save(update_fields=["status", "frozen_at", "content_hash"])
    audit.record("plans.freeze", plan, by=by, detail={"hash": plan.content_hash})
    return plan


def digest(plan: EvaluationPlan) -> str:
    """SHA-256 of what the plan says: content, assignment and instrument version."""
    said = {
        "content": plan.content,
        "assignment": plan.assignment,
        "version": plan.version.content_hash,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
