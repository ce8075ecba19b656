"""Parts: the sections of an article that a query matches, with what of them is still to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from harbor_search.article import Article, Section
from harbor_search.results import Range
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.sentences import sentences
from harbor_search.snippets.windows import Match

__all__ = ["Part", "matching_parts"]

_MOST_SCORED = 1_000
"""Matches considered in choosing an article's passages: more than its best passages need, few enough to be quick."""


@dataclass(slots=True)
class Part:
    """A matching section while passages are taken from it.

    `matches` are those in its text, ascending, and `scored` the ones considered in choosing; `heading` are the leaves
    that match in its heading; `free` are the stretches of text not yet shown.
    """

    section: Section
    sentences: Sequence[Range]
    matches: Sequence[Match]
    scored: Sequence[Match]
    heading: frozenset[int]
    free: list[Range] = field(default_factory=list)
    shown: bool = False

    def take(self, limits: Range, shown: Range) -> None:
        """Note that the stretch `shown` of the free stretch `limits` is not free any more."""
        self.shown = True
        self.free.remove(limits)
        self.free += [rest for rest in ((limits[0], shown[0]), (shown[1], limits[1])) if rest[0] < rest[1]]
        self.free.sort()


def matching_parts(article: Article, occurrences: Iterable[Occurrence]) -> list[Part]:
    """The sections with text and an occurrence in text or heading, in order; impossible occurrences are passed over."""
    matches: dict[int, list[Match]] = {}
    headings: dict[int, set[int]] = {}
    for each in occurrences:
        if not 0 <= each.section < len(article.body):
            continue
        if each.field == "heading":
            headings.setdefault(each.section, set()).add(each.leaf)
        elif each.field == "body" and _is_in(article.body[each.section].text, each):
            matches.setdefault(each.section, []).append((each.start, each.end, each.leaf))
    for found in matches.values():
        found.sort()
    scored = _scored(matches)
    return [
        Part(
            section=article.body[index],
            sentences=bounds,
            matches=matches.get(index, ()),
            scored=scored.get(index, ()),
            heading=frozenset(headings.get(index, ())),
            free=[(0, len(article.body[index].text))],
        )
        for index in sorted({*matches, *headings})
        if (bounds := sentences(article.body[index].text))
    ]


def _is_in(text: str, occurrence: Occurrence) -> bool:
    return 0 <= occurrence.start < occurrence.end <= len(text) and not text[occurrence.start].isspace()


def _scored(matches: dict[int, list[Match]]) -> dict[int, list[Match]]:
    """`matches`; where they are too many, the first ones of each leaf, so that rare words do not go."""
    if sum(map(len, matches.values())) <= _MOST_SCORED:
        return matches
    share = _MOST_SCORED // len({match[2] for found in matches.values() for match in found}) + 1
    counts: Counter[int] = Counter()
    scored: dict[int, list[Match]] = {}
    for index in sorted(matches):
        scored[index] = []
        for match in matches[index]:
            counts[match[2]] += 1
            if counts[match[2]] <= share:
                scored[index].append(match)
    return scored
