"""Entries of a term dictionary: their bytes, and the kernels that decode and find them in place.

Terms are byte strings in ascending order, in groups of 16. The `terms` column has the groups, concatenated; `groups`
(u64) has where each begins, `bases` (u64) where the posting list of its first term begins. An entry is

    length of the prefix shared with the previous term (0 for the first of a group), length of the suffix, the suffix,
    df, cf - df, size of the posting list in bytes

with all numbers as LEB128.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, kernel, load_bits, lowest_bit, part
from harbor_search.errors import OperationalError

__all__ = ["GROUP", "MAX_TERM_BYTES", "begins_with", "find_entry", "get_number", "group_at"]
__all__ += ["read_entry", "read_place", "read_term", "seek", "skip_entry", "skip_numbers"]

GROUP = 16
"""Terms per group: a look-up reads half a group, and each group costs 16 bytes."""

_NUMBERS = 3
"""Numbers after the term of an entry."""

MAX_TERM_BYTES = 4096
"""Longest term: the longest accepted id, 1,024 characters, takes no more in UTF-8."""

_DAMAGED = "a term dictionary is damaged; roll back or rebuild the index"


@inlined
def get_number(buffer, at):
    """The LEB128 number at byte `at`, and the next byte."""
    value, shift = np.int64(0), 0
    if at < 0 or at >= buffer.size:
        raise OperationalError(_DAMAGED)
    while buffer[at] >= 128:
        if shift > 42 or at + 2 >= buffer.size:
            raise OperationalError(_DAMAGED)
        value |= (np.int64(buffer[at]) & 127) << shift
        shift += 7
        at += 1
    return value | (np.int64(buffer[at]) << shift), at + 1


@inlined
def _compare(buffer, at, size, wanted):
    """Negative, zero or positive as `buffer[at:at + size]` is below, equal to or above `wanted`."""
    for i in range(min(size, wanted.size)):
        if buffer[at + i] != wanted[i]:
            return np.int64(buffer[at + i]) - np.int64(wanted[i])
    return size - wanted.size


@inlined
def begins_with(buffer, at, prefix):
    """Whether the first term of the group at byte `at` begins with `prefix`."""
    size, at = get_number(buffer, at + 1)  # the shared length of a group's first term is one zero
    if at + size > buffer.size:
        raise OperationalError(_DAMAGED)
    return size >= prefix.size and _compare(buffer, at, prefix.size, prefix) == 0


@inlined
def group_at(groups, group):
    """The byte where a group begins."""
    if group >= groups.size:
        raise OperationalError(_DAMAGED)
    return np.int64(groups[group])


@part
def _group_of(buffer, groups, wanted):
    """The last group whose first term is not above `wanted`; the first group if there is none (binary search)."""
    low, high = 0, groups.size - 1
    if high < 0:
        raise OperationalError(_DAMAGED)
    while low < high:
        middle = (low + high + 1) >> 1
        # The first term of a group begins with a zero byte, its shared length.
        size, at = get_number(buffer, np.int64(groups[middle]) + 1)
        if at + size > buffer.size:
            raise OperationalError(_DAMAGED)
        if _compare(buffer, at, size, wanted) <= 0:
            low = middle
        else:
            high = middle - 1
    return low


@kernel
def seek(buffer, groups, bases, count, wanted, term, entry):
    """Find the first term not below `wanted`; write its bytes to `term` and (at, size, df, cf) to `entry`.

    Returns (ordinal, length of the term, next byte), or (-1, 0, 0) if all terms are below.
    """
    group = _group_of(buffer, groups, wanted)
    ordinal = group * GROUP
    at = np.int64(groups[group])
    list_at = np.int64(bases[group])
    while ordinal < count:
        length, at, list_at = read_entry(buffer, at, list_at, term, entry)
        if _compare(term, 0, length, wanted) >= 0:
            return ordinal, length, at
        ordinal += 1
    return -1, 0, 0


@kernel
def find_entry(buffer, groups, bases, count, wanted, entry):
    """Look up the term `wanted` and write its (at, size, df, cf) to `entry`; returns whether it exists."""
    if wanted.size > MAX_TERM_BYTES:
        return False
    group = _group_of(buffer, groups, wanted)
    place = _place_in_group(buffer, np.int64(groups[group]), min(GROUP, count - group * GROUP), wanted)
    if place < 0:  # as most are that are looked for
        return False
    read_place(buffer, groups, bases, group * GROUP + place, np.empty(MAX_TERM_BYTES, np.uint8), entry)
    return True


@part
def _place_in_group(buffer, at, size, wanted):
    """The place of the term `wanted` among the `size` entries from byte `at` on, which are a group; -1 if it is none.

    Each entry says how much of the one before it it has. So what is known of that one, which is below `wanted` and has
    so many bytes in common with it, mostly tells where this one is, and no term has to be put together.
    """
    common = np.int64(0)
    for place in range(size):
        shared, at = get_number(buffer, at)
        rest, at = get_number(buffer, at)
        if shared + rest > MAX_TERM_BYTES or at + rest + 8 > buffer.size:
            raise OperationalError(_DAMAGED)
        if shared < common:
            return -1  # above `wanted`, and so are all that follow
        if shared == common:
            i = np.int64(0)
            while i < rest and common < wanted.size and buffer[at + i] == wanted[common]:
                i += 1
                common += 1
            if i == rest and common == wanted.size:
                return place
            if i < rest and (common == wanted.size or buffer[at + i] > wanted[common]):
                return -1
        at = skip_numbers(buffer, at + rest)
    return -1


@kernel
def read_entry(buffer, at, list_at, term, entry):
    """Decode the entry at byte `at`; `term` holds its predecessor. Returns (length, next entry, next list)."""
    length, at = read_term(buffer, at, term)
    df, at = get_number(buffer, at)
    more, at = get_number(buffer, at)
    size, at = get_number(buffer, at)
    entry[0], entry[1], entry[2], entry[3] = list_at, size, df, df + more
    return length, at, list_at + size


@inlined
def read_term(buffer, at, term):
    """Decode the term of the entry at byte `at`; `term` holds its predecessor. Returns (length, next byte)."""
    shared, at = get_number(buffer, at)
    rest, at = get_number(buffer, at)
    if shared + rest > MAX_TERM_BYTES or at + rest + 8 > buffer.size:
        raise OperationalError(_DAMAGED)
    for i in range(rest):
        term[shared + i] = buffer[at + i]
    return shared + rest, at + rest


@inlined
def skip_entry(buffer, at):
    """The byte after the entry at byte `at`."""
    _, at = get_number(buffer, at)
    rest, at = get_number(buffer, at)
    return skip_numbers(buffer, at + rest)


@inlined
def skip_numbers(buffer, at):
    """The byte after the numbers of an entry, which begin at byte `at`; with one load if they take few bytes."""
    if at + 8 > buffer.size:
        raise OperationalError(_DAMAGED)
    lasts = ~load_bits(buffer, at) & np.uint64(0x8080808080808080)
    for _ in range(_NUMBERS - 1):
        lasts &= lasts - np.uint64(1)
    if lasts:
        return at + (lowest_bit(lasts) >> 3) + 1
    for _ in range(_NUMBERS):
        _, at = get_number(buffer, at)
    return at


@part
def read_place(buffer, groups, bases, ordinal, term, place):
    """Decode the entry with this ordinal: its (at, size, df, cf) to `place` (int64[4]), the term to `term`."""
    group = ordinal // GROUP
    if group >= bases.size:
        raise OperationalError(_DAMAGED)
    at, list_at = group_at(groups, group), np.int64(bases[group])
    for _ in range(ordinal - group * GROUP + 1):
        _, at, list_at = read_entry(buffer, at, list_at, term, place)
