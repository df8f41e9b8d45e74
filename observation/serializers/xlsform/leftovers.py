"""What a form says in columns and sheets that an instrument has no place for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observation.serializers.xlsform import entries
from observation.serializers.xlsform.places import Place, Problem
from observation.serializers.xlsform.sheets import Sheet, base
from observation.serializers.xlsform.words import language

if TYPE_CHECKING:
    from observation.serializers.xlsform.tree import Tree

READ = frozenset(
    {
        *("type", "name", "label", "hint", "guidance_hint", "relevant", "repeat_count"),
        *("trenza", "disabled", "list_name"),
    }
)
REASONS: dict[str, str | Promise] = {
    "calculation": gettext_lazy("an instrument calculates nothing: “%(value)s”."),
    "choice_filter": gettext_lazy("choices cannot depend on another answer: “%(value)s”."),
    "constraint": gettext_lazy("an answer has no other bounds than its scale: “%(value)s”."),
    "media": gettext_lazy("an item has no picture or sound: “%(value)s”."),
    "required": gettext_lazy(
        "any item may be left unanswered; so many must be answered that the "
        "score is valid. “%(value)s” is left out."
    ),
    "default": gettext_lazy("nothing is answered beforehand: “%(value)s”."),
    "appearance": gettext_lazy("how a question looks is not kept: “%(value)s”."),
}
OTHER = gettext_lazy("an instrument has no place for this column: “%(value)s”.")
SETTINGS = frozenset(
    {
        *("form_title", "title", "form_id", "id_string", "version", "default_language"),
        *("clean_text_values", "allow_choice_duplicates"),
    }
)
SHEETS = frozenset({"survey", "choices", "settings", "trenza"})


def columns(tree: "Tree") -> Iterator[Problem]:
    """Each filled cell of an item or a group that was not read."""
    survey = tree.survey
    for number in sorted(tree.used):
        row = survey.rows.get(number, {})
        if row.get("trenza::role"):  # of our own, where a constraint follows from the scale
            continue
        for place, heading in enumerate(survey.headings, start=1):
            value, name = row.get(heading, ""), base(heading)
            if not value or (name in READ and not _foreign(heading)) or _bounds(name, row, survey):
                continue
            if name == "required" and value.lower() in ("no", "false", "false()"):
                continue
            said = _("this language is not kept: “%(value)s”.") if _foreign(heading) else ""
            reason = said or str(REASONS.get(name, OTHER))
            told = reason % {"value": value[:200]}
            yield Problem(Place(survey.name, number, place, heading), told)
        if " or_other" in f" {survey.value(row, 'type')}":
            yield Problem(survey.place(number, "type"), _("“other” cannot be written in."))


def elsewhere(found: dict[str, Sheet], tree: "Tree") -> Iterator[Problem]:
    """Columns of choices and settings, lists that no item uses, and whole sheets."""
    choices = tree.choices
    for place, heading in enumerate(choices.headings, start=1):
        rows = [number for number, row in choices.rows.items() if row.get(heading)]
        if rows and (base(heading) not in READ or _foreign(heading)):
            said = _("an instrument has no place for this column of choices; it fills %(n)s rows.")
            yield Problem(Place(choices.name, rows[0], place, heading), said % {"n": len(rows)})
    listed: dict[str, int] = {}
    for number, row in choices.rows.items():
        listed.setdefault(choices.value(row, "list_name"), number)
    for name, number in listed.items():
        if name and name not in tree.lists:
            said = _("no question uses the list “%(name)s”.") % {"name": name}
            yield Problem(choices.place(number, "list_name"), said)
    if settings := found.get("settings"):
        yield from _settings(settings)
    for name, sheet in found.items():
        if name not in SHEETS and any(sheet.rows.values()):
            yield Problem(Place(sheet.name), _("this sheet was not read."))


def _settings(sheet: Sheet) -> Iterator[Problem]:
    for place, heading in enumerate(sheet.headings, start=1):
        value = next((row[heading] for row in sheet.rows.values() if row.get(heading)), "")
        if value and heading.lower() not in SETTINGS:
            said = _("this setting is not kept: “%(value)s”.") % {"value": value[:200]}
            yield Problem(Place(sheet.name, 2, place, heading), said)


def _foreign(heading: str) -> bool:
    """Whether a column holds a text in a language that is not of the house."""
    _base, colons, head = heading.partition("::")
    texts = base(heading) in ("label", "hint", "guidance_hint")
    return bool(colons) and texts and not language(head)


def _bounds(name: str, row: dict[str, str], survey: Sheet) -> bool:
    """Whether this is a constraint that became the ends of a scale, or its message."""
    if name not in ("constraint", "constraint_message"):
        return False
    counted = entries.COUNT.fullmatch(survey.value(row, "type"))
    return bool(counted and entries.bounds(survey.value(row, "constraint")))
