"""The names of an article that a query asks for and that its text does not show: why it is among the hits."""

from __future__ import annotations

from collections.abc import Sequence

from harbor_search.article import Article
from harbor_search.results import Range, Snippet
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.ranges import merge

__all__ = ["names_snippet"]

_BETWEEN = "; "
_MOST_NAMES = 3
"""Names shown; rare diseases have dozens."""


def names_snippet(article: Article, occurrences: Sequence[Occurrence]) -> tuple[Snippet, ...]:
    """A snippet of the names with words of the query that stand nowhere else in the article; none without such names.

    Its field is "names". Occurrences that are not in the article are passed over.
    """
    elsewhere = {each.leaf for each in occurrences if each.field != "names"}
    found: dict[int, list[Range]] = {}
    for each in occurrences:
        if each.field == "names" and each.leaf not in elsewhere and _is_within(each, article):
            found.setdefault(each.section, []).append((each.start, each.end))
    if not found:
        return ()
    fullest = sorted(sorted(found, key=lambda name: (-len(merge(found[name])), name))[:_MOST_NAMES])
    ranges, at = [], 0
    for name in fullest:
        ranges += [(at + start, at + end) for start, end in merge(found[name])]
        at += len(article.tags[name]) + len(_BETWEEN)
    return (Snippet("names", "", "", _BETWEEN.join(article.tags[name] for name in fullest), tuple(ranges)),)


def _is_within(occurrence: Occurrence, article: Article) -> bool:
    names = article.tags
    return 0 <= occurrence.section < len(names) and 0 <= occurrence.start < occurrence.end <= len(
        names[occurrence.section]
    )
