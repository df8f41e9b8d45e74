"""What the tree and its posts allow, whoever asks. Each rule raises a sentence a user can read."""

import datetime
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.refusals import Refusal
from organisations.enums import UnitKind
from organisations.models import Post, Unit
from organisations.roles import ROLES, RoleCode


def hangs_from(kind: str, parent_kind: str | None) -> None:
    """A unit hangs from the kind above its own; a country from nothing."""
    wanted = UnitKind(kind).parent
    if parent_kind == wanted:
        return
    if wanted is None:
        raise Refusal(_("A country hangs from no other unit. Leave the unit above empty."))
    raise Refusal(
        _("A unit of kind “%(kind)s” hangs from one of kind “%(above)s”.")
        % {"kind": UnitKind(kind).label, "above": wanted.label}
    )


def stays_in_place(unit: Unit, *, kind: str, parent: Unit | None) -> None:
    """A unit keeps its kind and its place: its records and their readers hang from it."""
    if unit.kind != kind:
        raise Refusal(
            _("This unit is of kind “%(kind)s”, which cannot be changed. Use another code.")
            % {"kind": unit.get_kind_display()}
        )
    above = unit.path[: -Unit.steplen]
    if (parent.path if parent else "") != above:
        raise Refusal(
            _(
                "This unit hangs from another one today. A list cannot move it: "
                "open it under a new code, or ask for the move."
            )
        )


def role_fits(role: str, kind: str) -> None:
    """A role is held at certain kinds of unit only: the table of roles says which."""
    held_at = ROLES[role].held_at
    if kind not in held_at:
        raise Refusal(
            _("The role “%(role)s” is held at: %(kinds)s.")
            % {
                "role": RoleCode(role).label,
                "kinds": ", ".join(str(UnitKind(kind).label) for kind in held_at),
            }
        )


def post_lies_in_order(starts_on: datetime.date, ends_on: datetime.date | None) -> None:
    """A post ends on or after the day on which it starts."""
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(_("The last day is before the first."))


def post_is_free(
    starts_on: datetime.date, ends_on: datetime.date | None, others: Iterable[Post]
) -> None:
    """Nobody holds the same role at the same unit twice at a time; ``others`` are hers there."""
    for other in others:
        begins_before_its_end = other.ends_on is None or starts_on <= other.ends_on
        ends_after_its_start = ends_on is None or ends_on >= other.starts_on
        if begins_before_its_end and ends_after_its_start:
            raise Refusal(
                _("This person already holds this post since %(day)s.")
                % {"day": date_format(other.starts_on, "SHORT_DATE_FORMAT")}
            )


def post_may_end(post: Post, ends_on: datetime.date | None) -> None:
    """A post that has an end keeps one: nobody gets access back by an old list."""
    if post.ends_on is not None and (ends_on is None or ends_on > post.ends_on):
        raise Refusal(
            _("This post ends on %(day)s. To prolong it, give it again from a later day.")
            % {"day": date_format(post.ends_on, "SHORT_DATE_FORMAT")}
        )
