"""Where the words of a query stand in an article of which the places of all terms are known."""

from __future__ import annotations

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


def distinct_leaves(clause: Clause | None) -> list[Leaf]:
    """The leaves that a match may have, each once, in the order of the query."""
    return list(dict.fromkeys(leaves(clause)))


def occurrences(
    article: LocatedArticle, found: Sequence[Leaf], weights: Mapping[Leaf, float]
) -> tuple[Occurrence, ...]:
    """The occurrences of the leaves `found` in the order of the text; `weights` says how telling each is."""
    located = [
        Occurrence(text.field, text.section, start, end, number, weights.get(leaf, 1.0))
        for text in article.texts
        for number, leaf in enumerate(found)
        if leaf.field in (None, _QUERY_FIELDS[text.field]) or (leaf.field, text.field) == ("lead", "body")
        for start, end in sorted(set(_ranges(leaf, text)))
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


def _ranges(leaf: Leaf, text: TermPlaces) -> Iterator[tuple[int, int]]:
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


def _phrase_ranges(phrase: Phrase, text: TermPlaces) -> Iterator[tuple[int, int]]:
    """The ranges of the words of each place at which a phrase stands."""
    words = []
    for term in phrase.terms:
        words.append(text.of(term.decode()))
        if not words[-1]:
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
