"""Analysis of many texts at once, as arrays.

The texts of a batch are one array of UTF-8. A kernel cuts it into the very tokens that `tokenize` would give and
numbers the distinct ones; Python sees each distinct token once at most, where an analyzer must be asked for its term.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.characters import classify
from harbor_search.analysis.string_table import SPARE, StringTable
from harbor_search.analysis.tokenizer_kernel import cut_words, most_folded, most_words
from harbor_search.analysis.word_reader import UNKNOWN, unknown_characters

__all__ = ["Batch", "Vocabulary", "encoded", "joined_texts"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_MOST_KEPT = 4_000_000
"""Elements of an array that is kept from batch to batch, whose texts are a million characters."""

_BETWEEN = b"\n"
"""Stands after each text: no word reaches beyond it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The tokens of some texts.

    Attributes:
        tokens: int32[n], the vocabulary's number of each token, text after text.
        counts: int32[texts], how many tokens each text has.
        spans: uint8[], the character range of each token (see `locate_spans`), text after text.
        span_ends: int64[texts], where each text's spans end.
    """

    tokens: Int32s
    counts: Int32s
    spans: Bytes
    span_ends: Int64s


def encoded(texts: Sequence[str]) -> tuple[bytes, Int32s]:
    """Texts as `Vocabulary.tokenize` takes them."""
    return joined_texts([text.encode("utf-8", "surrogatepass") for text in texts])


def joined_texts(texts: Sequence[bytes]) -> tuple[bytes, Int32s]:
    """The same of texts in UTF-8."""
    return _BETWEEN.join([*texts, bytes(SPARE)]), np.fromiter(map(len, texts), np.int32, len(texts))


class Vocabulary:
    """The distinct tokens met so far, numbered from 0 in order of appearance."""

    def __init__(self) -> None:
        self._classes = _character_classes()
        self._words = StringTable()
        self._rooms: dict[str, npt.NDArray[Any]] = {}

    def __len__(self) -> int:
        return self._words.count

    @property
    def nbytes(self) -> int:
        """The memory that the tokens take."""
        return self._words.nbytes

    def tokenize(self, joined: bytes, sizes: Int32s) -> Batch:
        """Cut texts into tokens and number them. Lone surrogates separate words.

        `joined` is the texts in UTF-8 as `encoded` gives them, `sizes` (int32[texts]) how many bytes each has. The
        tokens and spans that are returned stand until the next call, which writes where they stood.
        """
        data, words = np.frombuffer(joined, np.uint8), self._words
        starts = np.zeros(sizes.size + 1, np.int64)
        np.cumsum(sizes + 1, out=starts[1:])
        longest = int(sizes.max(initial=0))
        most = most_words(longest)
        folded = self._room("folded", most_folded(longest) + SPARE, np.uint8)
        keys, lengths = self._room("keys", most, np.uint64), self._room("lengths", most, np.int32)
        tokens, spans = self._room("tokens", data.size, np.int32), self._room("spans", data.size + SPARE, np.uint8)
        counts = np.zeros(sizes.size, np.int32)
        span_ends = np.zeros(sizes.size, np.int64)
        text, at, span_at = 0, 0, 0
        while text < sizes.size:
            text, at, span_at, words.count = cut_words(
                data, starts, text, self._classes, words.table, words.pool, words.ends, words.count, folded, keys,
                lengths, tokens, counts, spans, span_ends, at, span_at,
            )  # fmt: skip
            if text < sizes.size:
                self._words.reserve(most_words(int(sizes[text])), most_folded(int(sizes[text])))
                self._learn_characters(data, int(starts[text]), int(starts[-1]))
        return Batch(tokens[:at], counts, spans[:span_at], span_ends)

    def texts(self, numbers: Int64s | None = None) -> list[str]:
        """The texts of the distinct tokens with these numbers, of all by default."""
        wanted = np.arange(len(self)) if numbers is None else numbers
        starts, ends = self._words.ends[wanted].tolist(), self._words.ends[wanted + 1].tolist()
        pool = self._words.pool.data
        return [str(pool[start:end], "utf-8", "surrogatepass") for start, end in zip(starts, ends, strict=True)]

    def parts(self, first: int) -> tuple[Bytes, Int64s, Int64s]:
        """The distinct tokens from number `first` on: UTF-8 with `SPARE` bytes after, where each starts and ends."""
        begin = int(self._words.ends[first])
        ends = self._words.ends[first : len(self) + 1] - begin
        return self._words.pool[begin : self._words.size + SPARE], ends[:-1], ends[1:]

    def __getstate__(self) -> dict[str, Any]:
        """Without the classes of characters, which each process looks up itself, and what one call only works with."""
        return {"_words": self._words}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]
        vars(self).update(state)

    def _room(self, name: str, size: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """An array to work with, the one of the call before if that is large enough.

        New memory for each batch would cost as much as cutting it into words: the system hands out cleared pages.
        """
        if size > _MOST_KEPT:  # one huge text should not cost memory to the end
            return np.empty(size, dtype)
        if name not in self._rooms or self._rooms[name].size < size:
            self._rooms[name] = np.empty(min(size + size // 4, _MOST_KEPT), dtype)
        return self._rooms[name]

    def _learn_characters(self, data: Bytes, start: int, end: int) -> None:
        """Look up the classes of all characters from byte `start` on: not text by text, as that would take longer."""
        found = np.empty((end - start) // 2 + 1, np.int32)
        count = unknown_characters(data, start, end, self._classes, found)
        _learn(self._classes, np.unique(found[:count]).tolist())


@lru_cache(maxsize=1)
def _character_classes() -> npt.NDArray[np.uint32]:
    """uint32[code points]: class and folded character, as far as they were looked up; the same for all vocabularies."""
    classes = np.full(0x110000, UNKNOWN, np.uint32)
    _learn(classes, range(0x80))
    return classes


def _learn(classes: npt.NDArray[np.uint32], codes: Iterable[int]) -> None:
    for code in codes:
        kind, folded = classify(chr(code))
        classes[code] = kind << 24 | (ord(folded) if folded else 0)
