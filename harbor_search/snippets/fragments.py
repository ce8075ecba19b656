"""Fragments: which passages of an article to show below its title."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.character_properties import character_properties, learn
from harbor_search.article import Article, Section
from harbor_search.compiled import kernel
from harbor_search.results import Range, Snippet
from harbor_search.snippets.occurrences import Occurrence
from harbor_search.snippets.section_rows import (
    MATCHES,
    PASSAGE_WIDTH,
    SECTION_WIDTH,
    SENTENCES,
    TEXT_BEGIN,
    TEXT_END,
)
from harbor_search.snippets.selection import new_work, select_passages
from harbor_search.snippets.sentences import sentences

__all__ = ["best_snippets"]

_LEAST_WEIGHT = 1e-6
_MOST_WEIGHT = 1e9
"""Bounds that keep sums of weights finite and above zero, whatever an engine says a word weighs."""

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


def best_snippets(
    article: Article, occurrences: Sequence[Occurrence], *, count: int, length: int
) -> tuple[Snippet, ...]:
    """The up to `count` passages of the article that answer best, the best first, each of at most `length` characters.

    For engines that find articles and occurrences; `selection` says what is preferred. Where nothing in the body
    matches, the article's first text is shown without ranges. Occurrences that are not in the article are passed over.
    Takes time linear in the occurrences and in the text.
    """
    if count < 1 or length < 1:
        return ()
    body = (*article.body, Section("", "", article.lead))
    leaves = {leaf: number for number, leaf in enumerate(sorted({each.leaf for each in occurrences}))}
    sections, data, starts, ends = _laid_out(body)
    matches = _matches(article, occurrences, leaves, sections)
    headings = np.array(sorted({
        (each.section, leaves[each.leaf])
        for each in occurrences if each.field == "heading" and 0 <= each.section < len(article.body)
    }), np.int64).reshape(-1, 2)  # fmt: skip
    out, ranges = np.empty(count * (length + 2), np.int32), np.empty((count * (length + 2), 2), np.int32)
    rows = np.empty((count, PASSAGE_WIDTH), np.int64)
    found = _select(
        data, sections, starts, ends, matches, headings, _weights(occurrences, leaves), count, length,
        character_properties(), out, ranges, rows,
    )  # fmt: skip
    return _snippets(body, out, ranges, rows[:found])


def _laid_out(body: Sequence[Section]) -> tuple[Int64s, npt.NDArray[np.uint8], Int32s, Int32s]:
    """The sections of an article without matches, their texts in UTF-8, and their sentences."""
    sections = np.zeros((len(body) + 1, SECTION_WIDTH), np.int64)
    found: list[Range] = []
    texts, at = [], 0
    for number, section in enumerate(body):
        learn(section.text)
        encoded = section.text.encode("utf-8", "surrogatepass")
        sections[number, [TEXT_BEGIN, TEXT_END, SENTENCES]] = at, at + len(encoded), len(found)
        found.extend(sentences(section.text))
        texts.append(encoded)
        at += len(encoded)
    sections[len(body), SENTENCES] = len(found)
    starts, ends = np.array(found, np.int32).reshape(-1, 2).T.copy()
    return sections, np.frombuffer(b"".join(texts), np.uint8), starts, ends


def _matches(article: Article, occurrences: Sequence[Occurrence], leaves: dict[int, int], sections: Int64s) -> Int64s:
    """The matches in the texts, and in `sections` where those of each begin."""
    sizes = [len(section.text) for section in article.body]
    found = sorted(
        (each.section, each.start, each.end, leaves[each.leaf])
        for each in occurrences
        if each.field == "body" and 0 <= each.section < len(sizes) and 0 <= each.start < each.end <= sizes[each.section]
    )
    rows = np.array(found, np.int64).reshape(-1, 4)
    sections[:, MATCHES] = np.searchsorted(rows[:, 0], np.arange(len(sections)))
    return rows[:, 1:].copy()


def _weights(occurrences: Sequence[Occurrence], leaves: dict[int, int]) -> npt.NDArray[np.float64]:
    """float64[leaves]: the highest weight of each."""
    weights = np.full(len(leaves), _LEAST_WEIGHT)
    for each in occurrences:
        leaf = leaves[each.leaf]
        if weights[leaf] < each.weight < _MOST_WEIGHT:
            weights[leaf] = each.weight
    return weights


@kernel
def _select(data, sections, starts, ends, matches, headings, weights, count, length, properties, out, ranges, rows):
    at = (np.int64(0), np.int64(0))
    return select_passages(
        data, sections, (starts, ends), matches, headings, weights, (count, length), properties, (out, ranges), at,
        rows, new_work(weights.size, length),
    )  # fmt: skip


def _snippets(
    body: Sequence[Section], out: npt.NDArray[np.int32], ranges: npt.NDArray[np.int32], rows: Int64s
) -> tuple[Snippet, ...]:
    characters, pairs = rows[-1, 1:].tolist() if len(rows) else (0, 0)
    text = out[:characters].tobytes().decode("utf-32-le", "surrogatepass")
    every = [(start, end) for start, end in ranges[:pairs].tolist()]
    snippets, text_at, range_at = [], 0, 0
    for section, text_end, range_end in rows.tolist():
        heading, anchor, _ = body[section]
        marks = tuple(every[range_at:range_end])
        snippets.append(Snippet("body", heading, anchor, text[text_at:text_end], marks))
        text_at, range_at = text_end, range_end
    return tuple(snippets)
