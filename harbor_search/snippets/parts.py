"""Parts: the sections of an article that a query matches, and the stretches of them that are still to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from harbor_search.article import Article, Section
from harbor_search.results import Range
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.sentences import sentences_near
from harbor_search.snippets.windows import Feature, Match, Pair, features_of

__all__ = ["RAGGED", "Part", "Stretch", "matching_parts"]

RAGGED = 0.85
"""Factor for passages that begin within a sentence."""

_MOST_SCORED = 1_000
"""Matches considered in choosing an article's passages: more than its best passages need, few enough to be quick."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a section's text that was not shown yet: what is in it, and where passages may begin."""

    limits: Range
    features: Sequence[Feature]
    starts: Sequence[tuple[int, float]]
    leaves: frozenset[int]
    pairs: frozenset[Pair]


@dataclass(slots=True)
class Part:
    """A matching section while passages are taken from it.

    `matches` are all those in its text, ascending, and `scored` the ones considered in choosing; `heading` are the
    leaves that match in its heading.
    """

    section: Section
    sentences: Sequence[Range]
    matches: Sequence[Match]
    scored: Sequence[Match]
    heading: frozenset[int]
    reach: int
    free: list[Stretch] = field(default_factory=list)
    shown: bool = False

    def __post_init__(self) -> None:
        self.free = [self._stretch((0, len(self.section.text)))]

    def take(self, stretch: Stretch, shown: Range) -> None:
        """Note that `shown` of the text, within `stretch`, is not free any more."""
        self.shown = True
        self.free.remove(stretch)
        for start, end in ((stretch.limits[0], shown[0]), (shown[1], stretch.limits[1])):
            if start < end:
                self.free.append(self._stretch((start, end)))

    def _stretch(self, limits: Range) -> Stretch:
        matches = self.scored
        if limits != (0, len(self.section.text)):
            matches = [match for match in matches if limits[0] <= match[0] and match[1] <= limits[1]]
        starts = list(_starts(matches, self.sentences, self.reach))
        features = features_of(matches)
        keys = {feature[2] for feature in features}
        leaves = frozenset(key for key in keys if isinstance(key, int))
        return Stretch(limits, features, starts, leaves, frozenset(key for key in keys if isinstance(key, tuple)))


def matching_parts(article: Article, occurrences: Iterable[Occurrence], *, reach: int) -> list[Part]:
    """The sections with text and an occurrence in text or heading, in order; impossible occurrences are passed over.

    `reach` is the most characters that a passage will have.
    """
    matches, headings = _by_section(article, occurrences)
    scored = _scored(matches)
    parts = []
    for index in sorted({*matches, *headings}):
        section = article.body[index]
        places = [match[0] for match in scored.get(index, ())]
        # Passages reach no farther from a match than `reach`: a sentence cut at twice that cannot be told from a whole.
        bounds = sentences_near(section.text, places or [0], 2 * reach)
        if bounds:
            heading = frozenset(headings.get(index, ()))
            parts.append(Part(section, bounds, matches.get(index, ()), scored.get(index, ()), heading, reach))
    return parts


def _by_section(
    article: Article, occurrences: Iterable[Occurrence]
) -> tuple[dict[int, list[Match]], dict[int, set[int]]]:
    """By section index, the matches in its text (ascending) and the leaves that match in its heading."""
    matches: dict[int, list[Match]] = {}
    headings: dict[int, set[int]] = {}
    texts = [section.text for section in article.body]
    for each in occurrences:
        index, start, end = each.section, each.start, each.end
        if not 0 <= index < len(texts):
            continue
        if each.field == "heading":
            headings.setdefault(index, set()).add(each.leaf)
        elif each.field == "body" and 0 <= start < end <= len(texts[index]):
            matches.setdefault(index, []).append((start, end, each.leaf))
    for found in matches.values():
        found.sort()
    return matches, headings


def _starts(matches: Iterable[Match], bounds: Sequence[Range], reach: int) -> Iterator[tuple[int, float]]:
    """Where passages may begin: with the sentence of each match, or with the match where that begins too far back."""
    index, latest = 0, -1
    for start, end, _ in matches:
        while index + 1 < len(bounds) and bounds[index + 1][0] <= start:
            index += 1
        clean = bounds[index][0]
        at = clean if end - clean <= reach else start
        if at > latest:
            latest = at
            yield at, 1.0 if at == clean else RAGGED


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
