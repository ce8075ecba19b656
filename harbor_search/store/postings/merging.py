"""The posting lists of one field of several segments as one: decoded, renumbered, encoded again, never analysed.

Terms are taken in stretches, so that memory is bounded by the longest single list however large the segments are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel
from harbor_search.errors import OperationalError
from harbor_search.store.byte_order import merged_order, picked, repeats
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.postings.codec import decode_documents, decode_positions, is_sound
from harbor_search.store.postings.dictionary import NO_ENTRIES, Dictionary, Entries, joined
from harbor_search.store.postings.field_writer import FieldWriter

__all__ = ["FieldLists", "merge_field"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

TERMS = 65_536
"""Decoded at a time, of all segments together."""

POSTINGS = 500_000
"""Postings and occurrences held at a time (but for a longer list): about 20 MB with their copies."""


@dataclass(frozen=True, slots=True)
class FieldLists:
    """The lists of one field in a file of columns: their bytes (uint8, with the padding behind them), and the terms."""

    columns: ColumnsFile
    buffer: npt.NDArray[np.uint8]
    dictionary: Dictionary
    positional: bool

    @classmethod
    def of(cls, columns: ColumnsFile, field: str, *, positional: bool) -> FieldLists:
        """Those of `field`, as `FieldWriter` wrote them."""
        count = int(columns[f"{field}/count"][0])
        terms = columns.padded(f"{field}/terms"), columns[f"{field}/groups"], columns[f"{field}/bases"]
        return cls(columns, columns.padded(f"{field}/postings"), Dictionary(*terms, count), positional)


def merge_field(columns: ColumnsWriter, field: str, readers: Sequence[FieldLists], numbers: Sequence[Int32s]) -> None:
    """Write the lists of `field`; the pages of its readers' files are let go on the way.

    Args:
        numbers: for each reader the new number of each of its documents, ascending across readers; -1 where it goes.

    Raises:
        OperationalError: a list is damaged.
    """
    positional = readers[0].positional
    writer = FieldWriter(columns, field, positional=positional)
    for stretch in _stretches([reader.dictionary for reader in readers]):
        for piece in _pieces(stretch, POSTINGS):
            _write(writer, piece, _decoded(readers, piece.parts, numbers, positional))
            for reader in readers:
                reader.columns.forget()
    writer.finish()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring terms of all segments, `parts` by segment.

    `order` numbers the terms of all parts through and puts equal ones together, those of earlier segments first.
    `first` is bool[n]: whether the term at a place of the order is not the one before it again.
    """

    parts: list[Entries]
    order: Int32s
    first: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Lists:
    """Decoded lists, one behind the other; `dfs` and `cfs` (int64) are what each has."""

    dfs: Int64s
    cfs: Int64s
    documents: Int32s
    frequencies: Int32s
    positions: Int32s


class _Cursor:
    """The terms of one dictionary, as far as they are decoded and not yet taken."""

    def __init__(self, dictionary: Dictionary, most: int) -> None:
        self._parts = dictionary.parts(most)
        self._left = dictionary.count
        self._entries: Entries | None = None

    def fill(self) -> None:
        """Decode more where everything was taken."""
        if self._entries is None or not len(self._entries):
            self._entries = next(self._parts, None)

    def last(self) -> bytes | None:
        """The last term that is decoded, where more will come behind it."""
        entries = self._entries
        if entries is None or len(entries) == self._left:
            return None
        start = int(entries.ends[-2]) if len(entries) > 1 else 0
        return entries.text[start:].tobytes()

    def take(self, bound: bytes | None) -> Entries:
        """All decoded terms up to `bound` (None: all of them)."""
        entries = self._entries
        if entries is None:
            return NO_ENTRIES
        end = len(entries)
        if bound is not None:
            end = int(_first_after(entries.text, entries.ends, np.frombuffer(bound, np.uint8)))
        self._entries = entries.part(end, len(entries))
        self._left -= end
        return entries.part(0, end)


