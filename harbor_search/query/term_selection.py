"""Choosing what to search of a long text: the words that say most.

A pasted paragraph has more words than are worth a posting list each. What is frequent in a text and rare among the
articles tells them apart best; where nobody knows how rare words are, long ones are taken for rare ones (Zipf's law of
abbreviation).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import log

from harbor_search.query.characters import count_words
from harbor_search.query.tokens import Kind, Token

__all__ = ["Weigh", "most_telling"]

Weigh = Callable[[str], float]
"""How much a word says, as a function of the word: its inverse document frequency; 0 for a word that no article has."""


def most_telling(tokens: Sequence[Token], most: int, weigh: Weigh | None) -> tuple[tuple[Token, ...], tuple[str, ...]]:
    """Of words and phrases without signs those that say most, at most `most` words in all, and the texts left out.

    The order stays. All tokens stay where they are few enough; else each distinct one stays once.
    """
    if sum(count_words(token.text) for token in tokens) <= most:
        return tuple(tokens), ()
    frequencies = Counter(_key(token) for token in tokens)
    distinct = {_key(token): token for token in reversed(tokens)}
    weights = {key: _weight(token, frequencies[key], weigh) for key, token in distinct.items()}
    kept: set[tuple[Kind, str]] = set()
    room = most
    for key in sorted(distinct, key=lambda key: (-weights[key], distinct[key].position)):
        size = count_words(distinct[key].text)
        if size <= room:
            kept.add(key)
            room -= size
    ordered = sorted(distinct.items(), key=lambda item: item[1].position)
    return (
        tuple(token for key, token in ordered if key in kept),
        tuple(token.text for key, token in ordered if key not in kept),
    )


def _key(token: Token) -> tuple[Kind, str]:
    return token.kind, token.text.lower()


def _weight(token: Token, frequency: int, weigh: Weigh | None) -> float:
    return (1 + log(frequency)) * (weigh(token.text) if weigh else len(token.text))
