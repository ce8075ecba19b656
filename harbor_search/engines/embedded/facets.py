"""How many of the matching articles each section and year has."""

from __future__ import annotations

from collections import Counter

import numpy as np

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.embedded.folding import Folding
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.ranking import count_values
from harbor_search.results import FacetValue

__all__ = ["section_facet", "year_facet"]


def section_facet(snapshot: Snapshot, matched: Words64, folding: Folding | None = None) -> tuple[FacetValue, ...]:
    """Counts of every level of the section paths of the matching documents; in each, near-duplicates count once."""
    counts = np.zeros(len(snapshot.section_paths), np.int64)
    count_values(matched, snapshot.sections, counts)
    levels: Counter[tuple[str, ...]] = Counter()
    for path, count in zip(snapshot.section_paths, counts.tolist(), strict=True):
        for level in range(1, len(path) + 1):
            levels[path[:level]] += count
    if folding:
        for number, numbers in enumerate(snapshot.section_levels):
            surplus = folding.surplus_by(numbers, matched, len(snapshot.section_paths)).tolist()
            for code in np.unique(numbers[numbers >= 0]).tolist():
                levels[snapshot.section_paths[code][: number + 1]] -= surplus[code]
    return _ordered({SECTION_SEPARATOR.join(path): (path[-1], count) for path, count in levels.items() if count})


def year_facet(snapshot: Snapshot, matched: Words64, folding: Folding | None = None) -> tuple[FacetValue, ...]:
    """Counts of the years of publication of the matching documents; those without a date count nowhere."""
    years = snapshot.years
    counts = np.zeros(int(years.max(initial=0)) + 1, np.int64)
    count_values(matched, years, counts)
    if folding:
        counts -= folding.surplus_by(years, matched, counts.size)
    found = np.nonzero(counts)[0].tolist()
    return _ordered({str(year): (str(year), int(counts[year])) for year in found})


def _ordered(counts: dict[str, tuple[str, int]]) -> tuple[FacetValue, ...]:
    values = [FacetValue(value, label, count) for value, (label, count) in counts.items()]
    return tuple(sorted(values, key=lambda each: (-each.count, each.value)))
