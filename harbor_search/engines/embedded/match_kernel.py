"""Matches: where the words of a query stand in the texts of a document, from stored positions and layouts.

A query comes as numbers. `leaves` (int64) has its leaves one behind the other, from `begins` (int64[n + 1]) on; where a
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

from harbor_search.analysis.spans import locate_spans
from harbor_search.compiled import inlined, kernel, part
from harbor_search.errors import OperationalError
from harbor_search.ranking.phrases import phrase_occurrences
from harbor_search.ranking.tables import uint8s
from harbor_search.store import POSITION_GAP, decode_outline, locate_positions

__all__ = ["BODY", "BUFFERS", "FIELDS", "HEADINGS", "MATCH_WIDTH", "NAMES", "TITLE"]
__all__ += ["find_in_names", "find_matches", "matches_of", "note_names"]

FIELDS = ("title", "headings", "body", "names")
"""Fields that are shown. The lead is part of the body; layouts tell nothing of names."""

TITLE, HEADINGS, BODY, NAMES = range(4)

BUFFERS = len(FIELDS) + 1
"""Of a segment: the posting lists of each field, and the layouts."""

_WORDS, _SLOP, _LISTS, _OFFSETS = range(4)

_ENOUGH = np.int64(1) << np.int64(62)

MATCH_WIDTH = 4
"""Of a match: its text within the field, its first character and the one behind its last, its leaf."""

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
    outline = decode_outline(layouts, place[0], place[1])
    return matches_of(buffers, segment, document, layouts, place[1], outline, leaves, begins, owners, most)


@kernel
def find_in_names(buffers, segment, document, leaves, begins, owners, most):
    """int64[n, 2]: position and leaf of the matches in the names of a document, ascending.

    Raises:
        OperationalError: a list is damaged.
    """
    keys = np.empty(0, np.int64)
    size = owners[owners.size - 1] + 1 if owners.size else np.int64(0)
    for i in range(owners.size):
        own = leaves[begins[i] : begins[i + 1]]
        positions = _positions(buffers, segment, document, NAMES, own, most, most)
        if positions.size:
            keys = _with_leaf(keys, positions, size, owners[i])
    found = np.empty((keys.size, 2), np.int64)
    for i in range(keys.size):
        found[i, 0], found[i, 1] = keys[i] // size, keys[i] % size
    return found


@part
def note_names(buffers, segment, document, leaves, begins, owners, most, named):
    """Write to `named` (bool[leaves]) which leaves match in the names of a document."""
    for i in range(owners.size):
        own = leaves[begins[i] : begins[i + 1]]
        if not named[owners[i]] and _has_lists(own, segment, NAMES):
            named[owners[i]] = _positions(buffers, segment, document, NAMES, own, most, most).size > 0


@inlined
def _has_lists(leaf, segment, field):
    """Whether the first word of a leaf, and so perhaps the leaf, stands anywhere in a field of a segment."""
    place = _place(leaf, 0, segment, field)
    return leaf[place] < leaf[place + 1]


@part
def matches_of(buffers, segment, document, layouts, end, outline, leaves, begins, owners, most):
    """The matches of `find_matches`, given an `outline` whose layout ends before `end`."""
    words, size = outline[0], owners[owners.size - 1] + 1 if owners.size else np.int64(0)
    heading, text = np.int64(1), 1 + words.size // 2
    titles = _keys(buffers, segment, document, TITLE, words[:heading], leaves, begins, owners, size, most)
    headed = _keys(buffers, segment, document, HEADINGS, words[heading:text], leaves, begins, owners, size, most)
    body = _keys(buffers, segment, document, BODY, words[text:], leaves, begins, owners, size, most)
    found = np.empty((titles.size + headed.size + body.size, MATCH_WIDTH), np.int64)
    behind = titles.size + headed.size
    _place_keys(titles, size, words[:heading], np.int64(0), found[: titles.size])
    _place_keys(headed, size, words[heading:text], words[:heading].sum(), found[titles.size : behind])
    _place_keys(body, size, words[text:], words[:text].sum(), found[behind:])
    locate_spans(layouts, outline[4], end, words, found[:, 1:3])
    return found[: titles.size], found[titles.size : behind], found[behind:]


@part
def _keys(buffers, segment, document, field, words, leaves, begins, owners, size, most):
    """int64[n]: the matches in a field whose texts have so many `words`, each position * `size` + leaf, ascending."""
    keys, count = np.empty(0, np.int64), words.sum()
    for i in range(owners.size):
        own = leaves[begins[i] : begins[i + 1]]
        if not _has_lists(own, segment, field):
            continue
        positions = _positions(buffers, segment, document, field, own, most, count)
        if positions.size:
            keys = _with_leaf(keys, positions, size, owners[i])
    return keys


@part
def _positions(buffers, segment, document, field, leaf, most, count):
    """int32[n]: where a leaf stands in a field that has `count` words, ascending."""
    buffer = uint8s(buffers, segment * BUFFERS + field)
    if leaf[_SLOP] < 0:
        return _of_word(buffer, document, leaf, _place(leaf, 0, segment, field), most, count)
    words = leaf[_WORDS]
    positions, ends = np.empty(words * most, np.int32), np.empty(words, np.int64)
    size = np.int64(0)
    for word in range(words):
        found = _of_word(buffer, document, leaf, _place(leaf, word, segment, field), most, count)
        if not found.size:
            return found
        positions[size : size + found.size] = found
        size += found.size
        ends[word] = size
    cursors = np.zeros(words, np.int64)
    cursors[1:] = ends[:-1]
    places = np.empty((ends[0], words), np.int64)
    offsets = leaf[_OFFSETS : _OFFSETS + words]
    size = phrase_occurrences(positions, cursors, ends, offsets, leaf[_SLOP], _ENOUGH, places)
    merged = np.empty(0, np.int32)
    for word in range(words):
        merged = _united(merged, places[:size, word])
    return merged


@inlined
def _place(leaf, word, segment, field):
    """Where in a leaf the place of a word's first row for a segment and field stands."""
    return _OFFSETS + leaf[_WORDS] + word * leaf[_LISTS] + segment * len(FIELDS) + field


