"""The notation of a measurement design: ``x`` crosses, ``:`` nests, as in ``p x (r:o)``."""

import re
from dataclasses import dataclass, field
from itertools import combinations

Effect = frozenset[str]


@dataclass(frozen=True)
class Design:
    """Facets in the order written, the facets in which each is nested, and the effects.

    An effect is the set of facets that index it, with a facet always those in which it is nested.
    """

    facets: tuple[str, ...]
    within: dict[str, Effect]
    effects: tuple[Effect, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = {
            frozenset().union(*(self.closed(facet) for facet in chosen))
            for size in range(1, len(self.facets) + 1)
            for chosen in combinations(self.facets, size)
        }
        place = {facet: i for i, facet in enumerate(self.facets)}
        order = sorted(found, key=lambda e: (len(e), sorted(place[f] for f in e)))
        object.__setattr__(self, "effects", tuple(order))

    def closed(self, facet: str) -> Effect:
        return frozenset({facet}) | self.within[facet]

    def name(self, effect: Effect) -> str:
        """Brennan's: what varies, then what it is nested in, as ``pr:o``."""
        holders = frozenset().union(*(self.within[facet] for facet in effect))
        joint = "" if all(len(facet) == 1 for facet in self.facets) else " x "
        inner = joint.join(f for f in self.facets if f in effect - holders)
        outer = joint.join(f for f in self.facets if f in holders)
        return f"{inner}:{outer}" if outer else inner


def parse_design(text: str) -> Design:
    """A design from its notation.

    ``p x i``: each p meets each i. ``r:o``: each r belongs to one o. Parentheses group:
    ``(r:p) x i``, ``i:(p x o)``, ``r:(o:c)``. ``×`` and ``*`` also cross. Names are letters, digits
    and underscores; ``x`` alone is the crossing.
    """
    reader = _Reader(text)
    reader.crossed()
    if reader.rest:
        raise ValueError(f"The design '{text}' cannot be read from '{reader.rest[0]}' on.")
    within = reader.within
    if len(within) < 2:
        raise ValueError("A design needs an object and at least one facet, such as 'p x i'.")
    # r:(o:c) nests r in o and in c.
    return Design(tuple(within), {facet: _ancestors(facet, within) for facet in within})


class _Reader:
    """Recursive descent: crossed = nested (x nested)*, nested = one (: nested)?."""

    def __init__(self, text: str) -> None:
        self.text, self.rest = text, re.findall(r"\w+|[():×*]|\S", text)
        self.within: dict[str, Effect] = {}

    def crossed(self) -> list[str]:
        found = self.nested()
        while self._next("x", "X", "×", "*"):
            found += self.nested()
        return found

    def nested(self) -> list[str]:
        own = self.one()
        if not self._next(":"):
            return own
        holders = self.nested()
        for facet in own:
            self.within[facet] |= frozenset(holders)
        return own + holders

    def one(self) -> list[str]:
        if self._next("("):
            found = self.crossed()
            if not self._next(")"):
                raise ValueError(f"The design '{self.text}' has a parenthesis that is not closed.")
            return found
        name = self.rest.pop(0) if self.rest else "its end"
        if not re.fullmatch(r"\w+", name) or name in {"x", "X"}:
            raise ValueError(f"The design '{self.text}' needs a facet where it has '{name}'.")
        if name in self.within:
            raise ValueError(f"The design '{self.text}' names the facet '{name}' twice.")
        self.within[name] = frozenset()
        return [name]

    def _next(self, *wanted: str) -> bool:
        if self.rest and self.rest[0] in wanted:
            self.rest.pop(0)
            return True
        return False


def _ancestors(facet: str, within: dict[str, Effect]) -> Effect:
    return within[facet].union(*(_ancestors(holder, within) for holder in within[facet]))
