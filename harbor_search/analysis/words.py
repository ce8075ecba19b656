"""The kernel that cuts texts into words: those that `tokenize` would give, from UTF-8.

Words of ASCII letters and digits, nearly all of most languages' words, are found, folded and made keys eight bytes at a
time; any word with another character in it or right behind it is read again, character by character, by the classes
that `characters` gives.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.characters import JOINER, MARK, SEPARATOR, SOLO, VOICING, WORD, voiced
from harbor_search.analysis.spans import put_span
from harbor_search.analysis.strings import LONG, WORD_BYTES, add, find, has_room, key_of, mixed, slot_of, start_of_key
from harbor_search.compiled import inlined, kernel, load_bits, lowest_bit, part, prefetch, store_bits

__all__ = ["UNKNOWN", "cut_words", "most_folded", "most_words", "unknown_characters"]

_HIGH = np.uint64(0x8080808080808080)
_LOWER = np.uint64(0x2020202020202020)  # the bit that makes a letter lower case; digits have it already
_APOSTROPHE, _GRAVE, _POINT, _COMMA, _PLUS, _SHARP = 0x27, 0x60, 0x2E, 0x2C, 0x2B, 0x23

_KANA = 0x3040
_VOICED = np.array(
    [[ord(voiced(chr(_KANA + i), mark) or "\0") for i in range(0xC0)] for mark in "\u3099\u309a"], np.uint16
)
"""What kana from U+3040 on become with each of the two marks that change their sound; 0: nothing."""

UNKNOWN = np.uint32(0xFFFFFFFF)
"""In the place of the class of a character that was not looked up yet."""

_AHEAD = 8
"""Words ahead of the one at hand whose place in the table is fetched from memory."""


@kernel
def cut_words(
    data, starts, text, classes, table, pool, ends, count, folded, keys, sizes, tokens, counts, spans, span_ends,
    at_token, at_span,
):  # fmt: skip
    """Tokenize texts from number `text` on, until all are done, one might not fit the vocabulary's arrays, or one has
    a character whose class is not known yet.

    Text i is `data[starts[i]:starts[i + 1] - 1]`: a byte that belongs to no word stands behind each, and `SPARE` behind
    the last. `folded` (uint8), `keys` (uint64) and `sizes` (int32) have room for the words of any one text, as they
    are then numbered together: looking for one need not wait for where the one before it ends.

    Returns (next text, tokens so far, span bytes so far, distinct tokens so far).
    """
    while text < starts.size - 1:
        begin, stop = starts[text], starts[text + 1] - 1
        if not has_room(table, pool, ends, count, _most_words(stop - begin), _most_folded(stop - begin)):
            break
        words, end = _cut(data, begin, stop, classes, folded, keys, sizes, spans, at_span)
        if words < 0:
            break
        count = _number(keys, sizes, words, folded, table, pool, ends, count, tokens, at_token)
        at_token += words
        at_span = end
        counts[text] = words
        span_ends[text] = at_span
        text += 1
    return text, at_token, at_span, count


def most_words(size: int) -> int:
    """How many words a text of `size` bytes can have: one of a single byte has another behind it, and the characters
    that are words by themselves have three."""
    return size // 2 + 1


def most_folded(size: int) -> int:
    """How many bytes its words can take when folded: a character of two bytes may be folded to one of three."""
    return 2 * size + 2 * WORD_BYTES


# What Python calls must not be compiled for it, which each process would have to do anew.
_most_words, _most_folded = inlined(most_words), inlined(most_folded)


@part
def _cut(data, begin, stop, classes, folded, keys, sizes, spans, at_span):
    """Cut a text into words: their keys, their sizes in bytes, and in `folded` those that are not their own keys.

    Returns (number of words, span bytes so far), or -1 for the former where a character's class is not known.
    """
    # Places are counted in characters: bytes but for those that continue one.
    at, continuing, previous = begin, np.int64(0), begin
    words, write, half = 0, np.int64(0), 2 * at_span
    while at < stop:
        word = load_bits(data, at)
        inside = _alphanumeric(word)
        if not inside & np.uint64(0x80):
            skipped = _lowest_byte(inside | (word & _HIGH))
            if skipped:
                at += skipped
                continue
        start, place = at, at - continuing
        key, size = _plain_word(data, at, word, inside, folded, write)
        at += size
        end, resume = at - continuing, at + 1  # neither is the byte behind it part of a word
        if size == 0 or data[start - 1] == _POINT or _goes_on(data, at):
            at, size, more, point, known = _any_word(data, start, stop, classes, folded, write)
            continuing += more
            if not known:
                return -1, at_span
            if size == 0:
                continue
            place -= point
            key = key_of(folded, write, size)
            end, resume = at - continuing, at
        at = resume
        keys[words], sizes[words] = key, size
        words += 1
        if key >= LONG:
            write += size
        half = put_span(spans, half, place - previous, end - place)
        previous = end
    return words, (half + 1) >> 1


@part
def _number(keys, sizes, words, folded, table, pool, ends, count, tokens, at_token):
    """Number the words of a text; returns how many distinct ones are known now."""
    read = np.int64(0)
    for i in range(words):
        if i + _AHEAD < words:
            prefetch(table, 2 * np.int64(slot_of(keys[i + _AHEAD], np.uint64(table.shape[0] - 1))))
        key, size = keys[i], np.int64(sizes[i])
        number, slot = find(table, pool, ends, key, folded, read, size)
        if number < 0:
            number = count
            count = add(table, pool, ends, count, slot, key, folded, read, size)
        tokens[at_token + i] = number
        if key >= LONG:
            read += size
    return count


@inlined
def _alphanumeric(word):
    """The highest bit of each of eight bytes that is an ASCII letter or digit."""
    low = word & ~_HIGH
    letter = low | _LOWER
    # A byte's highest bit is set by adding where it is not below "a" or "0", and by the other where above "z" or "9".
    letters = (letter + np.uint64(0x1F1F1F1F1F1F1F1F)) & ~(letter + np.uint64(0x0505050505050505))
    digits = (low + np.uint64(0x5050505050505050)) & ~(low + np.uint64(0x4646464646464646))
    return (letters | digits) & ~word & _HIGH


@inlined
def _lowest_byte(bits):
    """The number of the first byte with a bit set, 8 where none has."""
    return lowest_bit(bits) >> 3 if bits else np.int64(WORD_BYTES)


@inlined
def _plain_word(data, at, word, inside, out, write):
    """Fold the letters and digits from byte `at` on, whose first eight bytes are `word`, to byte `write` of `out`.

    Returns (key, size in bytes).
    """
    size = _lowest_byte(~inside & _HIGH)
    folded = word | _LOWER
    if size < WORD_BYTES:
        folded &= (np.uint64(1) << np.uint64(8 * size)) - np.uint64(1)
    key = folded
    store_bits(out, write, folded)
    if size == WORD_BYTES:
        hashed = start_of_key(folded)
        more = size
        while more == WORD_BYTES:
            word = load_bits(data, at + size)
            more = _lowest_byte(~_alphanumeric(word) & _HIGH)
            if more:
                folded = word | _LOWER
                if more < WORD_BYTES:
                    folded &= (np.uint64(1) << np.uint64(8 * more)) - np.uint64(1)
                store_bits(out, write + size, folded)
                hashed = mixed(hashed, folded)
                size += more
        if size > WORD_BYTES:
            key = hashed | LONG
    return key, size


@inlined
def _goes_on(data, at):
    """Whether more than letters and digits may belong to the word that ends at byte `at`, which is often a space."""
    byte = data[at]
    return byte > 0x20 and (
        byte >= 0x80
        or byte in (_APOSTROPHE, _GRAVE, _SHARP)
        or (byte == _PLUS and data[at + 1] == _PLUS)
        or (byte in (_POINT, _COMMA) and _is_digit(data[at + 1]) and _is_digit(data[at - 1]))
    )


@inlined
def _is_digit(byte):
    return byte >= 0x30 and byte <= 0x39


@part
def _any_word(data, at, stop, classes, out, write):
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
    """As `tokenizer._number_end`: behind each text stands a byte that is neither digit, point nor comma."""
    inside = (data[start - 1] == _POINT or data[start - 1] == _COMMA) and _is_digit(data[start - 2])
    if inside or not _is_digit(data[start]):
        return start
    at = _digits_end(data, start)
    grouped, parts = at - start <= 3, 0
    first, mark, size = np.int64(0), np.int64(0), np.int64(0)
    while (data[at] == _POINT or data[at] == _COMMA) and _is_digit(data[at + 1]):
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
    while _is_digit(data[at]):
        at += 1
    return at


@inlined
def _signs_end(data, at):
    """Where "++" or "#" at byte `at` ends, if it is one that belongs to the word before; else `at`."""
    if data[at] == _PLUS and data[at + 1] == _PLUS and data[at + 2] != _PLUS and data[at + 2] != _SHARP:
        return at + 2
    if data[at] == _SHARP and data[at + 1] != _PLUS and data[at + 1] != _SHARP and not _is_letter(data[at + 1]):
        return at if _is_digit(data[at + 1]) else at + 1
    return at


@inlined
def _is_letter(byte):
    return (byte | 0x20) >= 0x61 and (byte | 0x20) <= 0x7A


@inlined
def _copy(data, start, end, out, write):
    """Write bytes as they are; returns where they end."""
    for i in range(start, end):
        out[write] = data[i]
        write += 1
    return write


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


@kernel
def unknown_characters(data, at, stop, classes, found):
    """Gather the code points of unknown class from byte `at` of sound UTF-8 to `stop`, as often as they occur.

    Those of ASCII are known. `found` (int32) has room for one in two bytes. Returns how many there are.
    """
    count = np.int64(0)
    while at < stop:
        if not load_bits(data, at) & _HIGH:
            at += WORD_BYTES
            continue
        code, at = _character(data, at)
        if classes[code] == UNKNOWN:
            found[count] = code
            count += 1
    return count


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
