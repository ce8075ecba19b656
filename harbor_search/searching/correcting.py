"""Correcting the words of a query that no article has as they are spelt, from their context.

What may be done about a word alone is for `spelling` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from harbor_search.analysis.variants import variants
from harbor_search.engines import Vocabulary
from harbor_search.query import Term
from harbor_search.searching.query_words import QueryWord
from harbor_search.searching.term_cache import term_of
from harbor_search.spelling import Context, Correction, correct
from harbor_search.synonyms import Thesaurus

__all__ = ["correct_words"]

_LETTERS = re.compile(r"[^\W\d_]{3,}")
"""A part of a word that may be misspelt."""

_LONG_ENOUGH = 5
"""Letters of a word that is taken for another although articles have it in another form."""

_SEVERAL = 2
"""Words of which one says something about another."""

_LIKELIER = 10
"""How many times more articles must have that other word."""


def correct_words(words: Sequence[QueryWord], vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> list[Correction]:
    """What is done, or offered, about words that no article has as they are spelt; `meant` of the words is set."""
    corrections = []
    for index, word in enumerate(words):
        text = word.node.text.lower()
        if not word.kept or not isinstance(word.node, Term):
            continue
        frequency = vocabulary.frequency(text)
        if frequency and not _may_be_misspelt(text, frequency, vocabulary):
            continue
        context = _context(words, index, vocabulary)
        name = partial(_is_name, vocabulary=vocabulary, thesaurus=thesaurus)
        if text.isalpha():
            correction = _joined(words, index, vocabulary) or correct(text, context, vocabulary, name)
        else:
            correction = _correct_parts(text, context, vocabulary, name)
        if frequency and not _is_likelier(correction, frequency, vocabulary):
            continue
        if correction.meant:
            word.meant = correction.meant
        if correction.meant or correction.offered:
            corrections.append(correction)
    confirmed = any(each.plain for each in corrections) or _is_confirmed(words, vocabulary, thesaurus)
    return corrections if confirmed else _taken_back(corrections, words)


def _is_confirmed(words: Sequence[QueryWord], vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> bool:
    """Whether anything else in a query of several words says that its corrections are right: a word that articles have
    or that is part of a name, or that all its words were corrected and an article has them all. Else it may be in a
    language that we do not know.
    """
    kept = [word for word in words if word.kept]
    if len(kept) < _SEVERAL or any(_is_known(word, vocabulary, thesaurus) for word in kept):
        return True
    meant = [part for word in kept for part in word.meant[0].split()]
    return all(map(_is_changed, kept)) and vocabulary.together(meant) > 0


def _is_known(word: QueryWord, vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> bool:
    text = word.node.text.lower()
    return not isinstance(word.node, Term) or vocabulary.frequency(text) > 0 or _is_name(text, vocabulary, thesaurus)


def _is_changed(word: QueryWord) -> bool:
    return word.meant != (word.node.text,)


def _taken_back(corrections: Sequence[Correction], words: Sequence[QueryWord]) -> list[Correction]:
    """The corrections as what is offered alone, where each word of the query has one; else it would find nothing."""
    for word in words:
        word.meant = (word.node.text,)
    if len(corrections) < sum(word.kept for word in words):
        return []
    return [Correction(each.typed, (), (*each.meant, *each.offered)) for each in corrections]


def _may_be_misspelt(word: str, frequency: int, vocabulary: Vocabulary) -> bool:
    """Whether a word that a few articles have is there in another form alone, such as "migrane" of *migrans*."""
    looked_at = len(word) >= _LONG_ENOUGH and word.isascii() and word.isalpha()
    if not looked_at or frequency * _LIKELIER > vocabulary.articles:
        return False
    return not any(map(vocabulary.spelt, (word, *variants(word, vocabulary.analyzer))))


def _is_likelier(correction: Correction, frequency: int, vocabulary: Vocabulary) -> bool:
    """Whether a word that articles have in another form is rather a misspelt one."""
    meant, analyzer = correction.meant, vocabulary.analyzer
    if not meant or term_of(meant[0], analyzer) == term_of(correction.typed, analyzer):
        return False
    return vocabulary.frequency(meant[0]) >= _LIKELIER * frequency


def _context(words: Sequence[QueryWord], index: int, vocabulary: Vocabulary) -> Context:
    """The words around one of them, of those that articles have."""
    texts = [word.node.text.lower() if isinstance(word.node, Term) else "" for word in words]
    known = [each if each.isalpha() and vocabulary.frequency(each) else "" for each in texts]
    others = [each for at, each in enumerate(known) if each and at != index and words[at].kept]
    return Context(tuple(others), known[index - 1] if index else "", "".join(known[index + 1 : index + 2]))


def _correct_parts(text: str, context: Context, vocabulary: Vocabulary, is_name: Callable[[str], bool]) -> Correction:
    """A word of several parts ("parry-rombreg", "chandlr's") with the first of them corrected that no article has."""
    for found in _LETTERS.finditer(text):
        part = found[0]
        if vocabulary.frequency(part):
            continue
        correction = correct(part, context, vocabulary, is_name)
        meant, offered = (
            tuple(text[: found.start()] + each + text[found.end() :] for each in texts if " " not in each)
            for texts in (correction.meant, correction.offered)
        )
        return Correction(text, meant, offered, correction.plain)
    return Correction(text, (), ())


def _joined(words: Sequence[QueryWord], index: int, vocabulary: Vocabulary) -> Correction | None:
    """A word that was torn in two ("hemo rrhoids"): with the word after or before it, it is one that articles have."""
    for first in (index, index - 1):
        if 0 <= first < len(words) - 1:
            pair = words[first : first + 2]
            texts = [word.node.text.lower() for word in pair]
            joined = "".join(texts)
            if all(isinstance(word.node, Term) for word in pair) and joined.isalpha() and vocabulary.frequency(joined):
                (words[index + 1] if first == index else words[index - 1]).kept = False
                return Correction(" ".join(texts), (joined,), ())
    return None


def _is_name(word: str, vocabulary: Vocabulary, thesaurus: Thesaurus | None) -> bool:
    return thesaurus is not None and thesaurus.knows(term_of(word, vocabulary.analyzer))
