"""Fragments: which passages of an article to show below its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from harbor_search.article import Article, Section
from harbor_search.results import Range, Snippet
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.parts import Part, matching_parts
from harbor_search.snippets.passages import clean_start, cut_passage, mark, reach_of
from harbor_search.snippets.sentences import sentences
from harbor_search.snippets.windows import Match, Window, best_window

__all__ = ["best_snippets"]

_HEADING = 0.5
"""What a word in a section's heading is worth to its passages, as a share of the same word in the passage: readers see
the heading beside the passage."""

_RAGGED = 0.85
"""Factor for passages that begin within a sentence."""

_SHOWN_WORD = 0.4
_SHOWN_SECTION = 0.6
"""Factors for further passages: on the weights of words already shown, and for sections a passage was taken from."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A window of matches in a free stretch of a part, with what it is worth among all candidates."""

    part: Part
    limits: Range
    matches: Sequence[Match]
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
    found = tuple(islice(_passages(matching_parts(article, occurrences), _weights(occurrences), length), count))
    return found or _beginning(article, length)


def _weights(occurrences: Sequence[Occurrence]) -> dict[int, float]:
    """The highest weight of each leaf; next to nothing for one without a sensible weight."""
    weights = {each.leaf: 1e-6 for each in occurrences}
    for each in occurrences:
        if weights[each.leaf] < each.weight < 1e9:
            weights[each.leaf] = each.weight
    return weights


def _passages(parts: Sequence[Part], weights: dict[int, float], length: int) -> Iterator[Snippet]:
    """Passages, the best of what is still free each time."""
    while candidates := [each for part in parts for each in _candidates(part, weights, reach_of(length))]:
        best = candidates[0]
        for each in candidates:
            if each.score > best.score:
                best = each
        yield _take(best, weights, length)


def _candidates(part: Part, weights: dict[int, float], reach: int) -> Iterator[_Candidate]:
    """The best window of each free stretch of the part, and its beginning where only the heading matches."""
    heading = _HEADING * sum(weights[leaf] for leaf in part.heading)
    factor = _SHOWN_SECTION if part.shown else 1.0
    for limits in part.free:
        matches = [m for m in part.scored if m[0] >= limits[0] and m[1] <= min(limits[1], m[0] + reach)]
        for window in _windows(part, limits, matches, weights, reach):
            yield _Candidate(part, limits, matches, window, (window.score + heading) * factor)
    if part.heading and not part.scored and not part.shown:
        yield _Candidate(part, part.free[0], (), Window(0.0, part.sentences[0][0], 0, 0), heading)


def _windows(
    part: Part, limits: Range, matches: Sequence[Match], weights: dict[int, float], reach: int
) -> Iterator[Window]:
    """The best window that begins with a sentence where it can, and the best that begins with a match."""
    starts: list[tuple[int, float]] = []
    latest = limits[0]
    for start, end, _ in matches:
        clean = clean_start(part.sentences, start)
        whole = clean >= limits[0] and end - clean <= reach
        latest = max(latest, clean if whole else start)
        starts.append((latest, 1.0 if latest == clean else _RAGGED))
    whole_sentences = best_window(matches, starts, reach, weights)
    if whole_sentences is None:
        return
    yield whole_sentences
    if len({m[2] for m in matches[whole_sentences.first : whole_sentences.last]}) < len({m[2] for m in matches}):
        cut_sentences = best_window(matches, [(m[0], _RAGGED) for m in matches], reach, weights)
        if cut_sentences is not None:
            yield cut_sentences


def _take(candidate: _Candidate, weights: dict[int, float], length: int) -> Snippet:
    """The candidate's passage as a snippet; its words and its place count as shown from now on."""
    part, window = candidate.part, candidate.window
    matches = candidate.matches[window.first : window.last]
    core = (matches[0][0], max(m[1] for m in matches)) if matches else (window.start, window.start)
    snippet, shown = _snippet(part.section, part.sentences, candidate.limits, core, window.start, part.matches, length)
    for leaf in {m[2] for m in matches} | part.heading:
        weights[leaf] *= _SHOWN_WORD
    part.take(candidate.limits, shown)
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
    for section in (*article.body, Section("", "", article.lead)):
        bounds = sentences(section.text)
        if bounds:
            start = bounds[0][0]
            limits = (start, len(section.text))
            return (_snippet(section, bounds, limits, (start, start), start, (), length)[0],)
    return ()
