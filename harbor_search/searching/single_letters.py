"""Single letters that belong to the word before them: *vitamin A*, *hepatitis A*, *group A*, *type I*.

Elsewhere "a" is an article and "I" a pronoun, and says nothing. What tells is the collection: a word that is named by
letters stands before others as well, "vitamin" before B and C; "take" before none but "a".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.engines import Vocabulary
from harbor_search.query import Term
from harbor_search.searching.query_words import QueryWord

__all__ = ["keep_letters"]

_SHARE = 0.2
"""How often, beside this letter, articles must have one of its neighbours in the alphabet after the word."""


def keep_letters(words: Sequence[QueryWord], vocabulary: Vocabulary) -> bool:
    """Have letters that name searched for after their word, also where they were left out; whether there are any."""
    stop, found = all_stop_words(vocabulary.analyzer).words, False
    for word, letter in pairwise(words):
        if _is_letter(letter, stop) and _may_be_named(word) and _are_name(word.node.text, letter.node.text, vocabulary):
            letter.kept, letter.follows, found = True, word.node.text, True
    return found


def _may_be_named(word: QueryWord) -> bool:
    return word.kept and isinstance(word.node, Term) and word.meant == (word.node.text,) and len(word.node.text) > 1


def _is_letter(word: QueryWord, stop: Set[str]) -> bool:
    """Whether it is one that is a function word elsewhere; others are searched as words."""
    return isinstance(word.node, Term) and len(word.node.text) == 1 and word.node.text.lower() in stop


def _are_name(word: str, letter: str, vocabulary: Vocabulary) -> bool:
    word, letter = word.lower(), letter.lower()
    named = vocabulary.adjacent((word, letter))
    return named > 0 and any(vocabulary.adjacent((word, each)) >= _SHARE * named for each in _neighbours(letter))


def _neighbours(letter: str) -> Iterator[str]:
    if letter == "i":
        yield "ii"
    for step in (1, -1, 2, -2):
        other = chr(ord(letter) + step)
        if other.isalpha():
            yield other
