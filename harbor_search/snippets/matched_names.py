"""The names of an article that a query asks for and that its text does not show: why it is among the hits."""

from __future__ import annotations

from collections.abc import Sequence

from harbor_search.results import Range, Snippet
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.ranges import merge

__all__ = ["names_snippet"]

_BETWEEN = "; "
_MOST_NAMES = 3
"""Names shown; rare diseases have dozens."""


def names_snippet(names: Sequence[str], occurrences: Sequence[Occurrence]) -> tuple[Snippet, ...]:
    """A snippet of those of an article's names with words of the query that stand nowhere else in the article, if any.

    Its field is "names". Occurrences that are not in the names are passed over.
    """
    elsewhere = {each.leaf for each in occurrences if each.field != "names"}
    found: dict[int, list[Range]] = {}
    for each in occurrences:
        if each.field == "names" and each.leaf not in elsewhere and _is_within(each, names):
            found.setdefault(each.section, []).append((each.start, each.end))
    if not found:
        return ()
    fullest = sorted(sorted(found, key=lambda name: (-len(merge(found[name])), name))[:_MOST_NAMES])
    ranges, at = [], 0
    for name in fullest:
        ranges += [(at + start, at + end) for start, end in merge(found[name])]
        at += len(names[name]) + len(_BETWEEN)
    return (Snippet("names", "", "", _BETWEEN.join(names[name] for name in fullest), tuple(ranges)),)


def _is_within(occurrence: Occurrence, names: Sequence[str]) -> bool:
    return 0 <= occurrence.section < len(names) and 0 <= occurrence.start < occurrence.end <= len(
        names[occurrence.section]
    )
