"""Blocks of integers in as many bits as they need."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.store.postings.bitpacking import BLOCK, PADDING, block_bytes, pack, unpack, width_of

_blocks = st.integers(0, 32).flatmap(lambda bits: st.lists(st.integers(0, (1 << bits) - 1), min_size=1, max_size=BLOCK))


@given(st.lists(_blocks, min_size=1, max_size=5), st.integers(0, 9))
def test_consecutive_blocks_are_read_back(blocks: list[list[int]], before: int) -> None:
    sizes = [(len(block), width_of(np.array(block, np.int64), 0, len(block))) for block in blocks]
    buffer = np.full(before + sum(block_bytes(*size) for size in sizes) + PADDING, 0xAA, np.uint8)
    at = before
    for block, (count, width) in zip(blocks, sizes, strict=True):
        end = pack(np.array(block, np.int64), 0, count, width, buffer, at)
        assert end == at + block_bytes(count, width)
        at = end
    assert buffer[:before].tolist() == [0xAA] * before and buffer[at:].tolist() == [0xAA] * PADDING
    at = before
    for block, (count, width) in zip(blocks, sizes, strict=True):
        out = np.full(count + 2, -1, np.int64)
        unpack(buffer, at, count, width, out, 1)
        assert out.tolist() == [-1, *block, -1]
        at += block_bytes(count, width)


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=BLOCK))
def test_the_width_is_that_of_the_largest_value(values: list[int]) -> None:
    assert width_of(np.array(values, np.int64), 0, len(values)) == max(values).bit_length()


def test_a_part_of_an_array_is_a_block() -> None:
    values, buffer, out = np.array([9, 1, 2, 3, 9], np.int64), np.zeros(1 + PADDING, np.uint8), np.zeros(3, np.int64)
    assert width_of(values, 1, 4) == 2
    assert pack(values, 1, 4, 2, buffer, 0) == 1
    unpack(buffer, 0, 3, 2, out, 0)
    assert out.tolist() == [1, 2, 3]
