"""How much the words of a query count: those that only ask, and those that are said more than once."""

from __future__ import annotations

from collections.abc import Sequence, Set
from math import log

from harbor_search.engines import Vocabulary
from harbor_search.query import Term, asking_words
from harbor_search.searching.query_words import QueryWord
from harbor_search.searching.term_cache import name_term

__all__ = ["damp", "inverse_document_frequency", "weigh_repeated"]

_LEAST_TELLING = 0.25
"""What a word that only asks ("can't", "normal") counts at most beside the least telling of the others."""

_LONG_TEXT = 20
"""Words of a text in which half of a repetition counts."""


def damp(words: Sequence[QueryWord], vocabulary: Vocabulary, qualifiers: Set[str]) -> None:
    """Make words that only ask, `qualifiers` among them, count less than the least telling of the others, however rare
    they are."""
    asking = asking_words([word.node.text if isinstance(word.node, Term) else "-" for word in words])
    only_ask = {
        index
        for index, word in enumerate(words)
        if word.kept and isinstance(word.node, Term) and (index in asking or word.node.text.lower() in qualifiers)
    }
    subjects = [word for index, word in enumerate(words) if word.kept and not word.follows and index not in only_ask]
    if not only_ask or not subjects:
        return
    least = min(inverse_document_frequency(word.meant[0], vocabulary) for word in subjects)
    for index in only_ask:
        idf = inverse_document_frequency(words[index].node.text, vocabulary)
        words[index].factor = min(_LEAST_TELLING, _LEAST_TELLING * least / idf)


def weigh_repeated(words: Sequence[QueryWord], analyzer: str) -> bool:
    """Keep each word once, in whatever form, and let it count for how often it is said; whether any is said again.

    What a pasted text repeats is what it is about; in a question it is chance. So what n occurrences count rises from 1
    to n with the words of the text. (Okapi's k3 does the same whatever the length: S. Robertson and S. Walker, 1994.)
    """
    said: dict[str, list[QueryWord]] = {}
    for word in words:
        if word.kept:
            said.setdefault(name_term(word.node.text.lower(), analyzer) or word.node.text, []).append(word)
    total = sum(map(len, said.values()))
    if total == len(said):
        return False
    counts = {key: float(len(same)) ** (total / (total + _LONG_TEXT)) for key, same in said.items()}
    most = max(counts.values())
    for key, (first, *again) in said.items():
        first.said = counts[key] / most
        for word in again:
            word.kept = False
    return True


def inverse_document_frequency(text: str, vocabulary: Vocabulary) -> float:
    """How much a word says: more, the fewer articles have it."""
    frequency = vocabulary.frequency(text.lower())
    return log(1 + (vocabulary.articles - frequency + 0.5) / (frequency + 0.5))
