"""Fragments: which passages of an article to show below its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from harbor_search.article import Article, Section
from harbor_search.results import Range, Snippet
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.parts import RAGGED, Part, Stretch, matching_parts
from harbor_search.snippets.passages import cut_passage, mark, reach_of
from harbor_search.snippets.sentences import sentences_near
from harbor_search.snippets.windows import Match, Pair, Window, best_window, pair_weight

__all__ = ["best_snippets"]

_HEADING = 0.5
"""What a word in a section's heading is worth to its passages, as a share of the same word in the passage: readers see
the heading beside the passage."""

_SHOWN_WORD = 0.4
_SHOWN_SECTION = 0.6
"""Factors for further passages: on the weights of words already shown, and for sections a passage was taken from."""

_LEAST_WEIGHT = 1e-6
_MOST_WEIGHT = 1e9
"""Bounds that keep sums of weights finite and above zero, whatever an engine says a word weighs."""

Weights = dict[int | Pair, float]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A window in a stretch of a part, with what it is worth among all candidates."""

    part: Part
    stretch: Stretch
    window: Window
    score: float


def best_snippets(
    article: Article, occurrences: Sequence[Occurrence], *, count: int, length: int
) -> tuple[Snippet, ...]:
    """The up to `count` passages of the article that answer best, the best first, each of at most `length` characters.

    Several different words are preferred over one repeated, words near each other over scattered ones, sections whose
    heading matches over others, and for further passages words and sections not yet shown. Passages do not overlap.
    Where nothing in the body matches, the article's first text is shown without ranges. Occurrences that are not in
    the article are passed over. Takes time linear in the occurrences and in the text of the sections they are in.
    """
    if count < 1 or length < 1:
        return ()
    parts = matching_parts(article, occurrences, reach=reach_of(length))
    found = tuple(islice(_passages(parts, _weights(occurrences), length), count))
    return found or _beginning(article, length)


def _weights(occurrences: Sequence[Occurrence]) -> Weights:
    """The highest weight of each leaf."""
    weights: Weights = {}
    for each in occurrences:
        known = weights.setdefault(each.leaf, _LEAST_WEIGHT)
        if known < each.weight < _MOST_WEIGHT:
            weights[each.leaf] = each.weight
    return weights


def _passages(parts: Sequence[Part], weights: Weights, length: int) -> Iterator[Snippet]:
    """Passages, each time the best of what is still free."""
    while True:
        pairs = frozenset().union(*(stretch.pairs for part in parts for stretch in part.free))
        weights |= {pair: pair_weight(pair, weights) for pair in pairs}
        best = max(
            (each for part in parts for each in _candidates(part, weights)), key=lambda each: each.score, default=None
        )
        if best is None:
            return
        yield _take(best, weights, length)


def _candidates(part: Part, weights: Weights) -> Iterator[_Candidate]:
    """The best windows of each stretch of the part, and its beginning where only the heading matches."""
    heading = _HEADING * sum(weights[leaf] for leaf in part.heading)
    factor = _SHOWN_SECTION if part.shown else 1.0
    for stretch in part.free:
        for window in _windows(stretch, part.reach, weights):
            yield _Candidate(part, stretch, window, (window.score + heading) * factor)
    if part.heading and not part.scored and not part.shown:
        yield _Candidate(part, part.free[0], Window(0.0, part.sentences[0][0], 0, 0), heading)


def _windows(stretch: Stretch, reach: int, weights: Weights) -> Iterator[Window]:
    """The best window that begins with a sentence where it can and, where that misses a word, with a match."""
    whole = best_window(stretch.features, stretch.starts, reach, weights)
    if whole is None:
        return
    yield whole
    if len(_leaves(stretch, whole)) < len(stretch.leaves):
        starts = [(feature[0], RAGGED) for feature in stretch.features]
        cut = best_window(stretch.features, starts, reach, weights)
        if cut is not None:
            yield cut


def _leaves(stretch: Stretch, window: Window) -> set[int]:
    return {key for _, _, key in stretch.features[window.first : window.last] if isinstance(key, int)}


def _take(candidate: _Candidate, weights: Weights, length: int) -> Snippet:
    """The candidate's passage as a snippet; its words and its place count as shown from now on."""
    part, stretch, window = candidate.part, candidate.stretch, candidate.window
    inside = stretch.features[window.first : window.last]
    core = (inside[0][0], max(end for _, end, _ in inside)) if inside else (window.start, window.start)
    snippet, shown = _snippet(part.section, part.sentences, stretch.limits, core, window.start, part.matches, length)
    for leaf in _leaves(stretch, window) | part.heading:
        weights[leaf] *= _SHOWN_WORD
    part.take(stretch, shown)
    return snippet


def _snippet(
    section: Section,
    bounds: Sequence[Range],
    limits: Range,
    core: Range,
    start: int,
    matches: Sequence[Match],
    length: int,
) -> tuple[Snippet, Range]:
    reach = reach_of(length)
    passage = cut_passage(section.text, bounds, limits, core, start=start, reach=reach)
    text, ranges = mark(section.text, passage, matches, ellipses=reach < length)
    return Snippet("body", section.heading, section.anchor, text, ranges), (passage.start, passage.end)


def _beginning(article: Article, length: int) -> tuple[Snippet, ...]:
    """The start of the article's first text, or of its lead where the body is empty."""
    reach = reach_of(length)
    for section in (*article.body, Section("", "", article.lead)):
        start = len(section.text) - len(section.text.lstrip())
        bounds = sentences_near(section.text, [start], 2 * reach)
        if bounds:
            limits = (start, len(section.text))
            return (_snippet(section, bounds, limits, (start, start), start, (), length)[0],)
    return ()
