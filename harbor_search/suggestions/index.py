"""Autocompletion: finding the entries with all the words typed so far, the last of which may be incomplete.

Words are sorted, with an inverted list of entries for each, so that a prefix is one range of words and of lists.
Misspelt words and prefixes are corrected as in `spelling`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import tokenize
from harbor_search.analysis.batch_analysis import Vocabulary, encoded
from harbor_search.spelling import LONGEST, SHORTEST, Lexicon, Similar
from harbor_search.suggestions.entries import KINDS, TITLE, Entries

__all__ = ["Found", "SuggestionIndex"]

_PREFIX_BONUS = 2.0
"""Added to the score of an entry that begins with the typed text."""

_UNTYPED_WORD_PENALTY = 0.15
"""Subtracted for each word of an entry: short entries are read at a glance."""

_MISSPELLING_PENALTY = 1.5
"""Subtracted for each corrected word."""

_MAX_WORDS = 12
"""Words of the typed text that are used; further ones are ignored."""

_COST_MARGIN = 0.4
"""Corrections are considered up to this cost above that of the nearest one."""

_SPARSE_RATIO = 16
"""Ratio of entries to postings from which sorting postings is faster than marking entries in a bitmap."""

_MAX_CORRECTIONS = 8
"""Corrections considered for a misspelt word."""

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
_Range = tuple[int, int]


class Found(NamedTuple):
    """A suggestion: its text, its kind (of `KINDS`), an article with it, and the codes of its sections."""

    text: str
    kind: str
    document: int
    sections: frozenset[int]


class SuggestionIndex:
    """An inverted index of the entries of a collection. Immutable and thread-safe."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        vocabulary = Vocabulary()
        batch = vocabulary.tokenize(*encoded(entries.texts))
        self._words, ranks = _sorted_words(vocabulary)
        tokens = ranks[batch.tokens]
        owners = np.repeat(np.arange(len(entries.texts)), batch.counts)
        self._starts, self._owners = _inverted(tokens, owners, len(self._words), len(entries.texts))
        self._lengths = batch.counts.copy()
        firsts = np.cumsum(batch.counts) - batch.counts
        self._first = np.where(batch.counts > 0, tokens[np.minimum(firsts, max(tokens.size - 1, 0))], -1)
        self._lexicon_of = lru_cache(maxsize=LONGEST)(self._prefixes)

    def __len__(self) -> int:
        return len(self._entries.texts)

    def find(self, text: str, limit: int, sections: frozenset[int] | None = None) -> tuple[list[Found], list[Found]]:
        """The best entries for a partially typed text, and the best titles; at most `limit` of each.

        `sections` restricts them to these sections (None: all).
        """
        words = [token.text for token in tokenize(text)][:_MAX_WORDS]
        if not words or not len(self):
            return [], []
        finished = not text[-1:].isalnum()
        content = [word for word in words[:-1] if word not in self._entries.stop.words] or words[:-1]
        wanted = [self._complete_word(word) for word in content]
        wanted.append(self._complete_word(words[-1]) if finished else self._partial_word(words[-1]))
        misspelt = sum(changed for _, changed in wanted)
        numbers = self._matching_all([ranges for ranges, _ in wanted])
        if sections is not None:
            kept = [each for each in numbers.tolist() if not sections.isdisjoint(self._entries.sections[each])]
            numbers = np.array(kept, np.int32)
        scores = self._scores(numbers, wanted[0][0], misspelt)
        titles = self._entries.kinds[numbers] == TITLE
        return self._top(numbers, scores, limit), self._top(numbers[titles], scores[titles], limit)

    def _complete_word(self, word: str) -> tuple[list[_Range], bool]:
        """The ranges of words that match a completely typed word, and whether it had to be corrected."""
        at = bisect_left(self._words, word)
        if at < len(self._words) and self._words[at] == word:
            return [(at, at + 1)], False
        low, high = self._prefix_range(word)
        if low < high:
            return [(low, high)], False
        return [(at, at + 1) for at in self._similar(word)], True

    def _partial_word(self, word: str) -> tuple[list[_Range], bool]:
        low, high = self._prefix_range(word)
        if low < high:
            return [(low, high)], False
        if not SHORTEST <= len(word) < LONGEST:
            return [], True
        prefixes = [each for more in (0, 1) for each in self._lexicon_of(len(word) + more).similar(word, 1)]
        ranges = [self._prefix_range(each) for each in _nearest(prefixes)]
        return ranges or [(at, at + 1) for at in self._similar(word)], True

    def _prefix_range(self, word: str) -> _Range:
        low = bisect_left(self._words, word)
        return low, bisect_left(self._words, word + "\U0010ffff", low)

    def _similar(self, word: str) -> list[int]:
        edits = 1 if len(word) <= 4 else 2 if len(word) < 8 else 3
        return [bisect_left(self._words, each) for each in _nearest(self._lexicon_of(0).similar(word, edits))]

    def _prefixes(self, size: int) -> Lexicon:
        """A lexicon of the prefixes of `size` letters of all words (0: of the words themselves)."""
        words = (word[:size] if size else word for word in self._words if SHORTEST <= len(word) <= LONGEST)
        return Lexicon([word for word in dict.fromkeys(words) if len(word) >= (size or SHORTEST)])

    def _matching_all(self, wanted: Sequence[Sequence[_Range]]) -> Int32s:
        """The entries that match all typed words, each given as ranges of words (intersection)."""
        found: Int32s | None = None
        for ranges in sorted(wanted, key=self._postings):
            own = self._matching_any(ranges)
            found = own if found is None else np.intersect1d(found, own, assume_unique=True)
            if not found.size:
                break
        return np.empty(0, np.int32) if found is None else found

    def _matching_any(self, ranges: Sequence[_Range]) -> Int32s:
        """The entries with a word in any of these ranges, ascending (union)."""
        owners = [self._owners[self._starts[low] : self._starts[high]] for low, high in ranges]
        if sum(each.size for each in owners) * _SPARSE_RATIO < len(self):
            return np.unique(np.concatenate(owners)) if owners else np.empty(0, np.int32)
        marks = np.zeros(len(self), np.bool_)
        for each in owners:
            marks[each] = True
        return np.flatnonzero(marks).astype(np.int32)

    def _postings(self, ranges: Sequence[_Range]) -> int:
        return sum(int(self._starts[high] - self._starts[low]) for low, high in ranges)

    def _scores(self, numbers: Int32s, first: Sequence[_Range], misspelt: int) -> npt.NDArray[np.float32]:
        begins = np.zeros(numbers.size, np.bool_)
        for low, high in first:
            begins |= (self._first[numbers] >= low) & (self._first[numbers] < high)
        scores = self._entries.weights[numbers] - np.float32(_UNTYPED_WORD_PENALTY) * self._lengths[numbers]
        scores += np.float32(_PREFIX_BONUS) * begins - np.float32(_MISSPELLING_PENALTY * misspelt)
        return scores.astype(np.float32)

    def _top(self, numbers: Int32s, scores: npt.NDArray[np.float32], limit: int) -> list[Found]:
        best = np.argpartition(-scores, limit)[:limit] if scores.size > limit else np.arange(scores.size)
        ordered = sorted(best.tolist(), key=lambda at: (-float(scores[at]), self._entries.texts[numbers[at]]))
        return [self._found(int(numbers[at])) for at in ordered]

    def _found(self, number: int) -> Found:
        entries = self._entries
        return Found(
            entries.texts[number],
            KINDS[entries.kinds[number]],
            int(entries.documents[number]),
            entries.sections[number],
        )


def _nearest(similar: Sequence[Similar]) -> list[str]:
    """The corrections of lowest cost, and those within the margin."""
    ordered = sorted(similar, key=lambda each: (each.cost, each.word))
    return [each.word for each in ordered[:_MAX_CORRECTIONS] if each.cost <= ordered[0].cost + _COST_MARGIN]


def _sorted_words(vocabulary: Vocabulary) -> tuple[list[str], Int64s]:
    """The sorted distinct words, and the rank of each word by its number."""
    texts = vocabulary.texts()
    order = sorted(range(len(texts)), key=texts.__getitem__)
    ranks = np.empty(len(texts), np.int64)
    ranks[order] = np.arange(len(texts))
    return [texts[number] for number in order], ranks


def _inverted(tokens: Int64s, owners: Int64s, words: int, entries: int) -> tuple[Int64s, Int32s]:
    """The inverted lists: where the entries of each word begin (int64[words + 1]), and the concatenated entries."""
    keys = np.unique(tokens * max(entries, 1) + owners)
    starts = np.searchsorted(keys, np.arange(words + 1) * max(entries, 1))
    return starts, (keys % max(entries, 1)).astype(np.int32)
