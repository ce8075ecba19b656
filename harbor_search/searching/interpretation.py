"""Interpretation: what a query in plain words asks for, over and above the words that were typed.

Words that no article has are corrected, names get their other names, words that only ask are made to count little, and
articles with all of what was named are told from those with some. All of it is said in the answer. A query with syntax,
a strict one and one that is to be taken literally are searched as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from harbor_search.analysis.variants import other_spellings
from harbor_search.engines import Aspect, Vocabulary
from harbor_search.query import Boolean, Node, Parsed, Phrase, Query, Term
from harbor_search.results import Applied
from harbor_search.searching.concept_query import query_of
from harbor_search.searching.concept_recognition import concepts_of
from harbor_search.searching.concepts import Concept
from harbor_search.searching.correcting import correct_words
from harbor_search.searching.number_forms import add_number_forms
from harbor_search.searching.query_words import QueryWord
from harbor_search.searching.single_letters import keep_letters
from harbor_search.searching.unknown_words import absent_words, leave_foreign
from harbor_search.searching.word_weights import damp, weigh_repeated
from harbor_search.spelling import Correction
from harbor_search.synonyms import Thesaurus

__all__ = ["Interpretation", "interpret"]

_MOST_TOGETHER = 6
"""Words, those in between included, that are counted as they stand beside each other."""


class _Parts(NamedTuple):
    query: Query
    applied: Applied
    concepts: tuple[Concept, ...] = ()
    together: Phrase | None = None
    offered: tuple[Correction, ...] = ()
    analyzer: str = ""
    asking: tuple[Node, ...] = ()
    typed: tuple[str, ...] = ()


class Interpretation(_Parts):
    """What is searched, what was done to get there, and what it is made of (none: as it was written).

    `offered` are what misspelt words may have been, by word, where nothing was done about them; `asking` the words that
    are searched although they only ask, `typed` all words, as they were meant. What follows from these is worked out
    once: an interpretation is remembered.
    """

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """What the query asks for, as an engine weighs it."""
        named = [
            Aspect(
                tuple(tuple(way.node for way in ways) for ways in concept.literal),
                tuple(way.node for way in concept.others),
            )
            for concept in self.concepts
        ]
        return (*named, *(Aspect(((each,),)) for each in self.asking))

    @cached_property
    def other_names(self) -> tuple[str, ...]:
        """The other names of what the query names, where that is one thing and nothing is asked about it; without those
        that are only related."""
        if len(self.concepts) != 1 or self.asking:
            return ()
        return tuple(way.text for way in self.concepts[0].others if way.mutual)

    @cached_property
    def ways(self) -> tuple[Node, ...]:
        """All ways to say the concepts, concept by concept."""
        return tuple(way.node for concept in self.concepts for way in concept.ways)

    @cached_property
    def changed(self) -> bool:
        """Whether anything is searched that was not typed."""
        return any(way.by for concept in self.concepts for way in concept.ways)

    @cached_property
    def preferred(self) -> Node | None:
        """Articles with all concepts; None where there is one word alone."""
        wholes = tuple(dict.fromkeys(concept.whole() for concept in self.concepts))
        if sum(len(concept.literal) for concept in self.concepts) < 2:
            return None
        return wholes[0] if len(wholes) == 1 else Boolean(must=wholes)


def interpret(parsed: Parsed, vocabulary: Vocabulary, thesaurus: Thesaurus | None, *, spelling: bool) -> Interpretation:
    """What a query without syntax asks for (`parsed.words` are not empty)."""
    kept = set(_leaves(parsed.node))
    words = [QueryWord(node, node in kept, (node.text,)) for node in parsed.words]
    vocabulary.prefetch(node.text.lower() for node in parsed.words if isinstance(node, Term))
    foreign = leave_foreign(words, vocabulary)
    corrections = correct_words(words, vocabulary, thesaurus) if spelling and foreign is None else []
    lettered = keep_letters(words, vocabulary)
    numbers = add_number_forms(words, vocabulary)
    damp(words, vocabulary, parsed.stop.qualifiers)
    repeated = weigh_repeated(words, vocabulary.analyzer)
    concepts = concepts_of(words, vocabulary, thesaurus)
    as_typed = not (corrections or repeated or lettered or numbers or foreign) and all(
        word.factor == 1.0 for word in words
    )
    query = parsed.query
    if not as_typed or any(concept.others or concept.named for concept in concepts):
        query = query_of(words, concepts, vocabulary)
    done = [each for each in corrections if each.meant]
    applied = Applied(
        corrections=tuple((each.typed, meant) for each in done for meant in each.meant),
        synonyms=tuple((concept.typed, way.text) for concept in concepts for way in concept.others),
        dropped=(_dropped(parsed.applied.dropped, words) if lettered else parsed.applied.dropped) + (foreign or ()),
        spellings=(*_spellings(words, vocabulary), *numbers),
        absent=tuple(dict.fromkeys(absent_words(words, concepts, vocabulary))),
    )
    known = {word for concept in concepts if concept.others for word in concept.typed.lower().split()}
    offered = tuple(each for each in corrections if not each.meant and each.offered and each.typed not in known)
    asking = tuple(word.node for word in words if word.kept and not word.names)
    typed = tuple(word.meant[0] for word in words)
    return Interpretation(query, applied, concepts, _together(words), offered, vocabulary.analyzer, asking, typed)


def _spellings(words: Sequence[QueryWord], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The words that articles spell in another way besides, British or American, and that way."""
    for word in words:
        text = word.meant[0]
        if word.kept and isinstance(word.node, Term):
            others = other_spellings(text.lower(), vocabulary.analyzer)
            yield from ((text, each) for each in others if vocabulary.spelt(each))


def _dropped(dropped: tuple[str, ...], words: Sequence[QueryWord]) -> tuple[str, ...]:
    """The words that were left out, without those that are letters of a name and nothing else."""
    named = {word.node.text.lower() for word in words if word.follows}
    out = {word.node.text.lower() for word in words if not word.kept}
    return tuple(each for each in dropped if each.lower() not in named or each.lower() in out)


def _leaves(node: Node) -> tuple[Node, ...]:
    return node.should if isinstance(node, Boolean) else (node,)


def _together(words: Sequence[QueryWord]) -> Phrase | None:
    """The words that name something as they stand beside each other; None for one alone, and for what was changed."""
    places = [index for index, word in enumerate(words) if word.names]
    if len(places) < 2 or places[-1] - places[0] >= _MOST_TOGETHER:
        return None
    between = words[places[0] : places[-1] + 1]
    if any(isinstance(word.node, Phrase) or word.meant != (word.node.text,) for word in between):
        return None
    return Phrase(" ".join(word.node.text for word in between))
