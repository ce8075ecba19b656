"""Queries of plain words and phrases with and without signs, read in one go.

Most of what readers type and nearly all that programs send is of this kind. The general parser gives the same trees, a
dozen times slower; a test holds the two together. An engine that knows the pieces of such a query needs no tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from harbor_search.analysis.stopwords import ENGLISH, StopWords
from harbor_search.query.nodes import Boolean, Everything, Filter, Node, Phrase, Term

__all__ = ["ALTERNATIVES", "REQUIRED", "WANTED", "Piece", "PlainQuery", "Query", "read_plain", "starts_from_all"]
__all__ += ["is_letter", "tree_of"]

# The marks that end a clause belong to no word. Letters are those of English and of the words it borrowed.
_LETTERS = r"A-Za-z0-9\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u00FF\u0152\u0153"
_WORD = re.compile(rf"([+-]?+)([{_LETTERS}]++(?:['-][{_LETTERS}]++)*+)[,;.?!]*+")
_PHRASE = re.compile(r'[+-]?+"[a-z0-9]++(?: [a-z0-9]++)*+"')
_PLAIN = re.compile(rf" *+(?:(?:[+-]?+[A-Z]?+[a-z0-9]++|{_PHRASE.pattern})(?: ++|$))++")
_PARTS = re.compile(r'[+-]?"[^"]+"|[^ "]+')
_ALTERNATIVE = re.compile(r"[a-z0-9]++")

_OPERATORS = frozenset({"AND", "OR", "NOT"})

_MARKS = ",;.?!"

_LETTERED = (
    "vitamin",
    "vitamín",
    "витамин",
    "βιταμίν",
    "hepatit",
    "hépatit",
    "epatit",
    "gepatit",
    "гепатит",
    "ηπατίτιδα",
)
"""Beginnings of the words that a letter most often belongs to."""

_KEPT = 16_384
"""Pieces that are remembered: readers share most of their words, and an engine finds again what it met before."""

_LONGEST = 1_000
"""Characters of a piece that is plain: what is remembered takes some tens of megabytes at most."""

_new = tuple.__new__
"""A named tuple's own way to be made takes longer."""


WANTED, REQUIRED, ALTERNATIVES = range(3)
"""What pieces without signs are: wanted, required, or the alternatives of a query joined by OR."""


NAME, LETTER = "name", "letter"
"""What a stop word may be in its place: an acronym ("WHO"), or part of the word before it ("vitamin A")."""


class Piece:
    """A word or phrase with its sign. There is one of each, found by what it is and not by what it holds.

    `stops` says that it is a bare stop word, `subject` that articles could be about it.
    """

    __slots__ = ("node", "sign", "stops", "subject")

    def __init__(self, sign: str, node: Term | Phrase, stop: StopWords, role: str = "") -> None:
        """`role` is that of a stop word which is a NAME or a LETTER of the word before it."""
        word = node.text.lower()
        self.sign = sign
        self.node = node
        self.stops = not sign and not role and word in stop.words and isinstance(node, Term)
        said = isinstance(node, Phrase) or role == NAME or (word not in stop.words and word not in stop.qualifiers)
        self.subject = said and sign != "-"


class _Known:
    """The pieces that were met before, in one language: words alone are alternatives apart, as they may be anything."""

    __slots__ = ("alternatives", "letters", "pieces", "placed", "stop")

    def __init__(self, stop: StopWords) -> None:
        self.stop = stop
        self.letters = frozenset(word for word in stop.words if len(word) == 1)
        self.placed = self.letters if stop is not ENGLISH else frozenset()  # those that may be a name in their place
        self.pieces: dict[str, Piece] = {}
        self.alternatives: dict[str, Piece] = {}


_languages: dict[str, _Known] = {}


class PlainQuery(NamedTuple):
    """A query as its pieces and the way to read them: WANTED, REQUIRED or ALTERNATIVES."""

    pieces: tuple[Piece, ...]
    reading: int

    def tree(self) -> tuple[Node, tuple[str, ...]]:
        """The tree and the stop words that were left out of it; as `simplify.clauses`, of nodes that are all leaves.

        Stop words are left out where anything else is said.
        """
        pieces, reading = self
        if reading == ALTERNATIVES:
            return Boolean((), tuple(piece.node for piece in pieces), (), 1), ()
        dropped: dict[str, str] = {}
        if any(piece.subject for piece in pieces):
            for piece in pieces:
                if piece.stops:
                    dropped.setdefault(piece.node.text.lower(), piece.node.text)
            pieces = tuple(piece for piece in pieces if not piece.stops)
        must: list[Node] = []
        should: list[Node] = []
        must_not: list[Node] = []
        bare = must if reading == REQUIRED else should
        for piece in pieces:
            {"": bare, "+": must, "-": must_not}[piece.sign].append(piece.node)
        if not must:
            if len(should) == 1:
                must, should = should, must
            elif not should:
                must = [Everything()]
        if len(must) == 1 and not should and not must_not:
            return must[0], tuple(dropped.values())
        return Boolean(tuple(must), tuple(should), tuple(must_not), 0 if must else 1), tuple(dropped.values())

    def dropped(self) -> tuple[str, ...]:
        """The stop words that its tree leaves out."""
        for piece in self.pieces:
            if piece.stops:
                return self.tree()[1]
        return ()


Query = Node | PlainQuery
"""What an engine is asked: a tree, or a plain query, which has one."""


def tree_of(query: Query) -> Node:
    """The tree of a query."""
    return query.tree()[0] if isinstance(query, PlainQuery) else query


