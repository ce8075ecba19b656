"""The words of a collection as arrays, and those of them that are spelt like a word.

A misspelt word is compared with every word of the collection; what makes that quick is that nearly all are told from it
by one look. A signature of 64 bits says which letters a word has once and twice: an edit changes at most two bits, so
words whose signatures differ in more are no candidates. The few that are left go through the bit-parallel optimal
string alignment distance of H. Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit distances,
Nordic Journal of Computing 2003, and those within the bound through the distance with weights (`costs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import bit_count, kernel, part
from harbor_search.spelling.costs import DELETE, FIRST, HEARD_LESS, HEARD_SHARE, INSERT, SWAP, substitution_costs
from harbor_search.spelling.sound import sound_of, sounds_of_letters

__all__ = ["LONGEST", "SHORTEST", "SPELLING_KERNELS", "Lexicon", "Similar"]

SHORTEST, LONGEST = 3, 40
"""Letters of a word of the lexicon: shorter ones are within two edits of anything, longer ones are no words."""

_ROOM = 4_096
"""Candidates that a look-up may find: more than a handful of letters ever have."""


_MOST_BITS = 4
"""Bits that signatures may differ in. Two edits change no more; three mostly do not either, as most mistakes leave a
letter out that the word has twice, or swap letters: looking at the others too would take ten times as long."""

_MOST_HEARD = 5
"""Edits of a word that sounds the same: "newmonya" is four from "pneumonia"."""


_SHORT = 4
"""Letters of a word whose vowels have to be the same too for it to be known by its sound: "cran" is no *Crohn*."""


class Similar(NamedTuple):
    """A word of the lexicon, how many edits it is from the one that was asked for, their weight, and whether the two
    sound the same."""

    word: str
    edits: int
    cost: float
    heard: bool = False


class Lexicon:
    """Distinct words in lower case. Never changes; threads may share it."""

    def __init__(self, words: Sequence[str]) -> None:
        """`words` are of `SHORTEST` to `LONGEST` characters."""
        self._set(*_encoded(words))

    @classmethod
    def joined(cls, lists: Sequence[tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint64]]]) -> Lexicon:
        """The words of several lists, each UTF-8 (uint8[n]) and where its words end (uint64[words])."""
        made = cls(())
        parts = [_decoded(*each) for each in lists]
        if parts:
            sizes = np.concatenate([np.diff(ends) for _, ends in parts])
            ends = np.zeros(sizes.size + 1, np.int64)
            np.cumsum(sizes, out=ends[1:])
            made._set(np.concatenate([points for points, _ in parts]), ends)
        return made

    def _set(self, points: npt.NDArray[np.uint32], ends: npt.NDArray[np.int64]) -> None:
        self._points, self._ends = points, ends
        self._signatures = np.empty(ends.size - 1, np.uint64)
        self._sounds = np.empty(ends.size - 1, np.uint64)
        _sign_all(points, ends, sounds_of_letters(), self._signatures, self._sounds)

    def __len__(self) -> int:
        return self._ends.size - 1

    def __contains__(self, word: str) -> bool:
        signature, sound = np.empty(1, np.uint64), np.empty(1, np.uint64)
        _sign_all(*_encoded([word]), sounds_of_letters(), signature, sound)
        return any(self._word(int(number)) == word for number in np.flatnonzero(self._signatures == signature))

    def similar(self, word: str, most: int, cheapest: int = _ROOM, *, by_ear: bool = False) -> list[Similar]:
        """The words at most `most` edits from `word`, so many at most, by cost; the word itself is none of them.

        With `by_ear` also those farther off that sound the same, and they cost less.
        """
        if not 0 < len(word) <= LONGEST or not len(self):
            return []
        points = np.frombuffer(bytearray(word, "utf-32-le", "replace"), np.uint32)
        found, distances = np.empty(_ROOM, np.int32), np.empty(_ROOM, np.int8)
        costs, heard = np.empty(_ROOM, np.float32), np.empty(_ROOM, np.bool_)
        size = _find(
            self._points, self._ends, self._signatures, self._sounds, points, most, by_ear, sounds_of_letters(),
            substitution_costs(), found, distances, costs, heard,
        )  # fmt: skip
        order = np.argsort(costs[:size], kind="stable")
        similar: dict[str, Similar] = {}
        for place in order.tolist():
            if len(similar) == cheapest:
                break
            text = self._word(int(found[place]))
            if text not in similar:
                similar[text] = Similar(text, int(distances[place]), float(costs[place]), bool(heard[place]))
        return list(similar.values())

    def _word(self, number: int) -> str:
        return self._points[self._ends[number] : self._ends[number + 1]].tobytes().decode("utf-32-le")


def _encoded(words: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """All characters, uint32[n], and where each word ends, int64[words + 1]."""
    # Of bytes that can be written, as those of joined lists are: the kernels are compiled for one kind of array.
    points = np.frombuffer(bytearray("".join(words), "utf-32-le", "replace"), np.uint32)
    ends = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=ends[1:])
    return points, ends


def _decoded(
    text: npt.NDArray[np.uint8], ends: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """As `_encoded`, for words in UTF-8."""
    points = np.frombuffer(text.tobytes().decode("utf-8", "replace").encode("utf-32-le"), np.uint32)
    bounds = np.append(np.uint64(0), ends).astype(np.int64)
    within = np.flatnonzero((text & 0xC0) == 0x80)  # all bytes of a character but its first, and few words have any
    return points, bounds - np.searchsorted(within, bounds)


@part
def _signature(points, start, end):  # type: ignore[no-untyped-def]
    """Bits 0 to 25: the word has that letter; 26 to 51: more than once; the others: characters besides, hashed."""
    once, twice = np.uint64(0), np.uint64(0)
    for at in range(start, end):
        point = np.int64(points[at])
        letter = point - 97
        bit = np.uint64(1) << np.uint64(letter if 0 <= letter < 26 else 52 + point % 12)
        twice |= once & bit
        once |= bit
    return once | (twice & np.uint64((1 << 26) - 1)) << np.uint64(26)


@kernel
def _sign_all(points, ends, letters, signatures, sounds):  # type: ignore[no-untyped-def]
    """Write the signature of each word, and what it sounds like."""
    for i in range(signatures.size):
        signatures[i] = _signature(points, ends[i], ends[i + 1])
        sounds[i] = sound_of(points, ends[i], ends[i + 1], letters, 0)


@part
def _edits(points, start, end, word, masks, bound):  # type: ignore[no-untyped-def]
    """The optimal string alignment distance of a word of the lexicon; `bound` + 1 where it is more than `bound`."""
    size = word.size
    last = np.uint64(1) << np.uint64(size - 1)
    one, positive, negative = np.uint64(1), ~np.uint64(0), np.uint64(0)
    zeros, before = np.uint64(0), np.uint64(0)
    distance = size
    for at in range(start, end):
        point = np.int64(points[at])
        mask = np.uint64(0)
        if point < 128:
            mask = masks[point]
        else:
            for i in range(size):
                if word[i] == point:
                    mask |= one << np.uint64(i)
        swapped = ((~zeros & mask) << one) & before
        zeros = (((mask & positive) + positive) ^ positive) | mask | negative | swapped
        up = negative | ~(zeros | positive)
        down = zeros & positive
        if up & last:
            distance += 1
        if down & last:
            distance -= 1
        # Each character that is left can lessen the distance by one.
        if distance - (end - at - 1) > bound:
            return bound + 1
        up = up << one | one
        positive = down << one | ~(zeros | up)
        negative = up & zeros
        before = mask
    return min(distance, bound + 1)


@part
def _cost(points, start, end, word, costs, rows):  # type: ignore[no-untyped-def]
    """The weight of the edits that make `word` of a word of the lexicon (three rows of float32 to work with)."""
    size, length = word.size, end - start
    rows[0, 0] = 0.0
    for j in range(1, size + 1):
        rows[0, j] = rows[0, j - 1] + _gap(word, 0, j - 1, INSERT)
    for i in range(1, length + 1):
        here, above, over = i % 3, (i - 1) % 3, (i - 2) % 3
        letter = points[start + i - 1]
        rows[here, 0] = rows[above, 0] + _gap(points, start, start + i - 1, DELETE)
        for j in range(1, size + 1):
            typed = word[j - 1]
            least = rows[above, j - 1]
            if letter != typed:
                least += _substitution(letter, typed, costs) + (FIRST if i == 1 and j == 1 else 0.0)
            least = min(least, rows[above, j] + _gap(points, start, start + i - 1, DELETE))
            least = min(least, rows[here, j - 1] + _gap(word, 0, j - 1, INSERT))
            if i > 1 and j > 1 and letter == word[j - 2] and typed == points[start + i - 2]:
                least = min(least, rows[over, j - 2] + SWAP)
            rows[here, j] = least
    return rows[length % 3, size]


@part
def _gap(points, start, at, table):  # type: ignore[no-untyped-def]
    """What leaving out (or adding) the character at `at` of a word costs: little for one of a pair, more for the first.

    `table` has the costs of (one of a pair, a vowel or silent letter, any other).
    """
    point = points[at]
    if at > start and points[at - 1] == point:
        return table[0]
    soft = point == 97 or point == 101 or point == 104 or point == 105 or point == 111 or point == 117
    return table[1 if soft else 2] + (FIRST if at == start else 0.0)


@part
def _substitution(letter, typed, costs):  # type: ignore[no-untyped-def]
    one, other = np.int64(letter) - 97, np.int64(typed) - 97
    if 0 <= one < 26 and 0 <= other < 26:
        return costs[one, other]
    return np.float32(1.0)


@kernel
def _find(  # type: ignore[no-untyped-def]
    points, ends, signatures, sounds, word, bound, by_ear, letters, costs, found, distances, weights, heard
):
    """Write the words within `bound` edits of `word`: their numbers, edits, costs and whether they sound the same;
    returns how many they are."""
    masks = np.zeros(128, np.uint64)
    for i in range(word.size):
        if word[i] < 128:
            masks[word[i]] |= np.uint64(1) << np.uint64(i)
    wanted, vowels = _signature(word, 0, word.size), 2 if word.size <= _SHORT else 1
    sound, whole = sound_of(word, 0, word.size, letters, 0), sound_of(word, 0, word.size, letters, vowels)
    rows = np.zeros((3, word.size + 1), np.float32)
    size, bits = 0, min(2 * bound, _MOST_BITS)
    for i in range(signatures.size):
        same, most = by_ear and sounds[i] == sound, bound
        if same:
            most = max(bound, _MOST_HEARD)
        elif bit_count(signatures[i] ^ wanted) > bits or bit_count(signatures[i] & ~wanted) > bound:
            continue
        start, end = ends[i], ends[i + 1]
        if abs(end - start - word.size) > most:
            continue
        distance = _edits(points, start, end, word, masks, most)
        if distance > bound and (not same or sound_of(points, start, end, letters, vowels) != whole):
            continue
        if 0 < distance <= most and size < found.size:
            cost = _cost(points, start, end, word, costs, rows)
            found[size], distances[size], heard[size] = i, distance, same
            if same:
                cost = cost - HEARD_LESS if distance <= min(bound, 2) else cost * HEARD_SHARE
            weights[size] = cost
            size += 1
    return size


_WORDS = "uint32[::1], int64[::1]"

SPELLING_KERNELS = (
    (_sign_all, f"{_WORDS}, uint8[::1], uint64[::1], uint64[::1]"),
    (
        _find,
        f"{_WORDS}, uint64[::1], uint64[::1], uint32[::1], int64, boolean, uint8[::1], float32[:, ::1], int32[::1], "
        "int8[::1], float32[::1], boolean[::1]",
    ),
)
"""The kernels of a lexicon and what each takes."""
