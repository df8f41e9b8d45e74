"""What an instrument says, in words: scales, rules, and when an item applies."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.fields import Translated
from observation.comparison import NAMES
from observation.enums import ItemKind, Moment, ScaleKind, ScoringRule
from observation.models import InstrumentVersion, Item
from organisations.enums import AgeGroup

Part = Mapping[str, Any]


def scale(said: Part) -> str:
    """How an item is answered: "steps with anchors, 1 to 7"; names of steps follow."""
    ends = {"low": said["minimum"] or 0, "high": said["maximum"]}
    kind = ScaleKind(said["kind"])
    if kind == ScaleKind.SNAPSHOTS and said["maximum"]:
        looks = ngettext("%(n)s look", "%(n)s looks", said["maximum"]) % {"n": said["maximum"]}
        return f"{kind.label}: {looks}"
    if kind in (ScaleKind.ORDINAL, ScaleKind.INTEGER):
        span = _("from %(low)g upwards") if ends["high"] is None else _("from %(low)g to %(high)g")
        words = f"{kind.label}, {span % ends}"
    else:
        words = str(kind.label)
    named = said["options"] or []
    names = [f"{each['value']} {Translated(each.get('label') or {})}".strip() for each in named]
    return f"{words} ({'; '.join(names)})" if names else words


def rule_name(name: str) -> str:
    return {
        "scoring": _("scoring rule"),
        "minimum_answered": _("share of applicable items answered for a valid score"),
        "minimum_cycles": _("cycles at least"),
        "cycle_minutes": _("minutes of a cycle at least"),
        "cycle_minutes_most": _("minutes of a cycle at most"),
        "moments_asked": _("moments of the day are asked"),
        "routine_and_play": _("needs a care routine and a play"),
        "segments": _("timed segments"),
    }[name]


def rule(name: str, value: Any) -> str:
    """What the rule ``name`` says."""
    if name == "scoring":
        return str(ScoringRule(value).label)
    if name == "minimum_answered":
        return _("%(percent)s %%") % {"percent": round(float(value) * 100)}
    if name == "segments":
        return "; ".join(map(segment, value)) or _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("not set") if value is None else str(value)


def segment(said: Part) -> str:
    """ "Play, 15 min, looks at 4, 9, 14"."""
    words = _("%(name)s, %(minutes)s min") % {
        "name": Translated(said["name"]),
        "minutes": said["minutes"],
    }
    if not said.get("snapshots"):
        return words
    minutes = ", ".join(map(str, said["snapshots"]))
    return _("%(segment)s, looks at minutes %(minutes)s") % {"segment": words, "minutes": minutes}


def age_groups(item: Part) -> str:
    names = [str(AgeGroup(code).label) for code in item["age_groups"]]
    return ", ".join(names) or _("every age group")


def moments(item: Part) -> str:
    names = [str(Moment(code).label) for code in item["moments"]]
    return ", ".join(names) or _("every moment")


def not_applicable(item: Part) -> str:
    """When the item may be called not applicable."""
    if not item["na_allowed"]:
        return _("always applies")
    return str(Translated(item["na_rule"])) or _("may be not applicable")


def kind(item: Part) -> str:
    return str(ItemKind(item["kind"]).label)


def weight(item: Part) -> str:
    return f"{float(item['weight']):g}"


def rules(version: InstrumentVersion) -> list[tuple[str, str]]:
    """Name and word of each rule of ``version``."""
    return [(rule_name(name), rule(name, getattr(version, name))) for name in NAMES]


def scale_of(item: Item) -> str:
    """``scale`` of an item as it is kept."""
    names = ("kind", "minimum", "maximum", "options")
    return scale({name: getattr(item.scale, name) for name in names})


def applies(item: Item) -> str:
    """Where and when an item applies: age groups, moments, and its N/A rule."""
    said = {
        name: getattr(item, name) for name in ("age_groups", "moments", "na_allowed", "na_rule")
    }
    return "; ".join((age_groups(said), moments(said), not_applicable(said)))
