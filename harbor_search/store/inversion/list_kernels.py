"""The kernels of the inverter: tokens are found their lists, sorted by them, appended to them, and read back.

A list has a row of eight numbers: where it begins in the pool, where the next number is written and its slice ends, the
level of that slice, the last document and position, and how many documents and occurrences it has.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, prefetch
from harbor_search.store.inversion.streams import FIRST_SLICE, MAX_GROWTH, POINTER, SMALL, next_number, put, put_small

__all__ = [
    "CF",
    "DF",
    "LISTS",
    "OFFSET",
    "POSITION_GAP",
    "TEXT",
    "TOKEN",
    "TOUCHED",
    "USED",
    "append_occurrences",
    "decode_lists",
    "find_lists",
    "sort_by_list",
]

POSITION_GAP = 64
"""Positions left free between two texts of a field (sections of a body), so that no phrase matches across them."""

_MAX_TOKEN_BYTES = 20  # of an occurrence and its document, and as much again of a slice that is not full

_PREFETCH_DISTANCE = 12
"""How many lists ahead the end of a list is prefetched; its row is prefetched as many lists earlier."""

_HEAD, _WRITE, _END, _LEVEL, _DOCUMENT, _POSITION, DF, CF = range(8)
"""The numbers in a list's row."""

TEXT, OFFSET, TOKEN, LISTS, USED, TOUCHED = range(6)
"""The numbers of the state; see `find_lists`."""


@kernel
def find_lists(
    terms, counts, documents, fields, numbers, token_counts, state, next_positions, last_documents, token_lists, order,
    occurrences,
):  # fmt: skip
    """Find the lists of the next tokens, at most as many as `token_lists` has room for; returns how many.

    Args:
        numbers: int32[fields, terms], the list of each, or -1; filled in.
        token_counts: int32[lists], zero; receives how many of the tokens each list has.
        state: int64[6]: text, offset of the token within it, token, lists, bytes of the pool in use, and the number of
            lists touched, which is written.
        next_positions: int32[fields], the next position in the last document of each field.
        last_documents: int32[fields].
        token_lists: int32[], receives the list of each token.
        order: int32[], receives the lists in order of their first token.
        occurrences: int64[], receives each token's document and position, 32 bits each.
    """
    text, offset, token = state[TEXT], state[OFFSET], state[TOKEN]
    list_count, touched, size = state[LISTS], np.int64(0), np.int64(0)
    while text < counts.size and (size < token_lists.size or counts[text] == 0):
        field, document = np.int64(fields[text]), np.int64(documents[text])
        if offset == 0:
            if last_documents[field] != document:
                next_positions[field], last_documents[field] = 0, document
            elif next_positions[field] > 0:
                next_positions[field] += POSITION_GAP
        position = np.int64(next_positions[field])
        end = size + min(np.int64(counts[text]) - offset, token_lists.size - size)
        offset += end - size
        for i in range(size, end):
            number = np.int64(numbers[field, terms[token]])
            if number < 0:
                number = list_count
                list_count += 1
                numbers[field, terms[token]] = number
                token_counts[number] = 0
            token_lists[i] = number
            occurrences[i] = document << 32 | position
            if token_counts[number] == 0:
                order[touched] = number
                touched += 1
            token_counts[number] += 1
            position += 1
            token += 1
        size = end
        next_positions[field] = position
        if offset < counts[text]:
            break
        text += 1
        offset = np.int64(0)
    state[TEXT], state[OFFSET], state[TOKEN] = text, offset, token
    state[LISTS], state[TOUCHED] = list_count, touched
    return size


@kernel
def sort_by_list(token_lists, occurrences, order, token_counts, ordered):
    """Counting sort of occurrences by list, in the order of `order`.

    `token_counts` becomes where the occurrences of each list end.
    """
    end = np.int64(0)
    for number in order:
        size = token_counts[number]
        token_counts[number] = end
        end += size
    for i in range(token_lists.size):
        ordered[token_counts[token_lists[i]]] = occurrences[i]
        token_counts[token_lists[i]] += 1


