"""The terms of single words, each analysed once: readers share most of their words, and pages show the same ones."""

from __future__ import annotations

from functools import lru_cache

from harbor_search.analysis import get_analyzer

__all__ = ["term_of"]


@lru_cache(maxsize=16_384)
def term_of(word: str, analyzer: str) -> str:
    """The term of a word in lower case, by the analyzer of that name; of signs alone an empty one."""
    return " ".join(token.text for token in get_analyzer(analyzer).analyze(word))
