"""Queries of plain words and phrases with and without signs, read in one go.

Most of what readers type and nearly all that programs send is of this kind. The general parser gives the same trees, a
dozen times slower; a test holds the two together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from harbor_search.analysis.stopwords import QUALIFIERS, STOP_WORDS
from harbor_search.query.nodes import Boolean, Everything, Node, Phrase, Term

__all__ = ["parse_plain"]

# Words in lower case but for their first letter: what is all in capitals may be an operator or an acronym.
_PLAIN = re.compile(r' *+(?:[+-]?+(?:[A-Z]?+[a-z0-9]++|"[a-z0-9]++(?: [a-z0-9]++)*+")(?: ++|$))++')
_PARTS = re.compile(r'([+-]?)(?:"([^"]+)"|([^ "+-]+))')
_ALTERNATIVES = re.compile(r"[a-z0-9]++(?: OR [a-z0-9]++)++")

_term = lru_cache(maxsize=65_536)(Term)
"""Words and phrases are made once: readers share most of them, and an engine finds again what it met before."""
_phrase = lru_cache(maxsize=65_536)(Phrase)

Plain = tuple[Node, tuple[str, ...]]

_Part = tuple[str, str, str]
"""A sign or none, and a phrase or a word."""


def parse_plain(text: str, *, most_words: int, strict: bool) -> Plain | None:
    """The tree of `text` and the words that were left out of it; None where it takes the general parser to say.

    That is so for anything but plain words and phrases, and for more than `most_words` words.
    """
    if text.count(" ") >= most_words:  # words stand apart: there may be too many
        return None
    if _PLAIN.fullmatch(text):
        parts: list[_Part] = _PARTS.findall(text)
        stopped = [word for sign, _, word in parts if not sign and word.lower() in STOP_WORDS]
        if not stopped:
            return _tree(parts, strict), ()
        if min(map(len, stopped)) == 1:  # "vitamin a": whether that is an article takes a closer look
            return None
        if not any(map(_is_subject, parts)):
            return _tree(parts, strict), ()
        kept = [part for part in parts if part[0] or part[2].lower() not in STOP_WORDS]
        dropped: dict[str, str] = {}
        for word in stopped:
            dropped.setdefault(word.lower(), word)
        return _tree(kept, strict), tuple(dropped.values())
    if _ALTERNATIVES.fullmatch(text):
        return Boolean((), tuple([_term(word) for word in text.split(" OR ")]), (), 1), ()
    return None


def _is_subject(part: _Part) -> bool:
    """Whether articles could be about what a word or phrase asks for."""
    sign, phrase, word = part
    return sign != "-" and (phrase != "" or (word.lower() not in STOP_WORDS and word.lower() not in QUALIFIERS))


def _tree(parts: list[_Part], strict: bool) -> Node:
    """As `simplify.clauses`, of nodes that are all leaves."""
    must: list[Node] = []
    should: list[Node] = []
    must_not: list[Node] = []
    for sign, phrase, word in parts:
        node = _term(word) if word else _phrase(phrase)
        if sign == "-":
            must_not.append(node)
        elif sign or strict:
            must.append(node)
        else:
            should.append(node)
    if not must:
        if len(should) == 1:
            must, should = should, must
        elif not should:
            must = [Everything()]
    if len(must) == 1 and not should and not must_not:
        return must[0]
    return Boolean(tuple(must), tuple(should), tuple(must_not), 0 if must else 1)
