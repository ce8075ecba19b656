"""Bit packing of integers in blocks.

A block holds up to `BLOCK` values, each in `width` bits (0 to 32), lowest bits first, and ends on a byte boundary.
Buffers that are read must have `PADDING` bytes after their last block, as values are loaded as 64-bit words.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, load_bits, store_bits

__all__ = ["BLOCK", "PADDING", "block_bytes", "pack", "unpack", "width_of"]

BLOCK = 128
"""Values per block: long enough for few headers, short enough that one large value costs little."""

PADDING = 8
"""Bytes that must follow packed blocks in a buffer."""


@kernel
def width_of(values, start, end):
    """The number of bits of the largest of `values[start:end]` (non-negative)."""
    bits = np.int64(0)
    for i in range(start, end):
        bits |= np.int64(values[i])
    width = 0
    while bits:
        width += 1
        bits >>= 1
    return width


@kernel
def block_bytes(count, width):
    """The size in bytes of a block of `count` values of `width` bits."""
    return (count * width + 7) >> 3


@kernel
def pack(values, start, end, width, out, at):
    """Write `values[start:end]` as one block to the uint8 buffer `out` from `at`; return where it ends."""
    if width == 0:
        return at
    pending = np.uint64(0)
    bits = 0
    for i in range(start, end):
        value = np.uint64(values[i])
        pending |= value << np.uint64(bits)
        bits += width
        if bits >= 64:
            store_bits(out, at, pending)
            at += 8
            bits -= 64
            # A value may end exactly with the word; shifting it by 64 is undefined.
            pending = value >> np.uint64(width - bits) if bits else np.uint64(0)
    while bits > 0:
        out[at] = np.uint8(pending & np.uint64(255))
        pending >>= np.uint64(8)
        bits -= 8
        at += 1
    return at


@kernel
def unpack(buffer, at, count, width, out, start):
    """Read a block of `count` values of `width` bits at byte `at` of `buffer` into `out[start:start + count]`."""
    if width == 0:
        for i in range(count):
            out[start + i] = 0
        return
    mask = (np.uint64(1) << np.uint64(width)) - np.uint64(1)
    for i in range(count):
        bit = i * width
        out[start + i] = np.int64((load_bits(buffer, at + (bit >> 3)) >> np.uint64(bit & 7)) & mask)
