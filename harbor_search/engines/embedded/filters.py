"""Filters of a search as bitmaps of the documents that they let through, and facets counted within them."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import and_

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.near_duplicates import Folding
from harbor_search.engines.embedded.snapshot import Snapshot, Words64, is_in
from harbor_search.results import FacetValue

__all__ = ["Filters", "is_filtered"]


class Filters:
    """The filters of criteria on one snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._section_mask = lru_cache(maxsize=256)(snapshot.section_mask)
        self._date_mask = lru_cache(maxsize=16)(snapshot.date_mask)

    def mask(self, criteria: Criteria) -> Words64 | None:
        """What all filters let through; None where there are none."""
        if not is_filtered(criteria):
            return None
        return _all_of(self._dated(criteria), self._placed(criteria), self._named(criteria))

    def excluding(self, document: int, criteria: Criteria) -> str:
        """The filter that keeps a document out: "section", "source" or "date"; empty where none does."""
        masks = {"section": self._placed(criteria), "source": self._named(criteria), "date": self._dated(criteria)}
        return next((name for name, mask in masks.items() if mask is not None and not is_in(document, mask)), "")

    def facets(
        self, matched: Words64, criteria: Criteria, folding: Folding | None
    ) -> dict[str, tuple[FacetValue, ...]]:
        """Counts without the filter on the same property, so that readers can widen their choice."""
        snapshot = self._snapshot
        by_section = by_year = by_source = matched
        if is_filtered(criteria):
            dated, placed, named = self._dated(criteria), self._placed(criteria), self._named(criteria)
            by_section, by_year = _within(matched, dated, named), _within(matched, placed, named)
            by_source = _within(matched, dated, placed)
        counted = {
            "section": snapshot.section_facet.count(by_section, folding),
            "year": snapshot.year_facet.count(by_year, folding),
        }
        if snapshot.source_names:
            counted["source"] = snapshot.source_facet.count(by_source, folding)
        return counted

    def _placed(self, criteria: Criteria) -> Words64 | None:
        return self._section_mask(criteria.section) if criteria.section else None

    def _named(self, criteria: Criteria) -> Words64 | None:
        return self._snapshot.source_mask(criteria.source) if criteria.source else None

    def _dated(self, criteria: Criteria) -> Words64 | None:
        if criteria.date_from is None and criteria.date_to is None:
            return None
        return self._date_mask(criteria.date_from, criteria.date_to)


def is_filtered(criteria: Criteria) -> bool:
    """Whether criteria let only some documents through."""
    return bool(criteria.section or criteria.source or criteria.date_from or criteria.date_to)


def _all_of(*masks: Words64 | None) -> Words64 | None:
    """What all of the masks let through, of which None is everything."""
    given = [mask for mask in masks if mask is not None]
    return reduce(and_, given) if given else None


def _within(matched: Words64, *masks: Words64 | None) -> Words64:
    """What of the matching documents all of the masks let through."""
    mask = _all_of(*masks)
    return matched if mask is None else matched & mask