@kernel
def append_occurrences(order, first, ends, occurrences, list_count, lists, pool, state):
    """Append occurrences to their lists, from `order[first]` on, and reset `ends` (see `sort_by_list`) to zero.

    Lists from number `list_count` on are new. Returns how many of `order` are done; if not all, the pool must grow.
    """
    used = state[USED]
    at = np.int64(ends[order[first - 1]]) if first else np.int64(0)
    for i in range(first, order.size):
        if i + 2 * _PREFETCH_DISTANCE < order.size:
            # The row of a new list is prefetched in vain, which costs nothing.
            prefetch(lists, 8 * np.int64(order[i + 2 * _PREFETCH_DISTANCE]))
            if order[i + _PREFETCH_DISTANCE] < list_count:
                prefetch(pool, np.int64(lists[order[i + _PREFETCH_DISTANCE], _WRITE]))
        number = np.int64(order[i])
        stop = np.int64(ends[number])
        if used + _MAX_TOKEN_BYTES * (stop - at) + 2 * MAX_GROWTH > pool.size:
            state[USED] = used
            return i
        if number >= list_count:
            lists[number, _HEAD] = lists[number, _WRITE] = used
            lists[number, _END] = used + FIRST_SLICE - POINTER
            lists[number, _LEVEL] = 0
            lists[number, _DOCUMENT] = lists[number, _POSITION] = -1
            lists[number, DF] = lists[number, CF] = 0
            used += FIRST_SLICE
        write, end = np.int64(lists[number, _WRITE]), np.int64(lists[number, _END])
        level, last = np.int64(lists[number, _LEVEL]), np.int64(lists[number, _DOCUMENT])
        previous = np.int64(lists[number, _POSITION])
        lists[number, CF] += stop - at
        while at < stop:
            document, position = occurrences[at] >> 32, occurrences[at] & 0xFFFFFFFF
            step = np.int64(0)
            if last != document:
                step = 2 * (document - last) + 1
                lists[number, DF] += 1
                last, previous = document, np.int64(-1)
            value = 2 * (position - previous - 1)
            if step | value < SMALL and write + 4 <= end:
                write = put_small(pool, step, value, write)
            else:
                if step:
                    write, end, level, used = put(pool, step, write, end, level, used)
                write, end, level, used = put(pool, value, write, end, level, used)
            previous = position
            at += 1
        lists[number, _DOCUMENT], lists[number, _POSITION] = last, previous
        lists[number, _WRITE], lists[number, _END], lists[number, _LEVEL] = write, end, level
    for number in order:
        ends[number] = 0
    state[USED] = used
    return order.size


@kernel
def decode_lists(numbers, lists, pool, documents, frequencies, positions):
    """Decode the lists `numbers` (rows of `lists`), one after the other."""
    posting, into = -1, 0
    for i in range(numbers.size):
        if i + 2 * _PREFETCH_DISTANCE < numbers.size:
            prefetch(lists, 8 * np.int64(numbers[i + 2 * _PREFETCH_DISTANCE]))
            prefetch(pool, np.int64(lists[numbers[i + _PREFETCH_DISTANCE], _HEAD]))
        number = numbers[i]
        at, level = np.int64(lists[number, _HEAD]), np.int64(0)
        end = at + FIRST_SLICE - POINTER
        document, position = np.int64(-1), np.int64(-1)
        stop = into + lists[number, CF]
        while into < stop:
            value, at, end, level = next_number(pool, at, end, level)
            if value & 1:
                document += value >> 1
                position = np.int64(-1)
                posting += 1
                documents[posting], frequencies[posting] = document, 0
                value, at, end, level = next_number(pool, at, end, level)
            position += (value >> 1) + 1
            frequencies[posting] += 1
            positions[into] = position
            into += 1
