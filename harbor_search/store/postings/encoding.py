"""Writing posting lists as `codec` has their format."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, part
from harbor_search.store.postings.bitpacking import BLOCK, pack, width_of

__all__ = ["encode", "upper_bound"]


def upper_bound(terms: int, postings: int, occurrences: int) -> int:
    """The most bytes that `encode` can write."""
    return 16 * terms + postings * 9 + occurrences * 5 + 64


@kernel
def encode(starts, documents, frequencies, positions, positional, out, ends):
    """Encode the lists of all terms of a field.

    Args:
        starts: int64[terms + 1], where each term's postings start in the next two.
        documents: int32[postings], ascending within a term.
        frequencies: int32[postings], at least 1.
        positions: int32[occurrences], in the order of postings, ascending within one.
        positional: whether positions are kept.
        out: uint8[upper_bound(...)], receives the bytes.
        ends: int64[terms], receives where each term's bytes end.

    Returns the number of bytes written.
    """
    at, first_position = np.int64(0), np.int64(0)
    values = np.empty(BLOCK, np.int64)
    for term in range(starts.size - 1):
        begin, end = starts[term], starts[term + 1]
        own, counts = documents[begin:end], frequencies[begin:end]
        blocks, occurrences = (own.size + BLOCK - 1) // BLOCK, _total(counts)
        at = _put_skips(own, counts, out, at)
        widths = at
        at += 2 * blocks + ((occurrences + BLOCK - 1) // BLOCK if positional else 0)
        at = _put_documents(own, values, out, widths, at)
        at = _put_frequencies(counts, values, out, widths + blocks, at)
        if positional:
            found = positions[first_position : first_position + occurrences]
            at = _put_positions(counts, found, values, out, widths + 2 * blocks, at)
            first_position += occurrences
        ends[term] = at
    return at


@part
def _total(counts):
    total = np.int64(0)
    for i in range(counts.size):
        total += counts[i]
    return total


@part
def _put_skips(documents, frequencies, out, at):
    """Write, for each block but the last, its last document and how many occurrences there are up to its end."""
    before = np.int64(0)
    for stop in range(BLOCK, documents.size, BLOCK):
        before += _total(frequencies[stop - BLOCK : stop])
        at = _put32(out, _put32(out, at, documents[stop - 1]), before)
    return at


@part
def _put_documents(documents, values, out, widths, at):
    """Write the blocks of documents, and how many bits each takes a document from byte `widths` on."""
    previous = np.int64(-1)
    for low in range(0, documents.size, BLOCK):
        size = min(BLOCK, documents.size - low)
        for i in range(size):
            values[i] = documents[low + i] - previous - 1
            previous = np.int64(documents[low + i])
        at = _put_block(values, size, out, widths, at)
        widths += 1
    return at


@part
def _put_frequencies(frequencies, values, out, widths, at):
    """Write the blocks of frequencies, likewise."""
    for low in range(0, frequencies.size, BLOCK):
        size = min(BLOCK, frequencies.size - low)
        for i in range(size):
            values[i] = frequencies[low + i] - 1
        at = _put_block(values, size, out, widths, at)
        widths += 1
    return at


@part
def _put_positions(frequencies, positions, values, out, widths, at):
    """Write the blocks of positions, likewise.

    Gaps are made block by block, as those of a frequent word would outweigh everything else in memory.
    """
    posting, left, previous = np.int64(0), np.int64(frequencies[0]), np.int64(-1)
    for low in range(0, positions.size, BLOCK):
        size = min(BLOCK, positions.size - low)
        for i in range(size):
            if left == 0:
                posting += 1
                left, previous = np.int64(frequencies[posting]), np.int64(-1)
            value = np.int64(positions[low + i])
            values[i] = value - previous - 1
            previous = value
            left -= 1
        at = _put_block(values, size, out, widths, at)
        widths += 1
    return at


@part
def _put_block(values, size, out, width_at, at):
    """Pack a block, and write how many bits a value takes."""
    width = width_of(values, 0, size)
    out[width_at] = width
    return pack(values, 0, size, width, out, at)


@part
def _put32(out, at, value):
    for shift in (0, 8, 16, 24):
        out[at] = np.uint8((value >> shift) & 255)
        at += 1
    return at
