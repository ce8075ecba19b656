"""Where the words of a query stand in an article of which the places of all terms are known."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from harbor_search.engines.clauses import (
    Boolean,
    Boosted,
    Clause,
    DisMax,
    Fuzzy,
    Leaf,
    Phrase,
    Prefix,
    Spellings,
    Term,
    leaves,
)
from harbor_search.engines.opensearch.edits import edits_between
from harbor_search.engines.opensearch.located_articles import LocatedArticle, Place, TermPlaces
from harbor_search.snippets import Occurrence

__all__ = ["distinct_leaves", "has", "occurrences"]


_ALL = sys.maxsize


def distinct_leaves(clause: Clause | None) -> list[Leaf]:
    """The leaves that a match may have, each once, in the order of the query."""
    return list(dict.fromkeys(leaves(clause)))


class _Places:
    """The places of terms in one text, as far as they are among the first `most` of their field; of those that were
    looked at the number is added to `met`, which has those of the texts before it by field and term."""

    def __init__(self, text: TermPlaces, most: int, met: Counter[tuple[str, str]]) -> None:
        self._text, self._most, self._met = text, most, met
        self._known: dict[str, list[Place]] = {}

    def of(self, term: str) -> list[Place]:
        """The places of a term, in the order of the text."""
        known = self._known.get(term)
        if known is None:
            key = self._text.field, term
            known = self._known[term] = self._text.of(term)[: max(self._most - self._met[key], 0)]
            self._met[key] += len(known)
        return known

    def beginning_with(self, prefix: str) -> Iterator[str]:
        """The terms that begin so."""
        return self._text.beginning_with(prefix)

    @property
    def terms(self) -> Sequence[str]:
        """The distinct terms."""
        return self._text.terms


def occurrences(
    article: LocatedArticle, found: Sequence[Leaf], weights: Mapping[Leaf, float], most: int = _ALL
) -> tuple[Occurrence, ...]:
    """The occurrences of the leaves `found` in the order of the text, the first `most` of each term in each field;
    `weights` says how telling each is."""
    met: Counter[tuple[str, str]] = Counter()
    texts = [(text, _Places(text, most, met)) for text in article.texts]
    located = [
        Occurrence(text.field, text.section, start, end, number, weights.get(leaf, 1.0))
        for text, places in texts
        for number, leaf in enumerate(found)
        if leaf.field in (None, _QUERY_FIELDS[text.field]) or (leaf.field, text.field) == ("lead", "body")
        for start, end in sorted(set(_ranges(leaf, places)))
    ]
    order = {"title": 0, "heading": 1, "body": 2, "names": 3}
    return tuple(sorted(located, key=lambda each: (order[each.field], each.section, each.start, each.leaf)))


def has(present: Set[Leaf], clause: Clause | None) -> bool:
    """Whether an article in which the leaves `present` stand, of those of a query, matches a clause of it."""
    match clause:
        case Boolean(must, should, _, minimum):
            alternatives = sum(has(present, each) for each in should)
            return all(has(present, each) for each in must) and alternatives >= minimum
        case Boosted(inner):
            return has(present, inner)
        case DisMax(clauses):
            return any(has(present, each) for each in clauses)
        case _:
            return clause in present


_QUERY_FIELDS = {"title": "title", "heading": "headings", "body": "body", "names": "names"}


def _ranges(leaf: Leaf, text: _Places) -> Iterator[tuple[int, int]]:
    match leaf:
        case Term(term):
            yield from _characters(text.of(term.decode()))
        case Prefix(beginning, term):
            terms = set(text.beginning_with(beginning.decode())) | ({term.decode()} if term else set())
            for each in terms:
                yield from _characters(text.of(each))
        case Fuzzy(word, distance):
            for each in text.terms:
                if edits_between(word, each, distance) is not None:
                    yield from _characters(text.of(each))
        case Phrase():
            yield from _phrase_ranges(leaf, text)
        case Spellings():
            for spelling, _ in leaf.weighed:
                yield from _ranges(spelling, text)


def _characters(places: Sequence[Place]) -> Iterator[tuple[int, int]]:
    return ((place.start, place.end) for place in places)


def _phrase_ranges(phrase: Phrase, text: _Places) -> Iterator[tuple[int, int]]:
    """The ranges of the words of each place at which a phrase stands."""
    words = [text.of(term.decode()) for term in phrase.terms]
    if not all(words):
        return
    for first in words[0]:
        chosen, room = [first], phrase.slop
        for number in range(1, len(words)):
            nearest = chosen[-1].position + phrase.offsets[number] - phrase.offsets[number - 1]
            following = next((each for each in words[number] if each.position >= nearest), None)
            if following is None or following.position - nearest > room:
                break
            room -= following.position - nearest
            chosen.append(following)
        else:
            yield from _characters(chosen)
