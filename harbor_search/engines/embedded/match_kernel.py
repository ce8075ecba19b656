"""Matches: where the words of a query stand in the texts of a document, from stored positions and layouts.

A query comes as numbers. `leaves` (int64) has its leaves one after the other, from `begins` (int64[n + 1]) on; where a
leaf may be spelt in several ways there is a part for each, and `owners` (int64[n]) are the leaves of parts, ascending:

    how many words it has (a phrase some, others one), its slop (-1 where it is no phrase), how many lists of
    segments and fields there are, the distance of each word from the first,
    for each word, segment and field where its rows begin, and where the last ones end, counted from the leaf's begin,
    rows of four: a term's list, as `TermEntry` has it (at, size, df, cf).

A word may be many terms: all that begin alike, or are spelt alike. `buffers` is a table (see `ranking.tables`) of the
segments' posting lists of each field of `FIELDS`, and of their layouts, segment after segment.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.token_spans import locate_spans
from harbor_search.compiled import inlined, kernel, part, total
from harbor_search.errors import OperationalError
from harbor_search.ranking.phrases import phrase_occurrences
from harbor_search.ranking.tables import uint8s
from harbor_search.store import BLOCK, POSITION_GAP, decode_text_layout, locate_positions

__all__ = ["BODY", "BUFFERS", "FIELDS", "HEADINGS", "LEAF", "MATCH_WIDTH", "NAMES", "TITLE"]
__all__ += ["TEXT", "find_in_names", "find_matches", "matches_of", "new_room", "note_names"]

FIELDS = ("title", "headings", "body", "names")
"""Fields that are shown. The lead is part of the body; layouts tell nothing of names."""

TITLE, HEADINGS, BODY, NAMES = range(4)

BUFFERS = len(FIELDS) + 1
"""Of a segment: the posting lists of each field, and the layouts."""

_WORDS, _SLOP, _LISTS, _OFFSETS = range(4)

_ENOUGH = np.int64(1) << np.int64(62)

_START, _END, LEAF, TEXT = range(4)
"""Of a match: its first character and the one after its last, its leaf, its text within the field."""

MATCH_WIDTH = TEXT + 1

_LEAF_BITS = np.int64(20)
"""Of a key, a match as one number: its position, and in these bits its leaf."""

_DAMAGED_LAYOUT = "the layout of an article is damaged; roll back or rebuild the index"
_DAMAGED_LIST = "a posting list is damaged; roll back or rebuild the index"


@kernel
def find_matches(buffers, segment, document, place, leaves, begins, owners, most):
    """The matches in the title, the headings and the body of a document, each int64[n, MATCH_WIDTH], ascending.

    `place` is where its layout begins and ends. Of each term, the first `most` occurrences in a field count.

    Raises:
        OperationalError: a list or a layout is damaged.
    """
    layouts = uint8s(buffers, segment * BUFFERS + BUFFERS - 1)
    outline, room = decode_text_layout(layouts, place[0], place[1]), new_room(leaves, begins, most)
    return matches_of(buffers, segment, document, layouts, place[1], outline, leaves, begins, owners, most, room)


@kernel
def find_in_names(buffers, segment, document, leaves, begins, owners, most):
    """int64[n, 2]: position and leaf of the matches in the names of a document, ascending.

    Raises:
        OperationalError: a list is damaged.
    """
    room = new_room(leaves, begins, most)
    keys = _keys(buffers, segment, document, NAMES, leaves, begins, owners, most, most, room)
    found = np.empty((keys.size, 2), np.int64)
    for i in range(keys.size):
        found[i, 0], found[i, 1] = _position(keys[i]), _leaf(keys[i])
    return found


@part
def note_names(buffers, segment, document, leaves, begins, owners, most, room, named):
    """Write to `named` (bool[leaves]) which leaves match in the names of a document."""
    for i in range(owners.size):
        own = leaves[begins[i] : begins[i + 1]]
        if not named[owners[i]] and _has_lists(own, segment, NAMES):
            named[owners[i]] = _positions(buffers, segment, document, NAMES, own, most, most, room) > 0


@part
def new_room(leaves, begins, most):
    """Arrays to find the matches of leaves in fields with, for any number of documents: two for keys (int64), one for
    positions (int32), one for a block of a list (int64), one for the matches."""
    room = np.int64(1)
    for i in range(begins.size - 1):
        own = leaves[begins[i] : begins[i + 1]]
        first, rows = _OFFSETS + own[_WORDS], np.int64(0)
        for place in range(first, first + own[_WORDS] * own[_LISTS]):
            rows = max(rows, (own[place + 1] - own[place]) // 4)
        room += own[_WORDS] * rows * most
    return (
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int32), np.empty(BLOCK, np.int64),
        np.empty((NAMES * room, MATCH_WIDTH), np.int64),
    )  # fmt: skip


@inlined
def _position(key):
    return key >> _LEAF_BITS


@inlined
def _leaf(key):
    return key & ((np.int64(1) << _LEAF_BITS) - 1)


@inlined
def _has_lists(leaf, segment, field):
    """Whether the first word of a leaf, and so perhaps the leaf, stands anywhere in a field of a segment."""
    place = _place(leaf, 0, segment, field)
    return leaf[place] < leaf[place + 1]


@part
def matches_of(buffers, segment, document, layouts, end, outline, leaves, begins, owners, most, room):
    """The matches of `find_matches`, given an `outline` whose layout ends before `end`.

    They are in `room` (see `new_room`), until it is used again.
    """
    words, found = outline[0], room[4]
    ends = np.zeros(NAMES + 1, np.int64)
    first, token = np.int64(0), np.int64(0)
    for field in range(NAMES):
        stop = np.int64(1) if field == TITLE else 1 + field * (words.size // 2)
        own = words[first:stop]
        count = total(own)
        keys = _keys(buffers, segment, document, field, leaves, begins, owners, most, count, room)
        ends[field + 1] = ends[field] + keys.size
        _place_keys(keys, own, token, found[ends[field] : ends[field + 1]])
        first, token = stop, token + count
    locate_spans(layouts, outline[4], end, words, found[: ends[NAMES], :2])
    return found[: ends[1]], found[ends[1] : ends[2]], found[ends[2] : ends[NAMES]]


@part
def _keys(buffers, segment, document, field, leaves, begins, owners, most, count, room):
    """int64[n]: the matches in a field that has `count` words, as keys, ascending, each once."""
    keys, merged, positions, _, _ = room
    size = np.int64(0)
    for i in range(owners.size):
        own = leaves[begins[i] : begins[i + 1]]
        if _has_lists(own, segment, field):
            found = _positions(buffers, segment, document, field, own, most, count, room)
            if found:
                size = _merge(keys, size, positions, found, owners[i], merged)
                keys, merged = merged, keys
    return keys[:size]


@part
def _merge(keys, size, positions, found, leaf, merged):
    """Write the first `size` keys and those of a leaf's `found` positions to `merged`, ascending, each once."""
    out, i = np.int64(0), np.int64(0)
    for j in range(found):
        key = np.int64(positions[j]) << _LEAF_BITS | leaf
        while i < size and keys[i] < key:
            merged[out] = keys[i]
            out, i = out + 1, i + 1
        if i < size and keys[i] == key:
            i += 1
        merged[out] = key
        out += 1
    while i < size:
        merged[out] = keys[i]
        out, i = out + 1, i + 1
    return out


