"""Merging the posting lists of one field of several segments: decoded, renumbered, encoded again, not analysed.

Terms are merged in chunks, so that memory is bounded by the longest single list, however large the segments are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel
from harbor_search.errors import OperationalError
from harbor_search.store.byte_strings import gather_strings
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.postings.codec import decode_documents, decode_positions, is_sound
from harbor_search.store.postings.dictionary import Dictionary, TermEntries, concat_entries
from harbor_search.store.postings.field_writer import FieldWriter
from harbor_search.store.postings.term_runs import TermRun, chunks, term_runs

__all__ = ["FieldPostings", "merge_field"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

CHUNK_POSTINGS = 500_000
"""Postings and occurrences decoded at a time (a longer list in one go): about 20 MB with their copies."""


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """The posting lists of one field in a file of columns: their bytes (uint8, with padding), and the dictionary."""

    columns: ColumnsFile
    buffer: npt.NDArray[np.uint8]
    dictionary: Dictionary
    positional: bool

    @classmethod
    def of(cls, columns: ColumnsFile, field: str, *, positional: bool) -> FieldPostings:
        """The lists of `field`, written by `FieldWriter`."""
        count = int(columns[f"{field}/count"][0])
        terms = columns.padded(f"{field}/terms"), columns[f"{field}/groups"], columns[f"{field}/bases"]
        return cls(columns, columns.padded(f"{field}/postings"), Dictionary(*terms, count), positional)


def merge_field(
    columns: ColumnsWriter, field: str, readers: Sequence[FieldPostings], numbers: Sequence[Int32s]
) -> None:
    """Write the merged lists of `field`, releasing the pages of the readers' files on the way.

    Args:
        numbers: for each reader the new number of each of its documents, ascending across readers; -1: dropped.

    Raises:
        OperationalError: a list is damaged.
    """
    positional = readers[0].positional
    writer = FieldWriter(columns, field, positional=positional)
    for run in term_runs([reader.dictionary for reader in readers]):
        for chunk in chunks(run, CHUNK_POSTINGS):
            _write(writer, chunk, _decoded(readers, chunk.parts, numbers, positional))
            for reader in readers:
                reader.columns.release_pages()
    writer.finish()


@dataclass(frozen=True, slots=True)
class _Lists:
    """Decoded lists, concatenated; `dfs` and `cfs` (int64) have the postings and occurrences of each."""

    dfs: Int64s
    cfs: Int64s
    documents: Int32s
    frequencies: Int32s
    positions: Int32s


def _decoded(
    readers: Sequence[FieldPostings], parts: Sequence[TermEntries], numbers: Sequence[Int32s], positional: bool
) -> _Lists:
    """The lists of all parts, decoded into the same arrays, so that a frequent term's list is never copied."""
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


def _write(writer: FieldWriter, chunk: TermRun, all_lists: _Lists) -> None:
    """Concatenate the lists of equal terms and write them; terms without live documents are dropped."""
    lists = _Lists(all_lists.dfs[chunk.order], all_lists.cfs[chunk.order], *_reordered(all_lists, chunk.order))
    terms = np.nonzero(chunk.first)[0]
    dfs, cfs = np.add.reduceat(lists.dfs, terms), np.add.reduceat(lists.cfs, terms)
    kept = np.nonzero(dfs)[0]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(dfs[kept])])
    every = concat_entries(chunk.parts)
    text, ends = gather_strings(every.text, every.ends, chunk.order[terms[kept]])
    writer.add(text, ends, starts, lists.documents, lists.frequencies, lists.positions, cfs[kept])


def _reordered(lists: _Lists, order: Int32s) -> tuple[Int32s, Int32s, Int32s]:
    if np.all(order[1:] > order[:-1]):
        return lists.documents, lists.frequencies, lists.positions
    arranged = tuple(np.empty_like(each) for each in (lists.documents, lists.frequencies, lists.positions))
    starts, firsts = np.cumsum(lists.dfs) - lists.dfs, np.cumsum(lists.cfs) - lists.cfs
    _reorder(order, starts, lists.dfs, lists.documents, arranged[0])
    _reorder(order, starts, lists.dfs, lists.frequencies, arranged[1])
    if lists.positions.size:
        _reorder(order, firsts, lists.cfs, lists.positions, arranged[2])
    return arranged[0], arranged[1], arranged[2]


@kernel
def _decode(buffer, places, numbers, positional, documents, frequencies, positions, dfs, cfs):
    """Decode lists, renumber their documents and drop those whose number is -1.

    Returns the numbers of (postings, positions) that remain, (-1, 0) if a list is damaged.
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
def _reorder(order, starts, sizes, values, arranged):
    """Copy runs of `values` to `reordered` in this order; run `i` has `sizes[i]` values from `starts[i]` on."""
    at = 0
    for number in order:
        for i in range(starts[number], starts[number] + sizes[number]):
            arranged[at] = values[i]
            at += 1
