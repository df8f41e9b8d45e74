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

    ``p x i``: each p meets each i. ``r:o``: each r belongs to one o. Parentheses group: ``(r:p) x i``,
    ``i:(p x o)``, ``r:(o:c)``. ``×`` and ``*`` also cross. Names are letters, digits and underscores;
    ``x`` alone is the crossing.
    """
    tokens = re.findall(r"\w+|[():×*]|\S", text)
    within: dict[str, Effect] = {}
    rest = list(tokens)

    def crossed() -> list[str]:
        found = nested()
        while rest and rest[0] in {"x", "X", "×", "*"}:
            rest.pop(0)
            found += nested()
        return found

    def nested() -> list[str]:
        own = one()
        if rest and rest[0] == ":":
            rest.pop(0)
            holders = nested()
            for facet in own:
                within[facet] |= frozenset(holders)
            return own + holders
        return own

    def one() -> list[str]:
        token = rest.pop(0) if rest else ""
        if token == "(":
            found = crossed()
            if not rest or rest.pop(0) != ")":
                raise ValueError(f"The design '{text}' has a parenthesis that is not closed.")
            return found
        if not re.fullmatch(r"\w+", token) or token in {"x", "X"}:
            raise ValueError(
                f"The design '{text}' needs a facet where it has '{token or 'its end'}'."
            )
        if token in within:
            raise ValueError(f"The design '{text}' names the facet '{token}' twice.")
        within[token] = frozenset()
        return [token]

    crossed()
    if rest:
        raise ValueError(f"The design '{text}' cannot be read from '{rest[0]}' on.")
    if len(within) < 2:
        raise ValueError("A design needs an object and at least one facet, such as 'p x i'.")
    # r:(o:c) nests r in o and in c.
    full = {facet: _ancestors(facet, within) for facet in within}
    return Design(tuple(within), full)


def _ancestors(facet: str, within: dict[str, Effect]) -> Effect:
    return within[facet].union(*(_ancestors(holder, within) for holder in within[facet]))
