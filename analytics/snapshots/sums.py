"""What a partition gives to the figures that rest on sums by centre. Knows no Django."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.snapshots.reading import by_session
from measurement.partials import ItemSums, combine, item_sums

COLUMNS = ["session", "centre", "item", "value"]


def sums_by_domain(
    ratings: pd.DataFrame, domains: Mapping[str, Sequence[str]]
) -> dict[str, ItemSums]:
    """Sums of the items of each domain by centre; a session's cycles are averaged first."""
    items = [item for own in domains.values() for item in own]
    wide = by_session(ratings, list(dict.fromkeys(items)))
    centres = ratings.drop_duplicates("session").set_index("session")["centre"].astype(str)
    return {domain: item_sums(wide[list(own)], centres) for domain, own in domains.items()}


def added(parts: Sequence[Mapping[str, ItemSums]]) -> dict[str, ItemSums]:
    """The sums of all partitions, domain by domain."""
    return {domain: combine([part[domain] for part in parts]) for domain in parts[0]}
