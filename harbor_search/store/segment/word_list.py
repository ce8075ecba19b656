"""The words of a segment, folded but not stemmed: the lexicon for spelling correction.

Words are in ascending order, concatenated and compressed, which takes some three bytes per word. Possessives
("Binswanger's") are listed without their ending; numbers, other words with apostrophes and strings too short or too
long for a word are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import zstandard

from harbor_search.errors import OperationalError
from harbor_search.store.byte_strings import equals_previous, gather_strings, sorted_order
from harbor_search.store.columns import ColumnsFile, ColumnsWriter

__all__ = ["WordList", "has_word", "joined_words", "plain_words", "read_words", "write_words"]

_TEXT, _SIZES = "words/text", "words/sizes"
_MIN_BYTES, _MAX_BYTES = 3, 120
"""Bytes of a word: three letters, or forty of three bytes each."""
_LEVEL = 3

Bytes = npt.NDArray[np.uint8]
Int64s = npt.NDArray[np.int64]

WordList = tuple[Bytes, npt.NDArray[np.uint64]]
"""Concatenated words in UTF-8, and where each ends (uint64[words])."""


def plain_words(pool: Bytes, starts: Int64s, ends: Int64s) -> WordList:
    """The words among the strings in `pool`, which are from `starts` to `ends`, contiguous."""
    total = int(ends[-1]) if ends.size else 0
    pool, ends = _without_possessives(pool[:total], starts, ends)
    sizes = np.diff(ends, prepend=0)
    signs = np.zeros(pool.size + 1, np.int64)
    np.cumsum(pool < ord("A"), out=signs[1:])  # digits, apostrophes
    fitting = (sizes >= _MIN_BYTES) & (sizes <= _MAX_BYTES) & (signs[ends] == signs[ends - sizes])
    return gather_strings(pool, ends.astype(np.uint64), np.flatnonzero(fitting).astype(np.int32))


def _without_possessives(pool: Bytes, starts: Int64s, ends: Int64s) -> tuple[Bytes, Int64s]:
    """The strings without a final "'s", and their new ends."""
    long = ends[ends - starts > 2]
    possessive = long[(pool[long - 2] == ord("'")) & (pool[long - 1] == ord("s"))]
    keep = np.ones(pool.size, np.bool_)
    keep[possessive - 1] = keep[possessive - 2] = False
    new_offsets = np.zeros(pool.size + 1, np.int64)
    np.cumsum(keep, out=new_offsets[1:])
    return pool[keep], new_offsets[ends]


def has_word(words: WordList, word: str) -> bool:
    """Whether the list contains `word` (binary search)."""
    text, ends = words[0].data, words[1].data
    wanted = word.encode("utf-8", "surrogatepass")

    def at(number: int) -> bytes:
        return bytes(text[ends[number - 1] if number else 0 : ends[number]])

    place = bisect_left(range(len(ends)), wanted, key=at)
    return place < len(ends) and at(place) == wanted


def joined_words(lists: Sequence[WordList]) -> WordList:
    """The sorted distinct words of several lists."""
    if not lists:
        return np.empty(0, np.uint8), np.empty(0, np.uint64)
    sizes = [np.diff(ends, prepend=np.uint64(0)) for _, ends in lists]
    text, ends = np.concatenate([text for text, _ in lists]), np.cumsum(np.concatenate(sizes), dtype=np.uint64)
    order = sorted_order(text, ends)
    return gather_strings(text, ends, order[~equals_previous(text, ends, order)])


def write_words(columns: ColumnsWriter, words: WordList) -> None:
    """Write the words of a segment, sorted and distinct, to its postings file."""
    text, ends = words
    sizes = np.diff(ends, prepend=np.uint64(0)).astype(np.uint8)
    columns.add(_TEXT, _packed(text))
    columns.add(_SIZES, _packed(sizes))


def read_words(columns: ColumnsFile) -> WordList:
    """The words of a segment.

    Raises:
        OperationalError: the columns are damaged.
    """
    if _TEXT not in columns:  # written by an older version
        return np.empty(0, np.uint8), np.empty(0, np.uint64)
    text, sizes = (_unpacked(columns[name]) for name in (_TEXT, _SIZES))
    ends = np.cumsum(sizes, dtype=np.uint64)
    if (int(ends[-1]) if ends.size else 0) != text.size:
        raise _damaged()
    return text, ends


def _packed(values: Bytes) -> Bytes:
    return np.frombuffer(zstandard.compress(values.tobytes(), _LEVEL), np.uint8)


def _unpacked(column: Bytes) -> Bytes:
    try:
        return np.frombuffer(zstandard.decompress(column.tobytes()), np.uint8)
    except zstandard.ZstdError as error:
        raise _damaged() from error


def _damaged() -> OperationalError:
    return OperationalError("the words of a segment are damaged; roll back or rebuild the index")
