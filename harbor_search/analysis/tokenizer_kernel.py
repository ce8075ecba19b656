"""The kernel that cuts texts into words: those that `tokenize` would give, from UTF-8.

Words of ASCII letters and digits, nearly all of most languages' words, are found, folded and made keys eight bytes at a
time; any word with another character in it or right after it is read again by `word_reader`, character by character.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.string_table import (
    LONG,
    WORD_BYTES,
    add,
    find,
    has_room,
    key_of,
    mixed,
    slot_of,
    start_of_key,
)
from harbor_search.analysis.token_spans import put_span
from harbor_search.analysis.word_reader import is_digit, word_at
from harbor_search.compiled import inlined, kernel, load_bits, lowest_bit, part, prefetch, store_bits

__all__ = ["cut_words", "most_folded", "most_words"]

_HIGH = np.uint64(0x8080808080808080)
_LOWER = np.uint64(0x2020202020202020)  # the bit that makes a letter lower case; digits have it already
_APOSTROPHE, _GRAVE, _POINT, _COMMA, _PLUS, _SHARP = 0x27, 0x60, 0x2E, 0x2C, 0x2B, 0x23

_AHEAD = 8
"""Words ahead of the one at hand whose place in the table is fetched from memory."""


@kernel
def cut_words(
    data, starts, text, classes, table, pool, ends, count, folded, keys, sizes, tokens, counts, spans, span_ends,
    at_token, at_span,
):  # fmt: skip
    """Tokenize texts from number `text` on, until all are done, one might not fit the vocabulary's arrays, or one has
    a character whose class is not known yet.

    Text i is `data[starts[i]:starts[i + 1] - 1]`: a byte that belongs to no word stands after each, and `SPARE` after
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
    """How many words a text of `size` bytes can have: one of a single byte has another after it, and the characters
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
        end, resume = at - continuing, at + 1  # neither is the byte after it part of a word
        if size == 0 or data[start - 1] == _POINT or _goes_on(data, at):
            at, size, more, point, known = word_at(data, start, stop, classes, folded, write)
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
        or (byte in (_POINT, _COMMA) and is_digit(data[at + 1]) and is_digit(data[at - 1]))
    )