def _stretches(dictionaries: Sequence[Dictionary]) -> Iterator[_Stretch]:
    most = max(TERMS // len(dictionaries), 1)
    cursors = [_Cursor(dictionary, most) for dictionary in dictionaries]
    while True:
        for cursor in cursors:
            cursor.fill()
        # Beyond the least of these, a term may be missing that is still to be decoded.
        bound = min((last for cursor in cursors if (last := cursor.last()) is not None), default=None)
        parts = [cursor.take(bound) for cursor in cursors]
        if not any(map(len, parts)):
            return
        yield _ordered(parts)


def _ordered(parts: list[Entries]) -> _Stretch:
    every = joined(parts)
    sizes = [len(part) for part in parts]
    firsts = [sum(sizes[:i]) for i in range(len(sizes))]
    orders = [np.arange(first, first + size, dtype=np.int32) for first, size in zip(firsts, sizes, strict=True)]
    order = merged_order(every.text, every.ends, orders)
    return _Stretch(parts, order, ~repeats(every.text, every.ends, order))


def _pieces(stretch: _Stretch, most: int) -> Iterator[_Stretch]:
    """The stretch in pieces of at most `most` postings and occurrences, each of whole terms."""
    places = np.concatenate([part.places for part in stretch.parts])
    weights = np.cumsum((places[:, 2] + places[:, 3])[stretch.order])
    terms = np.append(np.nonzero(stretch.first)[0], stretch.order.size)
    before = np.concatenate([[0], weights])[terms]
    sizes = np.array([len(part) for part in stretch.parts])
    source = np.repeat(np.arange(sizes.size), sizes)[stretch.order]
    taken = np.zeros(sizes.size, np.int64)
    term = 0
    while term < terms.size - 1:
        stop = max(term + 1, int(np.searchsorted(before, before[term] + most, "right")) - 1)
        low, high = int(terms[term]), int(terms[stop])
        ends = taken + np.bincount(source[low:high], minlength=sizes.size)
        parts = [part.part(int(first), int(end)) for part, first, end in zip(stretch.parts, taken, ends, strict=True)]
        # What the order counts through all segments is to count through those of the piece.
        shift = np.cumsum(sizes) - sizes + taken - (np.cumsum(ends - taken) - (ends - taken))
        order = (stretch.order[low:high] - shift[source[low:high]]).astype(np.int32)
        yield _Stretch(parts, order, stretch.first[low:high])
        taken, term = ends, stop


def _decoded(
    readers: Sequence[FieldLists], parts: Sequence[Entries], numbers: Sequence[Int32s], positional: bool
) -> _Lists:
    """The lists of all parts, decoded into the same arrays: there is no second copy of a frequent word's list."""
    places = np.concatenate([part.places for part in parts])
    postings = int(places[:, 2].sum())
    documents, frequencies = np.empty(postings, np.int32), np.empty(postings, np.int32)
    positions = np.empty(int(places[:, 3].sum()) if positional else 0, np.int32)
    dfs, cfs = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
    term = at = position_at = 0
    for reader, part, number in zip(readers, parts, numbers, strict=True):
        end = term + len(part)
        sizes = _decode(
            reader.buffer, part.places, number, positional, documents[at:], frequencies[at:], positions[position_at:],
            dfs[term:end], cfs[term:end],
        )  # fmt: skip
        if sizes[0] < 0:
            raise OperationalError("a posting list of the index is damaged; roll back or rebuild the index")
        term, at, position_at = end, at + sizes[0], position_at + sizes[1]
    return _Lists(dfs, cfs, documents[:at], frequencies[:at], positions[:position_at])


def _write(writer: FieldWriter, piece: _Stretch, all_lists: _Lists) -> None:
    """Put the lists of equal terms one behind the other and hand them over; terms that nobody has any more go."""
    lists = _Lists(all_lists.dfs[piece.order], all_lists.cfs[piece.order], *_arranged(all_lists, piece.order))
    terms = np.nonzero(piece.first)[0]
    dfs, cfs = np.add.reduceat(lists.dfs, terms), np.add.reduceat(lists.cfs, terms)
    kept = np.nonzero(dfs)[0]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(dfs[kept])])
    every = joined(piece.parts)
    text, ends = picked(every.text, every.ends, piece.order[terms[kept]])
    writer.add(text, ends, starts, lists.documents, lists.frequencies, lists.positions, cfs[kept])


def _arranged(lists: _Lists, order: Int32s) -> tuple[Int32s, Int32s, Int32s]:
    if np.all(order[1:] > order[:-1]):
        return lists.documents, lists.frequencies, lists.positions
    arranged = tuple(np.empty_like(each) for each in (lists.documents, lists.frequencies, lists.positions))
    starts, firsts = np.cumsum(lists.dfs) - lists.dfs, np.cumsum(lists.cfs) - lists.cfs
    _arrange(order, starts, lists.dfs, lists.documents, arranged[0])
    _arrange(order, starts, lists.dfs, lists.frequencies, arranged[1])
    if lists.positions.size:
        _arrange(order, firsts, lists.cfs, lists.positions, arranged[2])
    return arranged[0], arranged[1], arranged[2]


@kernel
def _first_after(text, ends, bound):
    """How many of the ascending terms are not above `bound`."""
    low, high = 0, ends.size
    while low < high:
        middle = (low + high) >> 1
        start = np.int64(ends[middle - 1]) if middle else np.int64(0)
        size = np.int64(ends[middle]) - start
        difference = size - bound.size
        for i in range(min(size, bound.size)):
            if text[start + i] != bound[i]:
                difference = np.int64(text[start + i]) - np.int64(bound[i])
                break
        if difference <= 0:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _decode(buffer, places, numbers, positional, documents, frequencies, positions, dfs, cfs):
    """Decode lists, renumber their documents and leave out those whose number is -1.

    Returns (postings, positions) that are left, (-1, 0) where a list is damaged.
    """
    at, position_at = 0, 0
    for i in range(places.shape[0]):
        list_at, size, df, cf = places[i, 0], places[i, 1], places[i, 2], places[i, 3]
        if not is_sound(buffer, list_at, size, df, cf, positional):
            return -1, 0
        last, occurrences = decode_documents(buffer, list_at, df, cf, positional, 0, documents, frequencies, at)
        if last >= numbers.size or occurrences != cf:
            return -1, 0
        if positional:
            decode_positions(buffer, list_at, df, cf, frequencies, at, positions, position_at)
        left, position_from, position_left = at, position_at, position_at
        for j in range(at, at + df):
            frequency = frequencies[j]
            number = numbers[documents[j]]
            if number >= 0:
                documents[left], frequencies[left] = number, frequency
                left += 1
                cfs[i] += frequency
                if positional:
                    for k in range(frequency):
                        positions[position_left + k] = positions[position_from + k]
                    position_left += frequency
            position_from += frequency
        dfs[i] = left - at
        at, position_at = left, position_left
    return at, position_at


@kernel
def _arrange(order, starts, sizes, values, arranged):
    """Copy runs of `values`, run `i` being `sizes[i]` long from `starts[i]` on, to `arranged` in the order given."""
    at = 0
    for number in order:
        for i in range(starts[number], starts[number] + sizes[number]):
            arranged[at] = values[i]
            at += 1
