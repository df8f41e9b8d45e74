"""Names that a form allows: letters, digits, “_”, each once whatever its case."""

import re

RESERVED = frozenset(
    {
        *("visit", "room", "caregiver", "observed_on", "age_group", "cycles", "cycle", "moments"),
        *("started_at", "ended_at", "meta", "data", "instanceid", "instancename"),
    }
)


class Names:
    """Gives each question and each list a name of its own."""

    def __init__(self) -> None:
        self.taken: set[str] = set(RESERVED)
        self.lists: set[str] = set()

    def new(self, wish: str) -> str:
        return _free(wish, self.taken)

    def new_list(self, wish: str) -> str:
        return _free(wish, self.lists)


def _free(wish: str, taken: set[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9_]", "_", wish) or "x"
    base = base if re.match("[A-Za-z_]", base) else f"q_{base}"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name.lower())
    return name
