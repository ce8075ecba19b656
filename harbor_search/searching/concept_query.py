"""The query that the concepts of a text make: what each way to say one counts beside the others."""

from __future__ import annotations

from collections.abc import Sequence

from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.engines import Vocabulary
from harbor_search.query import DisMax, Node
from harbor_search.searching.concept_recognition import usage
from harbor_search.searching.concepts import Concept, Way, any_of, weighed
from harbor_search.searching.query_words import QueryWord
from harbor_search.searching.word_weights import inverse_document_frequency

__all__ = ["query_of"]

_NAMED = 0.5
"""What a name of several words counts, where they stand side by side, over and above its words."""

_LEAST_USED = 0.05
"""What a name counts at least, however much oftener articles use the words that were typed."""


def query_of(words: Sequence[QueryWord], concepts: Sequence[Concept], vocabulary: Vocabulary) -> Node:
    """The query that the concepts make, the more of their words the better, and the words that only ask.

    Of the names of a concept, the typed one among them, the best one counts, and no more than its own words would: that
    a name is rarely used does not make it say more. Where the articles themselves say it in the words that were typed,
    names that are rarer than those count less.
    """
    nodes: dict[Node, None] = {}
    for concept in concepts:
        own = _own(concept, vocabulary)
        nodes |= dict.fromkeys(weighed(way.node, way.weight) for ways in concept.literal for way in ways)
        usual = _usual(concept, vocabulary) if concept.others else 0
        others = tuple(_capped(way, own, usual, vocabulary) for way in concept.others)
        if concept.named:
            others += (weighed(concept.named, _NAMED),)
        if others:
            nodes[others[0] if len(others) == 1 else DisMax(others)] = None
    asking = (weighed(word.node, word.factor * word.said) for word in words if word.kept and not word.names)
    nodes |= dict.fromkeys(asking)
    return any_of(list(nodes))


def _own(concept: Concept, vocabulary: Vocabulary) -> float:
    """What the words say in which a concept was typed."""
    if _asks(concept, vocabulary):
        asked = _telling(concept, vocabulary)
        return sum(inverse_document_frequency(word, vocabulary) for word in asked)
    return sum(max(inverse_document_frequency(way.text, vocabulary) for way in ways) for ways in concept.literal)


def _usual(concept: Concept, vocabulary: Vocabulary) -> int:
    """In how many articles a concept is named as it was typed."""
    if _asks(concept, vocabulary) and concept.named:
        return usage(concept.named.text, vocabulary)
    return usage(" ".join(ways[0].text for ways in concept.literal), vocabulary)


def _asks(concept: Concept, vocabulary: Vocabulary) -> bool:
    """Whether a name has words that only ask elsewhere: "can't sleep" says more than *sleep*."""
    return len(_telling(concept, vocabulary)) > len(concept.literal)


def _telling(concept: Concept, vocabulary: Vocabulary) -> list[str]:
    """The words in which a concept was typed, without function words of the collection's languages."""
    stop = all_stop_words(vocabulary.analyzer).words
    return [word for word in concept.typed.split() if word.lower() not in stop]


def _capped(way: Way, own: float, usual: int, vocabulary: Vocabulary) -> Node:
    """Another name of a concept whose own words say `own` and stand together in `usual` articles."""
    other = sum(inverse_document_frequency(part, vocabulary) for part in way.text.split())
    capped = min(1.0, own / other) if own else 1.0
    used = usage(way.text, vocabulary)
    rarer = min(1.0, 2 * used / (used + usual)) if usual else 1.0
    return weighed(way.node, way.weight * capped * max(rarer, _LEAST_USED))
