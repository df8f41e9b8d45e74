"""Single values of xAPI: each rule one function ``rule(value, where)`` that raises Malformed.

Sections are those of xAPI 1.0.3, Part Two (Experience API Data).
"""

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.bodies import Malformed

Rule = Callable[[Any, str], None]

IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
MAILTO = re.compile(r"mailto:[^@\s]+@[^@\s]+")
SHA1 = re.compile(r"[0-9a-fA-F]{40}")
SHA2 = re.compile(r"[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128}")
UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|[xi](-[A-Za-z0-9]{1,8})+")
TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)([.,]\d+)?([Zz]|[+-]\d\d(?::?\d\d)?)"
)
DURATION = re.compile(
    r"P(?=[\dT])(\d+(\.\d+)?W|(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?D)?"
    r"(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)"
)


def text(value: Any, where: str) -> None:
    if not isinstance(value, str):
        raise Malformed(where, _("This must be text."))


def boolean(value: Any, where: str) -> None:
    if not isinstance(value, bool):
        raise Malformed(where, _("This must be true or false."))


def number(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Malformed(where, _("This must be a number."))


def whole_number(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Malformed(where, _("This must be a whole number."))


def matching(pattern: re.Pattern[str], sentence: str) -> Rule:
    """A rule for text that ``pattern`` describes in full; ``sentence`` is a source string."""

    def rule(value: Any, where: str) -> None:
        text(value, where)
        if not pattern.fullmatch(value):
            raise Malformed(where, _(sentence))

    return rule


# 4.2 IRIs; 2.4.2.3 identifiers; 2.4.1 ids; 4.6 durations; 5646 language tags
iri = matching(IRI, gettext_noop("This must be a full IRI, such as https://example.org/activity."))
mailto = matching(MAILTO, gettext_noop("This must be an address that begins with mailto:."))
sha1 = matching(SHA1, gettext_noop("This must be a SHA-1 in hexadecimal: 40 characters."))
sha2 = matching(SHA2, gettext_noop("This must be a SHA-2 in hexadecimal."))
uuid_text = matching(UUID, gettext_noop("This must be a UUID with hyphens."))
language_tag = matching(LANGUAGE, gettext_noop("This must be a language tag, such as es-MX."))
duration = matching(DURATION, gettext_noop("This must be an ISO 8601 duration, such as PT10M."))


def moment(value: Any, where: str) -> datetime.datetime:
    """4.5: an ISO 8601 moment with its time zone; returned in UTC."""
    text(value, where)
    found = TIMESTAMP.fullmatch(value)
    if found and found[4] not in {"-00:00", "-0000", "-00"}:
        day, time, fraction, zone = found.groups()
        zone = zone.upper() if len(zone) in {1, 3, 6} else f"{zone[:3]}:{zone[3:]}"
        try:
            parsed = parse_datetime(f"{day}T{time}{(fraction or '').replace(',', '.')}{zone}")
            if parsed is not None:
                return parsed.astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            pass
    raise Malformed(
        where, _("This must be a moment with its time zone, such as 2026-01-31T09:30:00-06:00.")
    )


def timestamp(value: Any, where: str) -> None:
    moment(value, where)


def language_map(value: Any, where: str) -> None:
    """4.3: texts by language tag."""
    mapping(value, where)
    for tag, words in value.items():
        language_tag(tag, f"{where}.{tag}")
        text(words, f"{where}.{tag}")


def extensions(value: Any, where: str) -> None:
    """4.4: anything at all, by IRI."""
    mapping(value, where)
    for key in value:
        iri(key, f"{where}.{key}")


def mapping(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise Malformed(where, _("This must be an object with named properties."))


def each(rule: Rule) -> Rule:
    """A rule for a list of things that ``rule`` describes."""

    def listed(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise Malformed(where, _("This must be a list."))
        for n, thing in enumerate(value):
            rule(thing, f"{where}[{n}]")

    return listed


def filled(rule: Rule) -> Rule:
    """A rule for a list that is not empty."""

    def some(value: Any, where: str) -> None:
        rule(value, where)
        if not value:
            raise Malformed(where, _("This list must not be empty."))

    return some


def record(
    value: Any, where: str, known: Mapping[str, Rule], required: tuple[str, ...] = ()
) -> None:
    """2.2: an object with ``known`` properties and no other, none null, all ``required`` there."""
    mapping(value, where)
    for name in required:
        if name not in value:
            raise Malformed(_below(where, name), _("This property is missing."))
    for name, inner in value.items():
        if name not in known:
            raise Malformed(_below(where, name), _("There is no such property."))
        if inner is None:
            raise Malformed(_below(where, name), _("This must not be null."))
        known[name](inner, _below(where, name))


def shaped(known: Mapping[str, Rule], required: tuple[str, ...] = ()) -> Rule:
    """``record`` as a rule of its own."""
    return lambda value, where: record(value, where, known, required)


def one_of(*allowed: str) -> Rule:
    """A rule for text out of a closed list."""

    def rule(value: Any, where: str) -> None:
        if not isinstance(value, str) or value not in allowed:
            raise Malformed(
                where, _("This must be one of: %(allowed)s.") % {"allowed": ", ".join(allowed)}
            )

    return rule


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
