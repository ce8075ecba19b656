"""Where the words of a query stand in an article, found by analysing the article's texts as they were for the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from harbor_search.analysis import Analyzer, Token
from harbor_search.article import Article
from harbor_search.engines.analysed_query import (
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
from harbor_search.engines.languages import analyzer_of
from harbor_search.snippets import Occurrence

__all__ = ["distinct_leaves", "has", "occurrences"]


@dataclass(frozen=True, slots=True)
class _Text:
    field: str
    section: int
    tokens: Sequence[Token]


def distinct_leaves(clause: Clause | None) -> list[Leaf]:
    """The leaves that a match may have, each once, in the order of the query."""
    return list(dict.fromkeys(leaves(clause)))


def occurrences(
    article: Article, found: Sequence[Leaf], weights: Mapping[Leaf, float], collection: Analyzer
) -> tuple[Occurrence, ...]:
    """The occurrences of the leaves `found` in the order of the text; `weights` says how telling each is, and
    `collection` is the analyzer of all of its languages."""
    if not found:
        return ()
    analyzer = analyzer_of(article.language, collection, frozenset(collection.others))
    located = [
        Occurrence(text.field, text.section, start, end, number, weights.get(leaf, 1.0))
        for text in _texts(article, analyzer)
        for number, leaf in enumerate(found)
        if leaf.field in (None, _QUERY_FIELDS[text.field]) or (leaf.field, text.field) == ("lead", "body")
        for start, end in sorted(set(_ranges(leaf, text.tokens)))
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


def _texts(article: Article, analyzer: Analyzer) -> Iterator[_Text]:
    yield _Text("title", -1, analyzer.analyze(article.title))
    for number, section in enumerate(article.body):
        yield _Text("heading", number, analyzer.analyze(section.heading))
        yield _Text("body", number, analyzer.analyze(section.text))
    for number, name in enumerate(article.tags):
        yield _Text("names", number, analyzer.analyze(name))


def _ranges(leaf: Leaf, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    match leaf:
        case Term(text):
            word = text.decode()
            yield from ((token.start, token.end) for token in tokens if token.text == word)
        case Prefix(text, term):
            beginning, whole = text.decode(), term.decode() if term else None
            for token in tokens:
                if token.text and (token.text == whole or token.text.startswith(beginning)):
                    yield token.start, token.end
        case Fuzzy(text, distance):
            yield from ((token.start, token.end) for token in tokens if _within(text, token.text, distance))
        case Phrase():
            yield from _phrase_ranges(leaf, tokens)
        case Spellings(asked, others):
            for each in (asked, *others):
                yield from _ranges(each, tokens)


def _phrase_ranges(phrase: Phrase, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The ranges of the words of each place at which a phrase stands."""
    places: dict[str, list[Token]] = {}
    for token in tokens:
        places.setdefault(token.text, []).append(token)
    words = [places.get(term.decode(), []) for term in phrase.terms]
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
            yield from ((token.start, token.end) for token in chosen)


def _within(one: str, other: str, distance: int) -> bool:
    """Whether `other` is at most `distance` edits from `one`, transpositions of neighbours counting as one."""
    if not other or abs(len(one) - len(other)) > distance:
        return False
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, counterpart in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != counterpart))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1] <= distance
