"""The kernel that cuts texts into words: those that `tokenize` would give, from UTF-8.

Words of ASCII letters and digits, nearly all of most languages' words, are found, folded and made keys eight bytes at a
time; any word with another character in it or right behind it is read again, character by character, by the classes
that `characters` gives.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.characters import JOINER, MARK, SOLO, WORD
from harbor_search.analysis.spans import put_span
from harbor_search.analysis.strings import LONG, WORD_BYTES, add, find, has_room, key_of, mixed, slot_of, start_of_key
from harbor_search.compiled import inlined, kernel, load_bits, lowest_bit, part, prefetch, store_bits

__all__ = ["UNKNOWN", "cut_words", "most_folded", "most_words", "unknown_characters"]

_HIGH = np.uint64(0x8080808080808080)
_LOWER = np.uint64(0x2020202020202020)  # the bit that makes a letter lower case; digits have it already
_APOSTROPHE = 0x27

UNKNOWN = np.uint32(0xFFFFFFFF)
"""In the place of the class of a character that was not looked up yet."""

_AHEAD = 8
"""Words ahead of the one at hand whose place in the table is fetched from memory."""


@kernel
def cut_words(  # type: ignore[no-untyped-def]
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
        words, behind = _cut(data, begin, stop, classes, folded, keys, sizes, spans, at_span)
        if words < 0:
            break
        count = _number(keys, sizes, words, folded, table, pool, ends, count, tokens, at_token)
        at_token += words
        at_span = behind
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
def _cut(data, begin, stop, classes, folded, keys, sizes, spans, at_span):  # type: ignore[no-untyped-def]
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
        end, behind = at - continuing, at + 1  # neither is the byte behind it part of a word
        if size == 0 or data[at] >= 0x80 or data[at] == _APOSTROPHE:
            at, size, more, known = _any_word(data, start, stop, classes, folded, write)
            continuing += more
            if not known:
                return -1, at_span
            if size == 0:
                continue
            key = key_of(folded, write, size)
            end, behind = at - continuing, at
        at = behind
        keys[words], sizes[words] = key, size
        words += 1
        if key >= LONG:
            write += size
        half = put_span(spans, half, place - previous, end - place)
        previous = end
    return words, (half + 1) >> 1


@part
def _number(keys, sizes, words, folded, table, pool, ends, count, tokens, at_token):  # type: ignore[no-untyped-def]
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
def _alphanumeric(word):  # type: ignore[no-untyped-def]
    """The highest bit of each of eight bytes that is an ASCII letter or digit."""
    low = word & ~_HIGH
    letter = low | _LOWER
    # A byte's highest bit is set by adding where it is not below "a" or "0", and by the other where above "z" or "9".
    letters = (letter + np.uint64(0x1F1F1F1F1F1F1F1F)) & ~(letter + np.uint64(0x0505050505050505))
    digits = (low + np.uint64(0x5050505050505050)) & ~(low + np.uint64(0x4646464646464646))
    return (letters | digits) & ~word & _HIGH


@inlined
def _lowest_byte(bits):  # type: ignore[no-untyped-def]
    """The number of the first byte with a bit set, 8 where none has."""
    return lowest_bit(bits) >> 3 if bits else np.int64(WORD_BYTES)


@inlined
def _plain_word(data, at, word, inside, out, write):  # type: ignore[no-untyped-def]
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


@part
def _any_word(data, at, stop, classes, out, write):  # type: ignore[no-untyped-def]
    """Fold the word that begins with the character at byte `at` to byte `write` of `out`, or pass by that character.

    Returns (where it ends, size when folded, bytes that continue a character, whether all classes were known).
    """
    code, behind = _character(data, at)
    entry = np.int64(classes[code])
    kind = entry >> 24
    continuing = behind - at - 1
    if kind != WORD and kind != SOLO:
        return behind, 0, continuing, kind <= SOLO
    begins, write = write, _put_character(out, write, entry & 0xFFFFFF)
    at = behind
    if kind == WORD:
        while at < stop:
            code, behind = _character(data, at)
            entry = np.int64(classes[code])
            kind = entry >> 24
            if kind == JOINER:
                kind = _kind_of_joiner(data, behind, stop, classes)
            if kind in (WORD, JOINER):
                write = _put_character(out, write, entry & 0xFFFFFF)
            elif kind != MARK:
                break
            continuing += behind - at - 1
            at = behind
    return at, write - begins, continuing, kind <= SOLO


@inlined
def _kind_of_joiner(data, behind, stop, classes):  # type: ignore[no-untyped-def]
    """JOINER before a WORD character; else a class that ends a word: that of the next character where it is unknown."""
    following = np.int64(classes[_character(data, behind)[0]]) >> 24 if behind < stop else SOLO
    return JOINER if following == WORD else max(following, SOLO)


@inlined
def _character(data, at):  # type: ignore[no-untyped-def]
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
def unknown_characters(data, at, stop, classes, found):  # type: ignore[no-untyped-def]
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
def _put_character(out, at, code):  # type: ignore[no-untyped-def]
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
