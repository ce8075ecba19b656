"""What an answer says about itself: how many articles have all that was asked for, and how each hit matches it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harbor_search.analysis import get_analyzer
from harbor_search.engines import EngineAnswer, Vocabulary
from harbor_search.query import Term
from harbor_search.results import Hit, Match, Range, Tiers
from harbor_search.searching.concepts import Concept, Way
from harbor_search.searching.interpretation import Interpretation
from harbor_search.spelling import candidates

__all__ = ["did_you_mean", "explained", "tiers_of"]

_FEW = 3
"""Articles found, up to which other spellings are offered even of words that some articles have."""

_RARER = 20
"""A word that so many times fewer articles have than one that is spelt much like it may be a mistake."""

_SLIP = 1.0
"""Edits of such a mistake, at most."""

_MOST_OFFERED = 3


def did_you_mean(q: str, meant: Interpretation, total: int, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Queries with other words in the place of those that may be misspelt, where nothing was done about them.

    That is so for names that only look like others, and for rare words where few articles were found.
    """
    offers = [(each.typed, text) for each in meant.offered for text in each.offered]
    if total <= _FEW:
        offers += [offer for concept in meant.concepts for way in concept.ways for offer in _rare(way, vocabulary)]
    made = (_replaced(q, typed, text) for typed, text in offers)
    return tuple(dict.fromkeys(query for query in made if query != q))[:_MOST_OFFERED]


def _replaced(q: str, typed: str, text: str) -> str:
    return re.sub(rf"(?i)(?<!\w){re.escape(typed)}(?!\w)", lambda _: text, q, count=1)


def _rare(way: Way, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """A word as typed, with what is much more frequent and spelt nearly so."""
    word = way.text.lower()
    if way.by is not None or not isinstance(way.node, Term) or not word.isalpha():
        return
    frequency = vocabulary.frequency(word)
    for each in candidates(word, (), vocabulary)[:_MOST_OFFERED] if frequency else ():
        if each.cost <= _SLIP and vocabulary.frequency(each.text) >= _RARER * frequency:
            yield word, each.text


def tiers_of(answer: EngineAnswer) -> Tiers | None:
    """How many articles have all of the words, how many only some, and how many have them side by side."""
    if answer.preferred is None:
        return None
    return Tiers(answer.preferred, max(answer.total - answer.preferred, 0), answer.together)


def explained(hit: Hit, matches: Sequence[bool], concepts: Sequence[Concept], analyzer: str) -> Hit:
    """The hit with the words that it lacks, and those that it has otherwise than they were typed."""
    lacks: list[str] = []
    matched: list[Match] = []
    at = 0
    for concept in concepts:
        ways = concept.ways
        found = dict(zip(ways, matches[at : at + len(ways)], strict=True))
        at += len(ways)
        literal = [next((way for way in each if found[way]), None) for each in concept.literal]
        if literal and all(literal):
            matched += _otherwise(concept.typed, [way for way in literal if way is not None], hit, analyzer)
        elif other := next((way for way in concept.others if found[way]), None):
            matched.append(Match(concept.typed, "synonym", other.text))
        else:
            lacks += [ways[0].text for ways, way in zip(concept.literal, literal, strict=True) if way is None]
    return replace(hit, lacks=tuple(lacks), matched=tuple(matched)) if lacks or matched else hit


def _otherwise(typed: str, ways: Sequence[Way], hit: Hit, analyzer: str) -> Iterator[Match]:
    for text in dict.fromkeys(way.text for way in ways if way.by):
        yield Match(typed, "correction", text)
    for way in ways:
        if way.by is None and (form := _form(way.text, hit, analyzer)):
            yield Match(way.text, "form", form)


def _form(word: str, hit: Hit, analyzer: str) -> str | None:
    """The form in which a word is shown, where it is not shown as it was typed; None where it is, or not shown."""
    shown = {text.lower(): text for text in _shown(hit)}
    if word.lower() in shown or not word.isalpha():
        return None
    terms = get_analyzer(analyzer).terms([word.lower(), *shown])
    return next((text for text, term in zip(shown.values(), terms[1:], strict=True) if term == terms[0]), None)


def _shown(hit: Hit) -> Iterator[str]:
    """The marked words of the title and the passages."""
    yield from _marked(hit.title, hit.title_ranges)
    for snippet in hit.snippets:
        yield from _marked(snippet.text, snippet.ranges)


def _marked(text: str, ranges: Sequence[Range]) -> Iterator[str]:
    return (text[start:end] for start, end in ranges)
