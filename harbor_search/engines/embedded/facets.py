"""How many of the matching articles each section and year has."""

from __future__ import annotations

from collections import Counter

import numpy as np

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.ranking import count_values
from harbor_search.results import FacetValue

__all__ = ["section_facet", "year_facet"]


def section_facet(snapshot: Snapshot, matched: Words64) -> tuple[FacetValue, ...]:
    """Counts of every level of the section paths of the matching documents."""
    counts = np.zeros(len(snapshot.section_paths), np.int64)
    count_values(matched, snapshot.sections, counts)
    levels: Counter[tuple[str, ...]] = Counter()
    for path, count in zip(snapshot.section_paths, counts.tolist(), strict=True):
        for level in range(1, len(path) + 1):
            levels[path[:level]] += count
    return _ordered({SECTION_SEPARATOR.join(path): (path[-1], count) for path, count in levels.items() if count})


def year_facet(snapshot: Snapshot, matched: Words64) -> tuple[FacetValue, ...]:
    """Counts of the years of publication of the matching documents; those without a date count nowhere."""
    years = snapshot.years
    counts = np.zeros(int(years.max(initial=0)) + 1, np.int64)
    count_values(matched, years, counts)
    found = np.nonzero(counts)[0].tolist()
    return _ordered({str(year): (str(year), int(counts[year])) for year in found})


def _ordered(counts: dict[str, tuple[str, int]]) -> tuple[FacetValue, ...]:
    values = [FacetValue(value, label, count) for value, (label, count) in counts.items()]
    return tuple(sorted(values, key=lambda each: (-each.count, each.value)))
