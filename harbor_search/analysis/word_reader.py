"""Reading one word of any script, character by character, by the classes that `characters` gives.

What `tokenizer` does with a text in Python, kernels do here with its UTF-8.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.characters import JOINER, MARK, SEPARATOR, SOLO, VOICING, WORD, voiced
from harbor_search.analysis.string_table import WORD_BYTES
from harbor_search.compiled import inlined, kernel, load_bits, part

__all__ = ["UNKNOWN", "is_digit", "unknown_characters", "word_at"]

_POINT, _COMMA, _PLUS, _SHARP = 0x2E, 0x2C, 0x2B, 0x23

_NOT_ASCII = np.uint64(0x8080808080808080)
"""The highest bit of each of eight bytes: set in those that are not ASCII."""

_KANA = 0x3040
_VOICED = np.array(
    [[ord(voiced(chr(_KANA + i), mark) or "\0") for i in range(0xC0)] for mark in "\u3099\u309a"], np.uint16
)
"""What kana from U+3040 on become with each of the two marks that change their sound; 0: nothing."""

UNKNOWN = np.uint32(0xFFFFFFFF)
"""In the place of the class of a character that was not looked up yet."""


@part
def word_at(data, at, stop, classes, out, write):
    """Fold the word that begins with the character at byte `at` to byte `write` of `out`, or pass by that character.

    Returns (where it ends, size when folded, bytes that continue a character, 1 where it begins with a point before
    `at`, whether all classes were known).
    """
    code, end = _character(data, at)
    entry = np.int64(classes[code])
    kind = entry >> 24
    continuing = end - at - 1
    point, begins = np.int64(0), write
    if kind == SOLO:
        folded, after, kind = _with_voicing(data, entry & 0xFFFFFF, end, stop, classes)
        write = _put_character(out, write, folded)
        continuing += max(after - end - 1, 0)
        at = after
    elif kind != WORD:
        at = end
    else:
        if code < 0x80 and data[at - 1] == _POINT:
            point, known = _has_point_before(data, at, classes)
            if not known:
                return at, 0, continuing, point, False
            if point:
                write = _put_character(out, write, _POINT)
        number = _number_end(data, at)
        if number > at:
            write = _copy(data, at, number, out, write)
            at = number
        else:
            write = _put_character(out, write, entry & 0xFFFFFF)
            at = end
        while at < stop:
            code, end = _character(data, at)
            entry = np.int64(classes[code])
            kind = entry >> 24
            if kind == JOINER:
                kind = _kind_of_joiner(data, end, stop, classes)
            if kind in (WORD, JOINER):
                write = _put_character(out, write, entry & 0xFFFFFF)
            elif kind != MARK:
                break
            continuing += end - at - 1
            at = end
        signs = _signs_end(data, at)
        write = _copy(data, at, signs, out, write)
        at = signs
    return at, write - begins, continuing, point, kind <= VOICING


@part
def _with_voicing(data, kana, at, stop, classes):
    """The folded character before byte `at` with the mark at `at` that changes its sound, if one does.

    Returns (character, where it ends, a class that is known where all are).
    """
    if at < stop:
        code, end = _character(data, at)
        kind = np.int64(classes[code]) >> 24
        if kind == VOICING and kana >= _KANA and kana < _KANA + _VOICED.shape[1]:
            composed = np.int64(_VOICED[(code & 1) ^ (code < 0xFF00), kana - _KANA])  # U+3099, U+309A or half width
            if composed:
                return composed, end, kind
        return kana, at, kind
    return kana, at, np.int64(SOLO)


@part
def _has_point_before(data, start, classes):
    """As `tokenizer._has_point_before`, where a point stands before byte `start`: (1 or 0, whether that is known)."""
    at = start - 2
    while data[at] & 0xC0 == 0x80:
        at -= 1
    code, _ = _character(data, at)
    kind = np.int64(classes[code]) >> 24
    counts = code != _POINT and kind in (SEPARATOR, JOINER)
    return np.int64(counts), kind <= VOICING


@part
def _number_end(data, start):
    """As `tokenizer._number_end`: after each text stands a byte that is neither digit, point nor comma."""
    inside = (data[start - 1] == _POINT or data[start - 1] == _COMMA) and is_digit(data[start - 2])
    if inside or not is_digit(data[start]):
        return start
    at = _digits_end(data, start)
    grouped, parts = at - start <= 3, 0
    first, mark, size = np.int64(0), np.int64(0), np.int64(0)
    while (data[at] == _POINT or data[at] == _COMMA) and is_digit(data[at + 1]):
        if parts:
            grouped &= size == 3 and mark == first
        mark = np.int64(data[at])
        if parts == 0:
            first = mark
        end = _digits_end(data, at + 1)
        at, size = end, end - at - 1
        parts += 1
    if parts == 1:
        sound = mark == _POINT or size <= 2 or (size == 3 and grouped)
    else:
        sound = parts > 1 and grouped and (mark != first or size == 3)
    return at if sound else start


@inlined
def _digits_end(data, at):
    while is_digit(data[at]):
        at += 1
    return at


@inlined
def _signs_end(data, at):
    """Where "++" or "#" at byte `at` ends, if it is one that belongs to the word before; else `at`."""
    if data[at] == _PLUS and data[at + 1] == _PLUS and data[at + 2] != _PLUS and data[at + 2] != _SHARP:
        return at + 2
    if data[at] == _SHARP and data[at + 1] != _PLUS and data[at + 1] != _SHARP and not _is_letter(data[at + 1]):
        return at if is_digit(data[at + 1]) else at + 1
    return at


@inlined
def _kind_of_joiner(data, end, stop, classes):
    """JOINER before a WORD character; else a class that ends a word: that of the next character where it is unknown."""
    following = np.int64(classes[_character(data, end)[0]]) >> 24 if end < stop else SOLO
    return JOINER if following == WORD else max(following, SOLO)


@inlined
def _character(data, at):
    """The code point at byte `at` of sound UTF-8, and where the next begins."""
    byte = np.int64(data[at])
    if byte < 0x80:
        return byte, at + 1
    second = np.int64(data[at + 1]) & 63
    if byte < 0xE0:
        return (byte & 31) << 6 | second, at + 2
    third = np.int64(data[at + 2]) & 63
    if byte < 0xF0:
        return (byte & 15) << 12 | second << 6 | third, at + 3
    return (byte & 7) << 18 | second << 12 | third << 6 | np.int64(data[at + 3]) & 63, at + 4


@part
def _put_character(out, at, code):
    """Write a code point as UTF-8; returns where it ends."""
    if code < 0x80:
        out[at] = np.uint8(code)
        return at + 1
    size = 2 if code < 0x800 else 3 if code < 0x10000 else 4
    for i in range(size - 1, 0, -1):
        out[at + i] = np.uint8(0x80 | code & 63)
        code >>= 6
    out[at] = np.uint8((0xF00 >> size) & 0xFF | code)
    return at + size


@inlined
def _copy(data, start, end, out, write):
    """Write bytes as they are; returns where they end."""
    for i in range(start, end):
        out[write] = data[i]
        write += 1
    return write


@inlined
def _is_letter(byte):
    return (byte | 0x20) >= 0x61 and (byte | 0x20) <= 0x7A


@inlined
def is_digit(byte):
    return byte >= 0x30 and byte <= 0x39


@kernel
def unknown_characters(data, at, stop, classes, found):
    """Gather the code points of unknown class from byte `at` of sound UTF-8 to `stop`, as often as they occur.

    Those of ASCII are known. `found` (int32) has room for one in two bytes. Returns how many there are.
    """
    count = np.int64(0)
    while at < stop:
        if not load_bits(data, at) & _NOT_ASCII:
            at += WORD_BYTES
            continue
        code, at = _character(data, at)
        if classes[code] == UNKNOWN:
            found[count] = code
            count += 1
    return count
