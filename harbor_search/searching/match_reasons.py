"""What an answer says about itself: how many articles have all that was asked for, and how each hit matches it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from harbor_search.analysis.variants import variants
from harbor_search.engines import EngineAnswer, Vocabulary
from harbor_search.query import Term
from harbor_search.results import Explanation, Hit, Match, Tiers
from harbor_search.searching.concepts import Concept, Way
from harbor_search.searching.generation_cache import Memory
from harbor_search.searching.interpretation import Interpretation
from harbor_search.searching.term_cache import name_term
from harbor_search.spelling import Context, candidates

__all__ = ["did_you_mean", "explained", "in_concepts", "tiers_of"]

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
    offers = [(each.typed, text) for each in meant.offered for text in each.offered]
    found = answer.total if answer.preferred is None else answer.preferred
    if found <= _FEW and meant.concepts:
        vocabulary = find_vocabulary()
        words = [way for concept in meant.concepts if not concept.others for way in concept.ways if _is_word(way)]
        for word in words:
            offers += _frequent(word, words, vocabulary)
    made = (_replaced(q, typed, text) for typed, text in offers)
    return tuple(dict.fromkeys(query for query in made if query != q))[:_MOST_OFFERED]


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


def explained(
    hits: Iterable[Hit], matches: Iterable[tuple[bool, ...]], concepts: Sequence[Concept], analyzer: str
) -> Iterator[Hit]:
    """The hits with the words that each lacks, and those that it has otherwise than they were typed.

    What `matches` say of a hit they say of most others on the page as well.
    """
    known: dict[tuple[bool, ...], _Reading] = {}
    for hit, found in zip(hits, matches, strict=True):
        reading = known.get(found)
        if reading is None:
            reading = known[found] = _read(found, concepts)
        matched = _as_shown(reading, hit, analyzer) if reading.matched else ()
        yield _with(hit, reading.lacks, matched) if reading.lacks or matched else hit


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


class _Reading(NamedTuple):
    """What is lacking, what was found otherwise than it was typed, and the words (`typed`, in lower case too) that were
    found as they were typed or in another form."""

    lacks: tuple[str, ...]
    matched: tuple[Match | str, ...]
    typed: frozenset[str]


def _read(matches: Sequence[bool], concepts: Sequence[Concept]) -> _Reading:
    """What it means that an article matches some of the ways of concepts, which are in the order of `matches`."""
    lacks: list[str] = []
    matched: list[Match | str] = []
    found = iter(matches)
    for concept in concepts:
        literal = [_first_found(ways, found) for ways in concept.literal]
        others = [way for way, there in zip(concept.others, islice(found, len(concept.others)), strict=True) if there]
        have = [way for way in literal if way is not None]
        if literal and len(have) == len(literal):
            corrected = dict.fromkeys((way.typed, way.text) for way in have if way.by)
            matched += [Match(typed, "correction", text) for typed, text in corrected]
            matched += [way.text for way in have if way.by is None and way.text.isalpha()]
        elif others:
            matched.append(Match(concept.typed, "synonym", others[0].text))
        else:
            lacks += [ways[0].text for ways, way in zip(concept.literal, literal, strict=True) if way is None]
    return _Reading(tuple(lacks), tuple(matched), frozenset(each.lower() for each in matched if isinstance(each, str)))


def _first_found(ways: Sequence[Way], found: Iterator[bool]) -> Way | None:
    """The first of `ways` of which the next of `found` say so."""
    there = [way for way in ways if next(found)]
    return there[0] if there else None


def _as_shown(reading: _Reading, hit: Hit, analyzer: str) -> tuple[Match, ...]:
    """What was found otherwise, with the words that are shown in another form than they were typed in."""
    shown = _shown(hit)
    lowered = "\n".join(shown).lower().split("\n")  # no word has a line break in it
    if reading.typed.issubset(lowered):
        return tuple([each for each in reading.matched if isinstance(each, Match)])
    return tuple(_in_forms(reading.matched, dict(zip(lowered, shown, strict=False)), analyzer))


def _in_forms(matched: Iterable[Match | str], shown: Mapping[str, str], analyzer: str) -> Iterator[Match]:
    for each in matched:
        if isinstance(each, Match):
            yield each
        elif (lower := each.lower()) not in shown:
            form = next((text for word, text in shown.items() if _is_form(word, lower, analyzer)), None)
            if form is not None:
                yield Match(each, "form", form)


def _is_form(word: str, typed: str, analyzer: str) -> bool:
    """Whether a word that is shown is another form, or spelling, of the one that was typed (both in lower case)."""
    return name_term(word, analyzer) == name_term(typed, analyzer) or word in variants(typed, analyzer)


def _with(hit: Hit, lacks: tuple[str, ...], matched: tuple[Match, ...]) -> Hit:
    # `dataclasses.replace` takes three times as long, for each hit of a page.
    return Hit(
        hit.id, hit.url, hit.title, hit.title_ranges, hit.section, hit.date, hit.views, hit.score, hit.snippets,
        lacks, matched, hit.similar, hit.words, hit.explanation, hit.repeats,
    )  # fmt: skip


def _shown(hit: Hit) -> list[str]:
    """The marked words of the title and the passages."""
    words = [hit.title[start:end] for start, end in hit.title_ranges]
    for snippet in hit.snippets:
        text = snippet.text
        words += [text[start:end] for start, end in snippet.ranges]
    return words
