"""Posting lists on disk: their format, and reading them. `encoding` writes them.

The list of a term is a run of bytes in its field's `postings` column; decoding it also needs the document frequency
`df` and the collection frequency `cf`, which are in the term dictionary. With `nb = ceil(df / 128)` blocks of documents
and `np = ceil(cf / 128)` blocks of positions it consists of

    skips       (nb - 1) x (u32 last document of the previous block, u32 occurrences in all previous blocks)
    widths      nb bytes for documents, nb for frequencies, np for positions
    documents   gaps to the previous document, less one; packed blocks, one after the other
    frequencies less one
    positions   gaps within a document, less one after the first; blocks run across documents

so that any block can be decoded alone. Fields without positions have `cf = df` and no position blocks.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, load_bits, part
from harbor_search.store.postings.bitpacking import BLOCK, PADDING, block_bytes, unpack

__all__ = [
    "decode_documents",
    "decode_positions",
    "is_sound",
    "last_document",
    "layout_of",
    "locate",
]


@part
def _get32(buffer, at):
    return np.int64(load_bits(buffer, at) & np.uint64(0xFFFFFFFF))


@part
def last_document(buffer, at, block):
    """The last document of a block, except the last one, of the list at byte `at`."""
    return _get32(buffer, at + 8 * block)


@kernel
def layout_of(at, df, cf, positional):
    """(number of document blocks, byte where the widths begin, byte where the packed blocks begin)."""
    blocks = (df + BLOCK - 1) // BLOCK
    position_blocks = (cf + BLOCK - 1) // BLOCK if positional else 0
    widths = at + 8 * (blocks - 1)
    return blocks, widths, widths + 2 * blocks + position_blocks


@kernel
def decode_documents(buffer, at, df, cf, positional, base, documents, frequencies, into):
    """Decode the documents and frequencies of the list at byte `at` of `buffer`, which must be sound (`is_sound`).

    Document numbers, with `base` added, go to `documents[into:into + df]` (int32), frequencies to
    `frequencies[into:into + df]` (int32).

    Returns (last document number, sum of the frequencies), which the caller compares with the expected values.
    """
    blocks, widths, data = layout_of(at, df, cf, positional)
    previous = base - 1
    for block in range(blocks):
        low = into + block * BLOCK
        size = min(BLOCK, into + df - low)
        width = np.int64(buffer[widths + block])
        unpack(buffer, data, size, width, documents, low)
        data += block_bytes(size, width)
        for i in range(low, low + size):
            previous += documents[i] + 1
            documents[i] = previous
    for block in range(blocks):
        low = into + block * BLOCK
        size = min(BLOCK, into + df - low)
        width = np.int64(buffer[widths + blocks + block])
        unpack(buffer, data, size, width, frequencies, low)
        data += block_bytes(size, width)
        for i in range(low, low + size):
            frequencies[i] += 1
    occurrences = np.int64(0)
    for i in range(into, into + df):
        occurrences += frequencies[i]
    return previous, occurrences


@kernel
def is_sound(buffer, at, size, df, cf, positional):
    """Whether a list's headers agree with its `size` in bytes, so that decoding a damaged file never reads beyond it.

    `buffer` includes its padding.
    """
    if at < 0 or size < 0 or size > buffer.size or at > buffer.size - size - PADDING:
        return False
    # Every block takes at least one byte, for its width.
    if df < 1 or cf < df or df > size * BLOCK or (positional and cf > size * BLOCK):
        return False
    blocks, widths, data = layout_of(at, df, cf, positional)
    if data > at + size:
        return False
    for block in range(data - widths):
        if buffer[widths + block] > 32:
            return False
    for block in range(blocks):
        count = min(BLOCK, df - block * BLOCK)
        data += block_bytes(count, np.int64(buffer[widths + block]))
        data += block_bytes(count, np.int64(buffer[widths + blocks + block]))
    if positional:
        for block in range((cf + BLOCK - 1) // BLOCK):
            count = min(BLOCK, cf - block * BLOCK)
            data += block_bytes(count, np.int64(buffer[widths + 2 * blocks + block]))
    return data == at + size


@kernel
def decode_positions(buffer, at, df, cf, frequencies, first, positions, into):
    """Decode all positions of a list to `positions[into:into + cf]` (int32).

    `frequencies[first:first + df]` are those of the list, as decoded by `decode_documents`.
    """
    blocks, widths, data = layout_of(at, df, cf, True)
    for block in range(blocks):
        size = min(BLOCK, df - block * BLOCK)
        data += block_bytes(size, np.int64(buffer[widths + block]))
        data += block_bytes(size, np.int64(buffer[widths + blocks + block]))
    for block in range((cf + BLOCK - 1) // BLOCK):
        low = block * BLOCK
        size = min(BLOCK, cf - low)
        width = np.int64(buffer[widths + 2 * blocks + block])
        unpack(buffer, data, size, width, positions, into + low)
        data += block_bytes(size, width)
    j = into
    for i in range(first, first + df):
        previous = -1
        for _ in range(frequencies[i]):
            previous += positions[j] + 1
            positions[j] = previous
            j += 1


@kernel
def locate(buffer, at, df, cf, document, positions, values):
    """Decode the positions of a term in one document, without decoding the rest of its list.

    Writes at most `positions.size` of them to `positions[:n]` (int32) and returns `n`: 0 if the document is not in the
    list, -1 if the list is inconsistent. `values` (int64[BLOCK]) is scratch space.
    """
    blocks, widths, data = layout_of(at, df, cf, True)
    low, high = 0, blocks - 1
    while low < high:
        middle = (low + high) >> 1
        if _get32(buffer, at + 8 * middle) >= document:
            high = middle
        else:
            low = middle + 1
    block = low
    size = min(BLOCK, df - block * BLOCK)
    previous, before = -1, 0
    if block > 0:
        previous = _get32(buffer, at + 8 * (block - 1))
        before = _get32(buffer, at + 8 * (block - 1) + 4)
    documents_at, frequencies_at, positions_at = data, data, data
    for i in range(blocks):
        full = min(BLOCK, df - i * BLOCK)
        width = block_bytes(full, np.int64(buffer[widths + i]))
        if i < block:
            documents_at += width
        frequencies_at += width
    positions_at = frequencies_at
    for i in range(blocks):
        full = min(BLOCK, df - i * BLOCK)
        width = block_bytes(full, np.int64(buffer[widths + blocks + i]))
        if i < block:
            frequencies_at += width
        positions_at += width
    unpack(buffer, documents_at, size, np.int64(buffer[widths + block]), values, 0)
    found = -1
    for i in range(size):
        previous += values[i] + 1
        if previous >= document:
            if previous == document:
                found = i
            break
    if found < 0:
        return 0
    unpack(buffer, frequencies_at, size, np.int64(buffer[widths + blocks + block]), values, 0)
    for i in range(found):
        before += values[i] + 1
    frequency = values[found] + 1
    return _positions_of(buffer, widths + 2 * blocks, positions_at, cf, before, frequency, positions, values)


@part
def _positions_of(buffer, widths, data, cf, first, count, positions, values):
    if first < 0 or first + count > cf:
        return -1
    count = min(count, positions.size)
    block = first // BLOCK
    for i in range(block):
        data += block_bytes(BLOCK, np.int64(buffer[widths + i]))
    previous, done = -1, 0
    while done < count:
        size = min(BLOCK, cf - block * BLOCK)
        width = np.int64(buffer[widths + block])
        unpack(buffer, data, size, width, values, 0)
        data += block_bytes(size, width)
        for i in range(first + done - block * BLOCK, size):
            if done == count:
                break
            previous += values[i] + 1
            positions[done] = previous
            done += 1
        block += 1
    return count
