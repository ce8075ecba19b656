"""The spellings and forms of a word that an index has.

What is closed here is hyphenated or apart there, British here and American there; and teeth are a tooth, though no
stemmer says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from harbor_search import query
from harbor_search.analysis import Analyzer
from harbor_search.analysis.compounds import has_preposition, spellings, splits
from harbor_search.analysis.tokenizer import tokenize
from harbor_search.analysis.variants import variants
from harbor_search.engines.analysed_query import (
    Leaf,
    Phrase,
    Spellings,
    Term,
    analysed_words,
    in_other_languages,
    joined_nodes,
)

__all__ = ["Collection", "WordForms"]

_LEAST_LIFT = 0.05
"""How much more often two words must stand beside each other than if every article that has both had them so by chance
alone, for the closed word to be taken for theirs. On a collection of 5,486 health articles nearly all pairs above it
are compounds, and half of those below are not ("man aged 40" is not to manage)."""

_LEAST_LIFT_OF_PREPOSITIONS = 2.0
"""The same where one of them is a preposition that stands anywhere: "act in" is no actin, and "in formation" tells
nothing. Where they are in most articles, as in English texts, none can reach it and none is looked for."""

_RAREST = 20
"""Times that the closed word may be more frequent: a pair that is rarer still is a slip or a broken line."""

_MOST_SPLITS = 2
"""Pairs of words that one closed word is taken for; more than one is rare ("headache")."""

_MOST_KNOWN = 16_384
"""Words whose spellings are remembered: readers share most of theirs."""


class Collection(Protocol):
    """What is asked of an index."""

    def document_frequency(self, leaf: Term | Phrase) -> int:
        """How many documents have a term or phrase, as far as one field tells."""

    def may_have(self, terms: Sequence[Term]) -> list[bool]:
        """Which of some terms, all for the same field, are not told at a glance to be in no document."""

    @property
    def articles(self) -> int:
        """How many articles there are."""


class WordForms:
    """Looks up the spellings of words in one snapshot, once for each word."""

    def __init__(self, collection: Collection, analyzer: Analyzer) -> None:
        self._collection = collection
        self._analyzer = analyzer
        self._known: dict[tuple[query.Term, tuple[str, ...]], Leaf | None] = {}

    def __call__(self, word: query.Term, joined: tuple[str, ...]) -> Leaf | None:
        """The leaf for a word that may make those `joined` with its neighbours in the query.

        It is a plain term or phrase where no other spelling is in the index.
        """
        try:
            return self._known[word, joined]
        except KeyError:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[word, joined] = self._look_up(word, joined)
            return found

    def are_joined(self, first: query.Node, second: query.Node) -> bool:
        """Whether two neighbours in a query are one word in another spelling, which the index has."""
        word = joined_nodes(first, second)
        leaf = analysed_words(word, None, 0, self._analyzer) if word else None
        return leaf is not None and self._collection.document_frequency(leaf) > 0

    def _look_up(self, word: query.Term, joined: tuple[str, ...]) -> Leaf | None:
        asked = analysed_words(word.text, word.field, 0, self._analyzer)
        if asked is None:
            return None
        varied = self._variants(word)
        others = dict.fromkeys(
            [*self._in_other_languages(word), *varied, *self._joined_or_apart(word, joined), *self._split(word, asked)]
        )
        if varied and not self._collection.document_frequency(asked):
            asked = varied[0]  # nothing is spelt as it was typed, so that it is no better
        others.pop(asked, None)
        return Spellings(asked, tuple(others)) if others else asked

    def _in_other_languages(self, word: query.Term) -> Iterator[Term | Phrase]:
        for leaf in in_other_languages(word.text, word.field, 0, self._analyzer):
            if self._collection.document_frequency(leaf):
                yield leaf

    def _variants(self, word: query.Term) -> list[Term | Phrase]:
        """The word in British or American spelling, and its irregular forms."""
        found = []
        for text in variants(word.text.lower(), self._analyzer.name):
            leaf = analysed_words(text, word.field, 0, self._analyzer)
            if leaf is not None and self._collection.document_frequency(leaf):
                found.append(leaf)
        return found

    def _joined_or_apart(self, word: query.Term, joined: tuple[str, ...]) -> Iterator[Term | Phrase]:
        for text in (*spellings(word.text), *joined):
            leaf = analysed_words(text, word.field, 0, self._analyzer)
            if leaf is not None and self._collection.document_frequency(leaf):
                yield leaf

    def _split(self, word: query.Term, asked: Term | Phrase) -> list[Phrase]:
        """The likeliest pairs of words that a closed word is, where the collection has them side by side."""
        tokens = [token.text for token in tokenize(word.text)]
        found = []
        for pair in self._likely_pairs(tokens[0], word.field) if len(tokens) == 1 else ():
            leaf = self._pair(pair, word.field)
            least = _LEAST_LIFT_OF_PREPOSITIONS if has_preposition(pair) else _LEAST_LIFT
            if leaf is not None and (lift := self._lift(leaf, asked, least)) >= least:
                found.append((lift, leaf))
        found.sort(key=lambda each: -each[0])
        return [leaf for _, leaf in found[:_MOST_SPLITS]]

    def _likely_pairs(self, word: str, field: str | None) -> list[tuple[str, str]]:
        """The pairs of words that a closed word may be made of, but for most of those that the index lacks one of."""
        pairs = list(splits(word))
        if not pairs or not word.isascii():
            return pairs
        # All at once: of a dozen pairs hardly one is of words. Letters are a token as they are.
        halves = list(dict.fromkeys(half for pair in pairs for half in pair))
        terms = [Term(text.encode(), field) for text in self._analyzer.terms(halves)]
        had = {half for half, there in zip(halves, self._collection.may_have(terms), strict=True) if there}
        return [pair for pair in pairs if had.issuperset(pair)]

    def _pair(self, pair: tuple[str, str], field: str | None) -> Phrase | None:
        """Two words side by side; None where the index lacks one of them, as it mostly does."""
        for each in pair:
            term = analysed_words(each, field, 0, self._analyzer)
            if term is None or not self._collection.document_frequency(term):
                return None
        phrase = analysed_words(" ".join(pair), field, 0, self._analyzer)
        return phrase if isinstance(phrase, Phrase) else None

    def _lift(self, pair: Phrase, closed: Term | Phrase, least: float) -> float:
        """The lift of a pair; 0 where it cannot be `least` or is too rare beside the closed word."""
        frequency = self._collection.document_frequency
        first, second = (frequency(Term(term, pair.field)) for term in pair.terms)
        expected = first * second / self._collection.articles
        needed = max(least * expected, frequency(closed) / _RAREST)
        if min(first, second) < needed:  # they cannot be neighbours more often than the rarer one is there
            return 0.0
        together = frequency(pair)
        return together / expected if together >= needed else 0.0
