"""What a draft could still say: nothing of it keeps it from being published."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from observation.enums import ItemKind, ScaleKind
from observation.policies.publishing import ENDS, MOST_STEPS

Part = Mapping[str, Any]
# How the parts of a draft are named where a translation is missing.
TEXTS = ("text", "na_rule", "note")


def anchored_steps(scale: Part) -> range:
    """The steps that an anchor can describe; none of a number, a text or a choice."""
    stepped = scale["kind"] in (ScaleKind.ORDINAL, *ENDS)
    if not stepped or scale["maximum"] is None:
        return range(0)
    low = scale["minimum"] or 0
    return range(low, min(scale["maximum"], low + MOST_STEPS - 1) + 1)


def untranslated(said: Part) -> list[str]:
    """Codes of the parts that lack a text in some language of the house."""
    found = [domain["code"] for domain in said["domains"] if _lacks(domain["name"])]
    found += [
        scale["code"]
        for scale in said["scales"]
        if any(_lacks(option.get("label") or {}) for option in scale["options"])
    ]
    for item in said["items"]:
        texts = [item[name] for name in TEXTS] + list(item["anchors"].values())
        if any(map(_lacks, texts)):
            found.append(item["code"])
    return found


def without_anchors(said: Part) -> list[str]:
    """Codes of items of which a step is not described, where steps can be."""
    scales = {scale["code"]: scale for scale in said["scales"]}
    return [
        item["code"]
        for item in said["items"]
        if item["kind"] == ItemKind.SCORED
        and {str(step) for step in anchored_steps(scales[item["scale"]])} - set(item["anchors"])
    ]


def wishes(said: Part) -> Iterator[str]:
    """What a reader of the draft would miss, a sentence each."""
    if codes := untranslated(said):
        yield _(
            "Not in every language yet: %(codes)s. Where a text is missing, readers see it in the "
            "other language."
        ) % {"codes": ", ".join(codes)}
    if codes := without_anchors(said):
        yield _("Without an anchor for each step: %(codes)s.") % {"codes": ", ".join(codes)}
    scales = {scale["code"]: scale for scale in said["scales"]}
    stray = [
        item["code"]
        for item in said["items"]
        if set(item["anchors"]) - {str(step) for step in anchored_steps(scales[item["scale"]])}
    ]
    if stray:
        yield _("With an anchor for a step that the scale does not have: %(codes)s.") % {
            "codes": ", ".join(stray)
        }
    used = {item["domain"] for item in said["items"]}
    if empty := [domain["code"] for domain in said["domains"] if domain["code"] not in used]:
        yield _("Domains without items: %(codes)s.") % {"codes": ", ".join(empty)}
    asked = said["rules"].get("moments_asked", True)
    if not asked and (codes := [item["code"] for item in said["items"] if item["moments"]]):
        yield _("Bound to moments that are not asked for: %(codes)s.") % {"codes": ", ".join(codes)}


def _lacks(text: Mapping[str, str]) -> bool:
    """Whether a text that is there in one language is missing in another."""
    there = {code for code, words in text.items() if words}
    return bool(there) and bool({code for code, _name in settings.LANGUAGES} - there)