def starts_from_all(query: Query) -> bool:
    """Whether a query starts from all articles: nothing is asked for, or only words to leave out and filters."""
    if isinstance(query, PlainQuery):
        return query.pieces[0].sign == "-" and all(piece.sign == "-" for piece in query.pieces)
    if isinstance(query, Boolean) and not query.should:
        return all(isinstance(each, Everything | Filter) for each in query.must)
    return isinstance(query, Everything | Filter) or (isinstance(query, Boolean) and Everything() in query.must)


def read_plain(text: str, *, most_words: int, strict: bool, stop: StopWords = ENGLISH) -> PlainQuery | None:
    """The pieces of `text`; None where it takes the general parser to say.

    That is so for anything but plain words and phrases, and for more than `most_words` words.
    """
    if len(text) > 2 * most_words and text.count(" ") >= most_words:  # words stand apart: there may be too many
        return None
    reading = REQUIRED if strict else WANTED
    known = _languages.get(stop.language) or _languages.setdefault(stop.language, _Known(stop))
    pieces_of = known.pieces
    try:
        if '"' in text:
            parts = [text] if text in pieces_of else _parts(text)
            pieces = tuple(map(pieces_of.__getitem__, parts))
        elif " OR " in text:
            parts, reading = text.split(" OR "), ALTERNATIVES
            pieces = tuple(map(known.alternatives.__getitem__, parts))
        else:
            parts = text.split()
            if parts and parts[-1][0].lower() in known.letters and not parts[-1].rstrip(_MARKS)[1:]:
                pieces = _in_context(parts, known)  # it may belong to the word before it: "vitamin a"
            else:
                pieces = tuple(map(pieces_of.__getitem__, parts))
    except KeyError:
        alternatives = reading == ALTERNATIVES
        pieces = _learn(parts, known, _alternative if alternatives else _piece)
        if not alternatives and not pieces:
            pieces = _in_context(parts, known)
    most = len(pieces) + text.count("-") + text.count("'")  # what the analyzer splits counts for several words
    return _new(PlainQuery, (pieces, reading)) if pieces and most <= most_words else None


def _parts(text: str) -> list[str]:
    """What stands between spaces, phrases in one; nothing where anything but plain words and phrases does."""
    return _PARTS.findall(text) if _PLAIN.fullmatch(text) else []


def _learn(parts: Sequence[str], known: _Known, piece_of: Callable[[str, _Known], Piece | None]) -> tuple[Piece, ...]:
    """The pieces of which some were not met before; none where any is not plain."""
    pieces = []
    for part in parts:
        piece = piece_of(part, known) if len(part) <= _LONGEST else None
        if piece is None:
            return ()
        pieces.append(piece)
    return tuple(pieces)


def _in_context(parts: Sequence[str], known: _Known) -> tuple[Piece, ...]:
    """The pieces of words of which some look like stop words and may be names: "WHO" and "A" in "WHO on vitamin A".

    None where any part is no bare word, or an operator.
    """
    found = [_WORD.fullmatch(part) if len(part) <= _LONGEST else None for part in parts]
    words = [match[2] for match in found if match and not match[1] and match[2] not in _OPERATORS]
    if len(words) < len(parts):
        return ()
    named = any(map(str.islower, words))
    return tuple(_placed(words, index, known, named=named) for index in range(len(words)))


def _placed(words: Sequence[str], index: int, known: _Known, *, named: bool) -> Piece:
    """The piece of a word among the others; `named` says that what is in capitals among them is a name."""
    word = words[index]
    stop = known.stop
    if word.lower() not in stop.words:
        return _kept(known.pieces, word, Piece("", Term(word), stop))
    follows = index > 0 and words[index - 1].lower() not in stop.words
    if named and len(word) > 1 and word.isupper():
        role = NAME
    elif follows and len(word) == 1 and (is_letter(word, words[index - 1], stop) or index == len(words) - 1):
        role = LETTER
    else:
        role = ""
    # No part has a space, so that none finds what depends on its place.
    return _kept(known.pieces, f"{role} {word}", Piece("", Term(word), stop, role))


def _piece(text: str, known: _Known) -> Piece | None:
    """A piece of a query between spaces; None where it is no plain word or phrase, or takes a closer look."""
    if text.endswith('"'):
        if not _PHRASE.fullmatch(text):
            return None
        sign = text[0] if text[0] != '"' else ""
        return _kept(known.pieces, text, Piece(sign, Phrase(text[len(sign) + 1 : -1]), known.stop))
    found = _WORD.fullmatch(text)
    if found is None or found[2] in known.placed or (found[2].isupper() and _is_said(found[2], known.stop)):
        return None
    return _kept(known.pieces, text, Piece(found[1], Term(found[2]), known.stop))


def is_letter(word: str, before: str, stop: StopWords) -> bool:
    """Whether a stop word of one letter belongs to the word before it.

    By its capital, as in "vitamin A"; "I" is a word. In other languages, which have more such words, also by that word:
    "vitamine d chez le bébé". In English that may be an article ("a vitamin a day").
    """
    return (word.isupper() and word != "I") or (stop is not ENGLISH and before.lower().startswith(_LETTERED))


def _is_said(word: str, stop: StopWords) -> bool:
    """Whether a word in capitals may be an operator or looks like a stop word."""
    return word in _OPERATORS or (word.lower() in stop.words and word != "I")


def _alternative(word: str, known: _Known) -> Piece | None:
    return _kept(known.alternatives, word, Piece("", Term(word), known.stop)) if _ALTERNATIVE.fullmatch(word) else None


def _kept(pieces: dict[str, Piece], text: str, made: Piece) -> Piece:
    """The piece of this text that is there, else the one that was made now."""
    if text not in pieces and len(pieces) >= _KEPT:
        pieces.clear()
    return pieces.setdefault(text, made)
