"""What an answer says about itself: how many articles have all that was asked for, and how each hit matches it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from harbor_search.engines import EngineAnswer, Vocabulary
from harbor_search.explanation import Explanation
from harbor_search.query import Term
from harbor_search.results import Tiers
from harbor_search.searching.concepts import Concept, Way
from harbor_search.searching.generation_cache import Memory
from harbor_search.searching.interpretation import Interpretation
from harbor_search.spelling import Context, candidates

__all__ = ["did_you_mean", "in_concepts", "tiers_of", "with_words"]

_FEW = 3
"""Articles with all that was asked for, up to which other spellings are offered even of words that some have."""

_RARER = 20
"""A word that so many times fewer articles have than one that is spelt much like it may be a mistake."""

_SLIP = 1.0
"""Edits of such a mistake, at most."""

_SHORT = 3
"""Letters of a word that is nearly many others: "rid" is offered no "red"."""

_MOST_OFFERED = 3

_MOST_REMEMBERED = 16_384
"""Words of which it is known what they may be mistaken for: all words of the collection are looked at for each."""


def did_you_mean(
    q: str, meant: Interpretation, answer: EngineAnswer, find_vocabulary: Callable[[], Vocabulary]
) -> tuple[str, ...]:
    """Queries with other words in the place of those that may be misspelt, where nothing was done about them.

    That is so for names that only look like others, and for rare words where few articles have all that was asked for.
    """
    found = answer.total if answer.preferred is None else answer.preferred
    looked_at = found <= _FEW and meant.concepts
    if not meant.offered and not looked_at:
        return ()
    offers = [(each.typed, text) for each in meant.offered for text in each.offered]
    if looked_at:
        vocabulary = find_vocabulary()
        words = [way for concept in meant.concepts if not concept.others for way in concept.ways if _is_word(way)]
        for word in words:
            offers += _frequent(word, words, vocabulary)
    made = (_replaced(q, typed, text) for typed, text in offers)
    return tuple(dict.fromkeys(query for query in made if query != q))[:_MOST_OFFERED]


def with_words(q: str, words: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """A query with the first of what each misspelt word may be; then, as far as there are more, with each other one."""
    first: dict[str, str] = {}
    for typed, text in words:
        first.setdefault(typed, text)
    best = q
    for typed, text in first.items():
        best = _replaced(best, typed, text)
    others = (_replaced(best, first[typed], text) for typed, text in words if text != first[typed])
    return tuple(dict.fromkeys(query for query in (best, *others) if query != q))[:_MOST_OFFERED]


def _is_word(way: Way) -> bool:
    """Whether it is a word as it was typed."""
    return way.by is None and isinstance(way.node, Term) and way.text.isalpha()


def _replaced(q: str, typed: str, text: str) -> str:
    return re.sub(rf"(?i)(?<!\w){re.escape(typed)}(?!\w)", lambda _: text, q, count=1)


def _frequent(word: Way, words: Sequence[Way], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """A word, with each that is much more frequent, spelt nearly so, and stands in articles with all other words."""
    typed = word.text.lower()
    for text in _likelier.get(vocabulary, typed, partial(_much_likelier, typed, vocabulary)):
        others = [each.text for each in words if each is not word]
        if not others or vocabulary.together((text, *others)) > _FEW:
            yield typed, text


def _much_likelier(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Words that are much more frequent than this one, which is rare, and spelt nearly so."""
    frequency = vocabulary.frequency(word)
    if len(word) <= _SHORT or not 0 < frequency * _RARER <= vocabulary.articles:
        return ()
    found = candidates(word, Context(), vocabulary, _SLIP, _RARER * frequency)[:_MOST_OFFERED]
    return tuple(each.text for each in found if vocabulary.frequency(each.text) >= _RARER * frequency)


_likelier: Memory[str, tuple[str, ...]] = Memory(_MOST_REMEMBERED)


def tiers_of(answer: EngineAnswer, preferred: int) -> Tiers:
    """How many articles have all of the words, how many only some, and how many have them side by side."""
    return Tiers(preferred, max(answer.total - preferred - answer.by_meaning, 0), answer.together)


def in_concepts(explanation: Explanation, concepts: Sequence[Concept]) -> Explanation:
    """The explanation of a score by what the query names: what an article has by another name it does not lack, and
    need not say in the words that were typed."""
    if not concepts:
        return explanation
    having = {part.text for part in explanation.parts}
    lacks = [
        ways[0].text
        for concept in concepts
        if not any(way.text in having for way in concept.others)
        for ways in concept.literal
        if not any(way.text in having for way in ways)
    ]
    changes = tuple(change for change in explanation.changes if change.text in having or change.text in lacks)
    return replace(explanation, lacks=tuple(dict.fromkeys(lacks)), changes=changes)
