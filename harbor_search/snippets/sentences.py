"""Sentences: where in a text one can start reading.

A rule-based splitter for English prose. It errs towards long sentences: a missed boundary shows a reader a little too
much, a wrong one shows "with Dr." and stops. A sentence may end at

- a run of . ! ? or an ellipsis and closing quotes or brackets, before white space;
- a run of full-width signs and closing quotes;
- a blank line, which always ends one.

Texts are code points (int32); `properties` are those of `analysis.character_properties`, which must know them all.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.character_properties import (
    ALPHA,
    LOWER,
    SPACE,
    UPPER,
    character_properties,
    code_points,
)
from harbor_search.compiled import kernel, part
from harbor_search.results import Range
from harbor_search.snippets.abbreviations import is_abbreviation

__all__ = ["cut_sentences", "most_sentences", "sentences"]

_LONGEST_SPACE = 12
"""Characters to look at after a sign for the first of what follows."""

_PLAIN_WORD = 7
"""Letters that make a word before a full stop too long for an abbreviation."""

_DOT, _NEWLINE = ord("."), ord("\n")


def sentences(text: str) -> list[Range]:
    """The sentences of `text` in order, as ranges without the white space around them. Takes linear time.

    Blank lines end sentences too. The number of a list's item belongs to the sentence after it.
    """
    codes = code_points(text)
    starts, ends = np.empty(most_sentences(codes.size), np.int32), np.empty(most_sentences(codes.size), np.int32)
    count = cut_sentences(codes, character_properties(), starts, ends)
    return list(zip(starts[:count].tolist(), ends[:count].tolist(), strict=True))


def most_sentences(characters: int) -> int:
    """How many sentences so many characters can have: each but the first has two at least."""
    return characters // 2 + 2


@kernel
def cut_sentences(text, properties, starts, ends):
    """Write where the sentences of `text` start and end to `starts` and `ends` (int32[most_sentences]).

    Returns how many they are.
    """
    size, count = text.size, 0
    start = _skip_space(text, properties, np.int64(0))
    at = np.int64(0)
    while at < size:
        end = _end_of_sign(text, properties, at)
        if end < 0:
            at += 1
            continue
        if at >= start and end > 0:
            if text[at] == _NEWLINE:
                starts[count], ends[count] = start, _without_space(text, properties, start, at)
                count += 1
                start = _skip_space(text, properties, end)
            elif _ends_sentence(text, properties, start, at, end):
                starts[count], ends[count] = start, end
                count += 1
                start = _skip_space(text, properties, end)
        at = end
    if start < size:
        starts[count], ends[count] = start, _without_space(text, properties, start, size)
        count += 1
    return count


@part
def _end_of_sign(text, properties, at):
    """Where the signs end that begin at `at` and may end a sentence; -1 where none do."""
    first, size, end = text[at], text.size, at + 1
    if _is_stop(first):
        if at > 0 and _is_stop(text[at - 1]):
            return np.int64(-1)
        while end < size and _is_stop(text[end]):
            end += 1
        while end < size and _closes(text[end]):
            end += 1
        return end if end < size and properties[text[end]] & SPACE else np.int64(-1)
    if first == 0x3002 or first == 0xFF01 or first == 0xFF1F:
        while end < size and (text[end] == 0x3002 or text[end] == 0xFF01 or text[end] == 0xFF1F):
            end += 1
        while end < size and (text[end] == 0x300D or text[end] == 0x300F or text[end] == 0x201D):
            end += 1
        return end
    if first == _NEWLINE:
        while end < size and text[end] != _NEWLINE and properties[text[end]] & SPACE:
            end += 1
        return end + 1 if end < size and text[end] == _NEWLINE else np.int64(-1)
    return np.int64(-1)


@part
def _is_stop(code):
    return code == _DOT or code == 0x21 or code == 0x3F or code == 0x2026


@part
def _closes(code):
    """Whether this is one of " ' ) ] and the closing quotes."""
    return (
        code == 0x22 or code == 0x27 or code == 0x29 or code == 0x5D or code == 0x201D or code == 0x2019 or code == 0xBB
    )


@part
def _opens(code):
    """Whether this is one of " ' ( [ and the opening quotes."""
    return (
        code == 0x22 or code == 0x27 or code == 0x28 or code == 0x5B or code == 0x201C or code == 0x2018 or code == 0xAB
    )


@part
def _skip_space(text, properties, at):
    while at < text.size and properties[text[at]] & SPACE:
        at += 1
    return at


@part
def _without_space(text, properties, start, end):
    while end > start and properties[text[end - 1]] & SPACE:
        end -= 1
    return end


@part
def _ends_sentence(text, properties, start, stop, end):
    """Whether the signs text[stop:end] end the sentence that began at `start`."""
    first, closed = text[stop], _closes(text[end - 1])
    if first >= 0x3000 or ((first == 0x21 or first == 0x3F) and not closed):
        return True
    if _is_plain_end(text, properties, stop, end):
        return True
    following = _following(text, properties, end)
    if following & LOWER:
        return False
    return first != _DOT or end > stop + 1 or not is_abbreviation(text, properties, start, stop, following)


@part
def _is_plain_end(text, properties, stop, end):
    """Whether this is a full stop after a word too long for an abbreviation and before a capital: most ends are."""
    if text[stop] != _DOT or end > stop + 1 or stop < _PLAIN_WORD:
        return False
    if end + 1 >= text.size or not properties[text[end + 1]] & UPPER:
        return False
    for i in range(stop - _PLAIN_WORD, stop):
        if not properties[text[i]] & ALPHA:
            return False
    return True


@part
def _following(text, properties, end):
    """The properties of the first character after white space and opening quotes or brackets, 0 where there is none."""
    last = min(end + _LONGEST_SPACE, text.size)
    while end < last and properties[text[end]] & SPACE:
        end += 1
    while end < last and _opens(text[end]):
        end += 1
    return properties[text[end]] if end < last else np.uint16(0)
