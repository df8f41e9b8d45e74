"""The one place for "may she see this?".

A post gives its role's permissions below its unit. Each scoped model names the path from itself
to a unit, and — where a permission reaches only one's own rows — the paths to the people whose row
it is. "Which rows may she see?" is one filter on path prefixes; "may she touch this one?" asks the
same filter. No post, no rows.
"""

from collections.abc import Iterable

from django.core.checks import Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from organisations.enums import Reach
from organisations.roles import PERMISSIONS, ROLES, holders


def _posts(user) -> list[tuple[str, str]]:
    """(role, unit path) of the posts in force, read once per request's user object."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_posts_in_force"):
        user._posts_in_force = list(user.posts.in_force().values_list("role", "unit__path"))
    return user._posts_in_force


def paths(user, permission: str, reach: Reach) -> list[str]:
    """Tree paths below which ``user`` holds ``permission`` with ``reach``, nested ones merged."""
    if permission not in PERMISSIONS:
        raise ValueError(f"There is no permission “{permission}”; see organisations/roles.py.")
    roles = holders(permission, reach)
    merged: list[str] = []
    for path in sorted(path for role, path in _posts(user) if role in roles):
        if not merged or not path.startswith(merged[-1]):
            merged.append(path)
    return merged


def governs(user, permission: str, path: str) -> bool:
    """Whether the unit at ``path`` lies truly below one where ``user`` holds ``permission``.

    Nobody changes the unit of her own post, or gives posts there: that is done from above.
    None, the system itself, governs everything.
    """
    if user is None:
        return True
    return any(path.startswith(top) and path != top for top in paths(user, permission, Reach.BELOW))


def permissions(user) -> set[str]:
    """All permissions that ``user`` holds somewhere."""
    return {name for role, _path in _posts(user) for name in ROLES[role].permissions}


def roles(user) -> set[str]:
    """Codes of the roles that ``user`` holds today."""
    return {role for role, _path in _posts(user)}


def home_path(user) -> str:
    """The tree path of the uppermost post of ``user`` ("" without a post)."""
    return min((path for _role, path in _posts(user)), key=len, default="")


# Beyond any path below a unit: treebeard counts a level's steps up from 0001.
LAST_STEP = "ZZZZ"


def below(prefixes: Iterable[str], lookup: str) -> Q:
    """Rows whose unit path starts with one of ``prefixes``, as ranges.

    ``startswith`` becomes a LIKE with an escape, for which SQLite uses no index.
    """
    ranges = ((prefix, prefix + LAST_STEP) for prefix in prefixes)
    return Q(*(Q(**{f"{lookup}__range": ends}) for ends in ranges), _connector=Q.OR)


class ScopedQuerySet(models.QuerySet):
    """Rows within a person's jurisdiction."""

    model: type["Scoped"]  # type: ignore[assignment]  # the stubs leave it open

    def visible_to(self, user, permission: str) -> "ScopedQuerySet":
        """Rows for which ``user`` holds ``permission``: below her units, or her own."""
        everything = paths(user, permission, Reach.BELOW)
        own = paths(user, permission, Reach.OWN)
        lookup = self.model.unit_lookup()
        rows = Q(pk__in=[])
        if everything:
            rows |= below(everything, lookup)
        if own and self.model.person_paths:
            mine = Q(*(Q(**{path: user.pk}) for path in self.model.person_paths), _connector=Q.OR)
            # A person's own rows are hers wherever they lie: she may have changed room since.
            rows |= mine
        return self.filter(rows)

    def within(self, unit) -> "ScopedQuerySet":
        """Rows that lie in ``unit`` or below it."""
        return self.filter(below([unit.path], self.model.unit_lookup()))


class Scoped(models.Model):
    """A model whose rows lie in a unit: ``jurisdiction_path`` leads there ("session__room")."""

    jurisdiction_path: str | None = None
    person_paths: tuple[str, ...] = ()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def unit_lookup(cls) -> str:
        """The lookup of the unit's tree path from this model."""
        return f"{cls.jurisdiction_path}__path" if cls.jurisdiction_path else "path"

    @property
    def audit_path(self) -> str:
        """The tree path of the unit this row lies in, for the audit trail."""
        place = self
        for step in (self.jurisdiction_path or "").split("__"):
            place = getattr(place, step)
        return place.path  # type: ignore[attr-defined]  # the check below proves it a Unit

    def visible_to(self, user, permission: str) -> bool:
        """Whether ``user`` holds ``permission`` for this row: the same filter, one row."""
        rows = type(self)._default_manager.filter(pk=self.pk)
        return rows.visible_to(user, permission).exists()


@register()
def scoped_models_name_their_path(app_configs, **kwargs) -> list[Error]:
    """Each scoped model leads to its unit and to its people by the paths that it names."""
    from django.apps import apps  # noqa: PLC0415 — models exist once checks run
    from django.contrib.auth import get_user_model  # noqa: PLC0415 — likewise

    unit = apps.get_model("organisations", "Unit")
    errors = []
    for model in apps.get_models():
        if not issubclass(model, Scoped):
            continue
        if model.jurisdiction_path is None or _target(model, model.jurisdiction_path) is not unit:
            errors.append(
                Error(
                    f"{model._meta.label}.jurisdiction_path does not lead to a Unit.",
                    hint="Name the foreign keys from this model to its unit, like “session__room”.",
                    obj=model,
                    id="organisations.E001",
                )
            )
        errors += [
            Error(
                f"{model._meta.label}.person_paths: “{path}” does not lead to a person.",
                obj=model,
                id="organisations.E002",
            )
            for path in model.person_paths
            if _target(model, path) is not get_user_model()
        ]
    return errors


def _target(model: type[models.Model], path: str) -> type[models.Model] | None:
    """The model at the end of ``path``, or None where the path breaks off."""
    for step in filter(None, path.split("__")):
        try:
            related = model._meta.get_field(step).related_model
        except FieldDoesNotExist:
            return None
        if not isinstance(related, type):
            return None
        model = related
    return model
