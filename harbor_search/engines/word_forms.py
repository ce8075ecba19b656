"""The spellings and forms of a word that an index has.

What is closed here is hyphenated or apart there, British here and American there; and teeth are a tooth, though no
stemmer says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeVar

from harbor_search import query
from harbor_search.analysis import Analyzer
from harbor_search.analysis.compounds import has_preposition, spellings, splits
from harbor_search.analysis.known_terms import known_terms
from harbor_search.analysis.tokenizer import tokenize
from harbor_search.analysis.variants import variants
from harbor_search.engines.analysed_query import analysed_words, closed_texts, closed_words, in_other_languages
from harbor_search.engines.clauses import Leaf, Phrase, Spellings, Term
from harbor_search.engines.compound_parts import likeliest_parts, near_each_other, pairs_of_parts

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

_LONGEST_KNOWN = 80
"""Characters of such a word; what is longer is no word of a language, and may be as long as a query."""

_Key = TypeVar("_Key")

_Value = TypeVar("_Value")


class Collection(Protocol):
    """What is asked of an index."""

    def document_frequency(self, leaf: Term | Phrase) -> int:
        """How many documents have a term or phrase, as far as one field tells."""

    def may_have(self, terms: Sequence[bytes], field: str | None) -> list[bool]:
        """Which of some terms of a field are not told at a glance to be in no document."""

    @property
    def articles(self) -> int:
        """How many articles there are."""


class _Alone(NamedTuple):
    """What a word is whatever stands beside it: as it was asked for, in other spellings, as two words, and as the parts
    of a German compound."""

    asked: Term | Phrase
    others: tuple[Term | Phrase, ...]
    splits: tuple[Phrase, ...]
    parts: tuple[Phrase, ...]


class WordForms:
    """Looks up the spellings of words in one snapshot, once for each word."""

    def __init__(self, collection: Collection, analyzer: Analyzer) -> None:
        self._collection = collection
        self._analyzer = analyzer
        self._words: dict[query.Term, _Alone | None] = {}
        self._joined: dict[tuple[str, str | None], Term | Phrase | None] = {}
        self._between: dict[tuple[str, str | None, str, str], Leaf | None] = {}

    def __call__(self, word: query.Term, before: str = "", after: str = "") -> Leaf | None:
        """The leaf for a word between those before and after it in the query (empty: none), which it may make one
        with.

        It is a plain term or phrase where no other spelling is in the index.
        """
        between = word.text, word.field, before, after
        try:
            return self._between[between]
        except KeyError:
            found = self._leaf(word, before, after)
            _keep(self._between, between, found, max(word.text, before, after, key=len))
            return found

    def _leaf(self, word: query.Term, before: str, after: str) -> Leaf | None:
        alone = self._alone(word)
        if alone is None:
            return None
        asked, others, splits, parts = alone
        pairs = [(before, word.text)] * bool(before) + [(word.text, after)] * bool(after)
        joined = [closed for pair in pairs for closed in closed_texts(*pair, self._analyzer)]
        found = [leaf for text in joined if (leaf := self._as_one(text, word.field)) is not None]
        if not (others or found or splits or parts):
            return asked
        every = dict.fromkeys((*others, *found, *splits))
        every.pop(asked, None)
        apart = tuple(part for part in parts if part not in every)
        return Spellings(asked, tuple(every), apart) if every or apart else asked

    def prefetch(self, *queries: Sequence[query.Term]) -> None:
        """Find out which of the texts that words of some queries may be in other spellings the index has: all at once.

        Most that two words would make as one are in no document, and nothing more is asked about them.
        """
        words = dict.fromkeys(word for each in queries for word in each)
        new = [word for word in words if word not in self._words and len(word.text) <= _LONGEST_KNOWN]
        pairs = dict.fromkeys(pair for each in queries for pair in pairwise(each))
        closed = {(text, pair[0].field) for pair in pairs for text in closed_words(*pair, self._analyzer)}
        joined = [each for each in closed if each not in self._joined]
        for field in {*(word.field for word in new), *(field for _, field in joined)}:
            asked = [word.text for word in new if word.field == field]
            varied = [text for word in asked for text in variants(word.lower(), self._analyzer.name)]
            tokens = [token.text for text in (*asked, *varied) for token in tokenize(text)]
            beginnings = [first for word in asked if word.isascii() for first, _ in splits(word.lower())]
            self._look_up_joined([text for text, own in joined if own == field], [*tokens, *beginnings], field)

    def _look_up_joined(self, joined: Sequence[str], others: Sequence[str], field: str | None) -> None:
        """Ask for words that two others make, and for other texts; those that the index has not are no words."""
        # Letters and digits are a token as they are.
        plain = [text for text in joined if text.isascii() and text.isalnum()]
        rest = [token.text for text in joined if not text.isascii() for token in tokenize(text)]
        there = self._collection.may_have(self._terms([*plain, *rest, *others]), field)
        if not self._analyzer.others:
            for text, had in zip(plain, there, strict=False):
                if not had:
                    _keep(self._joined, (text, field), None, text)

    def _terms(self, texts: Sequence[str]) -> list[bytes]:
        """The terms of texts that are one token each."""
        return [
            text.encode("utf-8", "surrogatepass")
            for text in known_terms(list(dict.fromkeys(texts)), self._analyzer.name)
        ]

    def are_joined(self, first: query.Node, second: query.Node) -> bool:
        """Whether two neighbours in a query are one word in another spelling, which the index has."""
        return any(self._as_one(word, None) is not None for word in closed_words(first, second, self._analyzer))

    def _as_one(self, text: str, field: str | None) -> Term | Phrase | None:
        """Two words as one, where the index has that."""
        try:
            return self._joined[text, field]
        except KeyError:
            leaf = self._had(text, field)
            if leaf is None:
                leaf = next(self._in_other_languages(query.Term(text, field)), None)
            _keep(self._joined, (text, field), leaf, text)
            return leaf

    def _alone(self, word: query.Term) -> _Alone | None:
        try:
            return self._words[word]
        except KeyError:
            found = self._look_up(word)
            _keep(self._words, word, found, word.text)
            return found

    def _look_up(self, word: query.Term) -> _Alone | None:
        asked = analysed_words(word.text, word.field, 0, self._analyzer)
        if asked is None:
            return None
        varied = self._variants(word)
        others = (*self._in_other_languages(word), *varied, *self._apart(word))
        splits, parts = tuple(self._split(word, asked)), tuple(self._parts(word, asked))
        if varied and not self._collection.document_frequency(asked):
            asked = varied[0]  # nothing is spelt as it was typed, so that it is no better
        return _Alone(asked, others, splits, parts)

    def _had(self, text: str, field: str | None) -> Term | Phrase | None:
        """The leaf for a text, where the index has it."""
        leaf = analysed_words(text, field, 0, self._analyzer)
        return leaf if leaf is not None and self._collection.document_frequency(leaf) else None

    def _in_other_languages(self, word: query.Term) -> Iterator[Term | Phrase]:
        for leaf in in_other_languages(word.text, word.field, 0, self._analyzer):
            if self._collection.document_frequency(leaf):
                yield leaf

    def _variants(self, word: query.Term) -> list[Term | Phrase]:
        """The word in British or American spelling, and its irregular forms."""
        texts = variants(word.text.lower(), self._analyzer.name)
        return [leaf for text in texts if (leaf := self._had(text, word.field)) is not None]

    def _apart(self, word: query.Term) -> list[Term | Phrase]:
        """The word with its parts joined or apart."""
        return [leaf for text in spellings(word.text) if (leaf := self._had(text, word.field)) is not None]

    def _parts(self, word: query.Term, asked: Term | Phrase) -> list[Phrase]:
        """The parts of a German compound, where articles have them near each other."""
        pairs = pairs_of_parts(word, self._analyzer)
        frequency = self._collection.document_frequency
        pair = likeliest_parts(pairs, frequency(asked), frequency) if pairs else None
        return [leaf for leaf in near_each_other(pair) if frequency(leaf)] if pair else []

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
        # All at once: of a dozen beginnings hardly one is a word. Letters are a token as they are.
        for half in (0, 1):
            had = self._collection.may_have(self._terms([pair[half] for pair in pairs]), field)
            pairs = [pair for pair, there in zip(pairs, had, strict=True) if there]
        return pairs

    def _pair(self, pair: tuple[str, str], field: str | None) -> Phrase | None:
        """Two words side by side; None where the index lacks one of them, as it mostly does."""
        if not all(self._had(each, field) for each in pair):
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


def _keep(known: dict[_Key, _Value], key: _Key, value: _Value, text: str) -> None:
    """Remember what was found for a text, unless that is no word."""
    if len(text) <= _LONGEST_KNOWN:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[key] = value
