"""Queries of plain words and phrases with and without signs, read in one go.

Most of what readers type and nearly all that programs send is of this kind. The general parser gives the same trees, a
dozen times slower; a test holds the two together.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from harbor_search.analysis.stopwords import QUALIFIERS, STOP_WORDS
from harbor_search.query.nodes import Boolean, Everything, Node, Phrase, Term

__all__ = ["parse_plain"]

# Words in lower case but for their first letter: what is all in capitals may be an operator or an acronym.
_WORD = re.compile(r"([+-]?+)([A-Z]?+[a-z0-9]++)")
_PLAIN = re.compile(r' *+(?:[+-]?+(?:[A-Z]?+[a-z0-9]++|"[a-z0-9]++(?: [a-z0-9]++)*+")(?: ++|$))++')
_PARTS = re.compile(r'[+-]?"[^"]+"|[^ "]+')
_ALTERNATIVES = re.compile(r"[a-z0-9]++(?: OR [a-z0-9]++)++")

_KEPT = 65_536
"""Pieces that are remembered: readers share most of their words, and an engine finds again what it met before."""

Plain = tuple[Node, tuple[str, ...]]


_STOPS = "?"
"""In place of the sign that it lacks, a bare stop word has this one."""


class _Piece(NamedTuple):
    """A word or phrase with its sign."""

    sign: str
    node: Term | Phrase


def parse_plain(text: str, *, most_words: int, strict: bool) -> Plain | None:
    """The tree of `text` and the words that were left out of it; None where it takes the general parser to say.

    That is so for anything but plain words and phrases, and for more than `most_words` words.
    """
    if text.count(" ") >= most_words:  # words stand apart: there may be too many
        return None
    if '"' in text:
        if not _PLAIN.fullmatch(text):
            return None
        pieces = list(map(_piece, _PARTS.findall(text)))
    elif " OR " in text:
        if not _ALTERNATIVES.fullmatch(text):
            return None
        return Boolean((), tuple(map(_term, text.split(" OR "))), (), 1), ()
    else:
        pieces = list(map(_piece, text.split()))
    return _read(pieces, strict) if 0 < len(pieces) <= most_words else None


@lru_cache(maxsize=_KEPT)
def _piece(text: str) -> _Piece | None:
    """A piece of a query between spaces; None where it is no plain word or phrase."""
    if text.endswith('"'):
        sign = text[0] if text[0] != '"' else ""
        return _Piece(sign, Phrase(text[len(sign) + 1 : -1]))
    found = _WORD.fullmatch(text)
    if found is None:
        return None
    stops = not found[1] and found[2].lower() in STOP_WORDS
    return _Piece(_STOPS if stops else found[1], _term(found[2]))


_term = lru_cache(maxsize=_KEPT)(Term)


def _read(pieces: list[_Piece | None], strict: bool) -> Plain | None:
    """As `simplify.clauses`, of nodes that are all leaves."""
    must: list[Node] = []
    should: list[Node] = []
    must_not: list[Node] = []
    bare = must if strict else should
    stopped = False
    for piece in pieces:
        if piece is None:
            return None
        sign, node = piece
        if not sign:
            bare.append(node)
        elif sign == "+":
            must.append(node)
        elif sign == "-":
            must_not.append(node)
        else:
            bare.append(node)
            stopped = True
    if stopped and any(map(_is_subject, pieces)):
        return _read_without_stop_words(pieces, strict)
    if not must:
        if len(should) == 1:
            must, should = should, must
        elif not should:
            must = [Everything()]
    if len(must) == 1 and not should and not must_not:
        return must[0], ()
    return Boolean(tuple(must), tuple(should), tuple(must_not), 0 if must else 1), ()


def _read_without_stop_words(pieces: list[_Piece | None], strict: bool) -> Plain | None:
    stopped = [piece.node.text for piece in pieces if piece and piece.sign == _STOPS]
    if min(map(len, stopped)) == 1:  # "vitamin a": whether that is an article takes a closer look
        return None
    read = _read([piece for piece in pieces if piece and piece.sign != _STOPS], strict)
    if read is None:
        return None
    dropped: dict[str, str] = {}
    for word in stopped:
        dropped.setdefault(word.lower(), word)
    return read[0], tuple(dropped.values())


def _is_subject(piece: _Piece | None) -> bool:
    """Whether articles could be about what a word or phrase asks for."""
    if piece is None or piece.sign == "-":
        return False
    word = piece.node.text.lower()
    return isinstance(piece.node, Phrase) or (word not in STOP_WORDS and word not in QUALIFIERS)