@part
def _positions(buffers, segment, document, field, leaf, most, count, room):
    """Write to `room` where a leaf stands in a field that has `count` words, ascending; returns how often."""
    buffer, positions, values = uint8s(buffers, segment * BUFFERS + field), room[2], room[3]
    if leaf[_SLOP] < 0:
        return _of_word(buffer, document, leaf, _place(leaf, 0, segment, field), most, count, positions, values)
    words = leaf[_WORDS]
    ends, size = np.empty(words, np.int64), np.int64(0)
    for word in range(words):
        place = _place(leaf, word, segment, field)
        found = _of_word(buffer, document, leaf, place, most, count, positions[size:], values)
        if not found:
            return np.int64(0)
        size += found
        ends[word] = size
    cursors = np.zeros(words, np.int64)
    cursors[1:] = ends[:-1]
    places = np.empty((ends[0], words), np.int64)
    offsets = leaf[_OFFSETS : _OFFSETS + words]
    size = phrase_occurrences(positions, cursors, ends, offsets, leaf[_SLOP], _ENOUGH, places)
    united = np.empty(0, np.int32)
    for word in range(words):
        united = _united(united, places[:size, word])
    positions[: united.size] = united
    return united.size


@inlined
def _place(leaf, word, segment, field):
    """Where in a leaf the place of a word's first row for a segment and field stands."""
    return _OFFSETS + leaf[_WORDS] + word * leaf[_LISTS] + segment * len(FIELDS) + field


@part
def _of_word(buffer, document, leaf, place, most, count, positions, values):
    """Write to `positions` (int32) those of a word's terms in a document, ascending; returns how many they are."""
    row, end, room = leaf[place], leaf[place + 1], min(most, count)
    if row + 4 == end:
        return _of_term(buffer, document, leaf, row, positions[:room], values)
    united = np.empty(0, np.int32)
    while row < end:
        found = _of_term(buffer, document, leaf, row, positions[:room], values)
        if found:
            united = _united(united, positions[:found])
        row += 4
    positions[: united.size] = united
    return united.size


@part
def _of_term(buffer, document, leaf, row, positions, values):
    found = np.int64(locate_positions(buffer, leaf[row], leaf[row + 2], leaf[row + 3], document, positions, values))
    if found < 0:
        raise OperationalError(_DAMAGED_LIST)
    return found


@part
def _united(positions, more):
    """int32[n]: two ascending sequences as one, what is in both once."""
    united = np.empty(positions.size + more.size, np.int32)
    size, i = 0, 0
    for each in more:
        while i < positions.size and positions[i] < each:
            united[size] = positions[i]
            size, i = size + 1, i + 1
        if size and united[size - 1] == each:
            continue
        if i < positions.size and positions[i] == each:
            i += 1
        united[size] = each
        size += 1
    rest = positions.size - i
    united[size : size + rest] = positions[i:]
    return united[: size + rest]


@part
def _place_keys(keys, words, token, found):
    """Write to `found` (int64[keys, MATCH_WIDTH]) the leaf and the text of each match in a field whose texts have so
    many `words`, and its word, counted through all fields from `token` on, in the place of its characters.

    As in inversion there is a gap before every text but those before which the field has no word.
    """
    text, first_word, first_position, end = np.int64(0), np.int64(0), np.int64(0), total(words)
    for i in range(keys.size):
        position = _position(keys[i])
        while text + 1 < words.size:
            following = first_position + words[text] + (POSITION_GAP if first_word + words[text] > 0 else 0)
            if following > position:
                break
            first_position, first_word = following, first_word + words[text]
            text += 1
        word = first_word + position - first_position
        if word >= end:
            raise OperationalError(_DAMAGED_LAYOUT)
        found[i, _START], found[i, LEAF], found[i, TEXT] = token + word, _leaf(keys[i]), text