@part
def _of_word(buffer, document, leaf, place, most, count):
    """int32[n]: the positions of a word's terms in a document, ascending."""
    positions = np.empty(0, np.int32)
    row = leaf[place]
    while row < leaf[place + 1]:
        own = np.empty(min(most, count), np.int32)
        found = locate_positions(buffer, leaf[row], leaf[row + 2], leaf[row + 3], document, own)
        if found < 0:
            raise OperationalError(_DAMAGED_LIST)
        if found:
            positions = _united(positions, own[:found])
        row += 4
    return positions


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
def _with_leaf(keys, positions, leaves, leaf):
    """int64[n]: the keys of matches, ascending by position and leaf, with those of one more leaf."""
    merged = np.empty(keys.size + positions.size, np.int64)
    size, i = 0, 0
    for position in positions:
        key = np.int64(position) * leaves + leaf
        while i < keys.size and keys[i] < key:
            merged[size] = keys[i]
            size, i = size + 1, i + 1
        if i < keys.size and keys[i] == key:
            i += 1
        merged[size] = key
        size += 1
    rest = keys.size - i
    merged[size : size + rest] = keys[i:]
    return merged[: size + rest]


@part
def _place_keys(keys, leaves, words, token, found):
    """Write to `found` (int64[keys, MATCH_WIDTH]) the text and the leaf of each match in a field whose texts have so
    many `words`, and its word, counted through all fields from `token` on, in the place of its characters.

    As in inversion there is a gap before every text but those before which the field has no word.
    """
    text, first_word, first_position, total = np.int64(0), np.int64(0), np.int64(0), words.sum()
    for i in range(keys.size):
        position = keys[i] // leaves
        while text + 1 < words.size:
            following = first_position + words[text] + (POSITION_GAP if first_word + words[text] > 0 else 0)
            if following > position:
                break
            first_position, first_word = following, first_word + words[text]
            text += 1
        word = first_word + position - first_position
        if word >= total:
            raise OperationalError(_DAMAGED_LAYOUT)
        found[i, 0], found[i, 1], found[i, 3] = text, token + word, keys[i] % leaves
