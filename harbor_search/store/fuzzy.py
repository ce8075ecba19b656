"""Terms within a few edits of a word, by a walk over the term dictionary.

The distance is the optimal string alignment distance (insertions, deletions, substitutions and transpositions of
neighbours, each stretch edited once), counted in characters.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel
from harbor_search.store.dictionary import MAX_TERM_BYTES, Dictionary, TermEntry, read_entry

__all__ = ["similar_terms"]


def similar_terms(dictionary: Dictionary, term: str, distance: int) -> list[tuple[bytes, int, TermEntry]]:
    """(term, distance, entry) of all terms at most `distance` edits from `term`, in the order of the dictionary."""
    points = np.array([ord(character) for character in term], np.int64)
    found: list[tuple[bytes, int, TermEntry]] = []
    text, entry = np.empty(MAX_TERM_BYTES, np.uint8), np.zeros(4, np.int64)
    state = np.zeros(3, np.int64)  # ordinal of the next term, its place, the place of its posting list
    while state[0] < dictionary.count:
        length, edits = _next_similar(dictionary.terms, dictionary.count, points, distance, text, entry, state)
        if length >= 0:
            found.append((text[:length].tobytes(), edits, TermEntry(*entry.tolist())))
    return found


@kernel
def _next_similar(buffer, count, points, distance, text, entry, state):  # type: ignore[no-untyped-def]
    """Walk on to the next similar term; returns (its length in bytes, its distance), or -1 at the end."""
    decoded = np.empty(MAX_TERM_BYTES, np.int64)
    rows = np.empty((3, points.size + 1), np.int64)
    while state[0] < count:
        length, at, list_at = read_entry(buffer, state[1], state[2], text, entry)
        state[0] += 1
        state[1], state[2] = at, list_at
        size = _decode(text, length, decoded)
        if abs(size - points.size) <= distance:
            edits = _edits(decoded, size, points, distance, rows)
            if edits <= distance:
                return length, edits
    return -1, 0


@kernel
def _decode(text, length, points):  # type: ignore[no-untyped-def]
    """UTF-8 to code points; returns how many."""
    size, i = 0, 0
    while i < length:
        byte = np.int64(text[i])
        more = 0 if byte < 0x80 else 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
        value = byte if more == 0 else byte & (0x3F >> more)
        for j in range(1, more + 1):
            value = value << 6 | (np.int64(text[i + j]) & 0x3F)
        points[size] = value
        size += 1
        i += more + 1
    return size


@kernel
def _edits(word, size, wanted, distance, rows):  # type: ignore[no-untyped-def]
    """The distance of `word[:size]` from `wanted`, or anything above `distance` once it must be above."""
    for j in range(wanted.size + 1):
        rows[0, j] = j
    for i in range(1, size + 1):
        row, above, before = rows[i % 3], rows[(i - 1) % 3], rows[(i - 2) % 3]
        row[0] = i
        least = i
        for j in range(1, wanted.size + 1):
            same = 0 if word[i - 1] == wanted[j - 1] else 1
            value = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + same)
            if i > 1 and j > 1 and word[i - 1] == wanted[j - 2] and word[i - 2] == wanted[j - 1]:
                value = min(value, before[j - 2] + 1)
            row[j] = value
            least = min(least, value)
        if least > distance:
            return least
    return rows[size % 3, wanted.size]
