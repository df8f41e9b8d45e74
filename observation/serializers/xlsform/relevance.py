"""When an item applies, as the expression of a form: by age group and moments, and no more."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

AND, OR = (re.compile(rf"\s+{word}\s+", re.IGNORECASE) for word in ("and", "or"))
TEST = re.compile(
    r"""selected\(\s*\$\{(?P<several>[^}]+)\}\s*,\s*(?P<a>['"])(?P<one>[^'"]*)(?P=a)\s*\)"""
    r"""|\$\{(?P<single>[^}]+)\}\s*=\s*(?P<b>['"])(?P<value>[^'"]*)(?P=b)""",
    re.VERBOSE,
)


@dataclass
class Applies:
    """In which age groups and at which moments; empty means in all."""

    age_groups: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)

    def narrowed(self, other: "Applies") -> "Applies | None":
        """Where both hold; None where nothing is left, which no list can say."""
        parts = []
        for mine, others in (
            (self.age_groups, other.age_groups),
            (self.moments, other.moments),
        ):
            both = [code for code in mine if code in others] if mine and others else mine or others
            if mine and others and not both:
                return None
            parts.append(both)
        return Applies(*parts)


def write(applies: Applies, *, age_group: str, moments: str) -> str:
    """The expression; ``age_group`` and ``moments`` are the questions' names, "" if not asked."""
    parts = []
    if applies.moments and moments:
        parts.append([f"selected(${{{moments}}}, '{code}')" for code in applies.moments])
    if applies.age_groups and age_group:
        parts.append([f"${{{age_group}}} = '{code}'" for code in applies.age_groups])
    return " and ".join(f"({' or '.join(tests)})" for tests in parts)


def read(text: str, questions: Mapping[str, str]) -> Applies | None:
    """What ``text`` says; ``questions``: "moments" or "age_groups" by the name of a question.

    None where it says anything else.
    """
    found = Applies()
    for part in split(text, AND):
        tests = [TEST.fullmatch(one.strip()) for one in split(_bare(part), OR)]
        names = {(one["several"] or one["single"]).strip() for one in tests if one}
        if None in tests or len(names) != 1 or not names <= set(questions):
            return None
        codes = [one["one"] if one["several"] else one["value"] for one in tests if one]
        narrowed = found.narrowed(Applies(**{questions[names.pop()]: codes}))
        if narrowed is None:
            return None
        found = narrowed
    return found


def split(text: str, word: re.Pattern[str]) -> Sequence[str]:
    """``text`` at each ``word`` that stands in no bracket."""
    parts, start, place = [], 0, 0
    while place < len(text):
        match = word.match(text, place)
        if match and _closed(text[start:place]):
            parts.append(text[start:place])
            start = place = match.end()
        else:
            place += 1
    return [*parts, text[start:]]


def _bare(text: str) -> str:
    """Without brackets around the whole."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and _closed(text[1:-1]):
        text = text[1:-1].strip()
    return text


def _closed(text: str) -> bool:
    """Whether every bracket in ``text`` is closed and none was opened before it."""
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0
