"""The terms of single words, each analysed once: readers share most of their words, and pages show the same ones."""

from __future__ import annotations

from functools import lru_cache

from harbor_search.analysis import get_analyzer
from harbor_search.analysis.known_terms import known_terms
from harbor_search.analysis.variants import name_form

__all__ = ["name_term", "term_of"]


_LONGEST_KNOWN = 64
"""Characters of a word that is remembered; what is longer may be as long as a query."""


def term_of(word: str, analyzer: str) -> str:
    """The term of a word in lower case, by the analyzer of that name; of signs alone an empty one."""
    return _known_term(word, analyzer) if len(word) <= _LONGEST_KNOWN else _term(word, analyzer)


def _term(word: str, analyzer: str) -> str:
    if word.isascii() and word.isalnum():  # one word, as most are
        return known_terms([word.lower()], analyzer)[0]
    return " ".join(token.text for token in get_analyzer(analyzer).analyze(word))


_known_term = lru_cache(maxsize=16_384)(_term)


def name_term(word: str, analyzer: str) -> str:
    """The term by which names with a word in lower case are compared: the same for all its spellings and forms."""
    return _known_name_term(word, analyzer) if len(word) <= _LONGEST_KNOWN else _name_term(word, analyzer)


def _name_term(word: str, analyzer: str) -> str:
    return term_of(name_form(word, analyzer), analyzer)


_known_name_term = lru_cache(maxsize=16_384)(_name_term)
