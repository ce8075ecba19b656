"""Words that no article has: which of them stay so, and queries that are made of another language's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harbor_search.analysis.query_language import foreign_language
from harbor_search.engines import Vocabulary
from harbor_search.query import Term
from harbor_search.searching.concepts import Concept
from harbor_search.searching.query_words import QueryWord

__all__ = ["absent_words", "leave_foreign"]


def leave_foreign(words: Sequence[QueryWord], vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """Have the function words of a query no longer searched that is plainly in none of the collection's languages, and
    tell them; None for other queries.

    A Spanish question has no misspelt English words, and "mi" in it is none that an article should be found by.
    """
    if all(_is_in_articles(word, vocabulary) for word in words):
        return None
    stop = foreign_language(" ".join(word.node.text for word in words), vocabulary.analyzer, vocabulary)
    if stop is None:
        return None
    functions = [word for word in words if word.kept and word.node.text.lower() in stop.words]
    if len(functions) == sum(word.kept for word in words):
        return ()
    for word in functions:
        word.kept = False
    return tuple(dict.fromkeys(word.node.text for word in functions))


def absent_words(words: Sequence[QueryWord], concepts: Sequence[Concept], vocabulary: Vocabulary) -> Iterator[str]:
    """The words that are searched although no article has them, and that are part of no name which articles have
    otherwise."""
    named = {part for concept in concepts if concept.others for part in concept.typed.split()}
    for word in words:
        as_typed = word.kept and word.meant == (word.node.text,) and word.node.text not in named
        if as_typed and not _is_in_articles(word, vocabulary):
            yield word.node.text


def _is_in_articles(word: QueryWord, vocabulary: Vocabulary) -> bool:
    return not isinstance(word.node, Term) or vocabulary.frequency(word.node.text.lower()) > 0
