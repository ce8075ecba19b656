"""Understanding: from what was typed to what is searched, for every use case that takes a query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from math import log

from harbor_search.analysis.variants import variants
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.query import Boolean, Boosted, Limits, Node, Phrase, Term, parse
from harbor_search.searching.generation_cache import Memory
from harbor_search.searching.interpretation import Interpretation, interpret
from harbor_search.synonyms import Thesaurus, synonyms_of

__all__ = ["limits", "misspelt_words", "understand"]

_MOST_UNDERSTOOD = 1_024
"""Queries of a generation that are remembered as they were understood: a few megabytes."""

_WORD = re.compile(r"[a-z]{3,}")

_LONGEST_UNDERSTOOD = 200
"""Characters of such a query: what is longer was pasted, and is not asked again."""


def understand(
    engine: SearchEngine, q: str, settings: Settings, *, strict: bool, literal: bool, generation: str = ""
) -> Interpretation:
    """What to search for `q` in a generation of an engine (empty: the live one).

    Raises:
        UserError: the query breaks a bound or, where it has syntax, a rule; or the setting `synonyms` names no list.
        GenerationGone: it is not there any more.
        OperationalError: the engine cannot answer.
    """
    # The vocabulary is looked at only where it is needed: finding the live one takes as long as a short search.
    weigh = partial(_telling_in, engine, generation)
    read = partial(parse, q, limits=limits(settings), strict=strict, weigh=weigh)
    parsed = read(analyzer=settings.analyzer)
    if literal and _may_vary(q):
        return Interpretation(_as_typed(parsed.node, engine.vocabulary(generation).analyzer), parsed.applied)
    if strict or literal or not parsed.words:
        return Interpretation(parsed.query, parsed.applied)
    vocabulary = engine.vocabulary(generation)
    if vocabulary.analyzer != settings.analyzer:
        parsed = read(analyzer=vocabulary.analyzer)
    lists = synonyms_of(settings.synonyms, settings.index)
    thesaurus = lists.thesaurus(vocabulary.analyzer) if lists else None
    key = q, thesaurus, settings.corrections, limits(settings)
    make = partial(interpret, parsed, vocabulary, thesaurus, spelling=settings.corrections)
    return _understood.get(vocabulary, key, make, keep=len(q) <= _LONGEST_UNDERSTOOD)


_understood: Memory[tuple[str, Thesaurus | None, bool, Limits], Interpretation] = Memory(_MOST_UNDERSTOOD)
"""What queries were understood to ask: readers turn pages, narrow searches and ask the same things, and a misspelt word
is looked for among all words."""


def misspelt_words(
    engine: SearchEngine, q: str, settings: Settings, *, generation: str = ""
) -> tuple[tuple[str, str], ...]:
    """The words of a query that was searched as it is written, which no article has, each with what it may be meant to
    be: what would have been searched if they had been typed as plain words.

    Raises: as `understand`.
    """
    parsed = parse(q, limits=limits(settings), strict=False, analyzer=settings.analyzer)
    typed = " ".join(dict.fromkeys(_wanted_texts(parsed.node)))
    meant = understand(engine, typed, settings, strict=False, literal=False, generation=generation)
    offered = ((each.typed, text) for each in meant.offered for text in each.offered)
    return (*meant.applied.corrections, *offered)


def _wanted_texts(node: Node) -> Iterator[str]:
    """What is typed in a query, without what articles must not have, parts of words, and words that may vary anyway."""
    match node:
        case Boolean(must, should):
            for each in (*must, *should):
                yield from _wanted_texts(each)
        case Boosted(inner):
            yield from _wanted_texts(inner)
        case Term(text) | Phrase(text):
            yield text


def _may_vary(q: str) -> bool:
    """Whether a word of a query may be one that is spelt or formed otherwise too: few are, and looking costs."""
    return _known_to_vary(q) if len(q) <= _LONGEST_UNDERSTOOD else _varies(q)


def _varies(q: str) -> bool:
    return any(variants(word, "english") for word in _WORD.findall(q.lower()))


_known_to_vary = lru_cache(maxsize=_MOST_UNDERSTOOD)(_varies)


def _as_typed(node: Node, analyzer: str) -> Node:
    """A query whose words are searched in no other spelling or form than stemming gives: quoted, so to say."""
    match node:
        case Boolean(must, should, must_not, minimum):
            parts = [tuple(_as_typed(each, analyzer) for each in nodes) for nodes in (must, should, must_not)]
            return Boolean(parts[0], parts[1], parts[2], minimum)
        case Term(text, field) if variants(text.lower(), analyzer):
            return Phrase(text, field)
        case _:
            return node


def limits(settings: Settings) -> Limits:
    """The bounds on queries that the settings give."""
    return _limits(settings.max_query_terms, settings.max_query_nesting, settings.prefix_minimum)


_limits = lru_cache(Limits)


def _telling_in(engine: SearchEngine, generation: str, text: str) -> float:
    """How much a word or phrase says: the inverse document frequency, of a phrase its rarest word's."""
    vocabulary = engine.vocabulary(generation)
    frequencies = [vocabulary.frequency(word.lower()) for word in text.split()]
    known = [frequency for frequency in frequencies if frequency]
    return log(1 + vocabulary.articles / min(known)) if known else 0.0
