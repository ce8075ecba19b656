"""The terms of words of queries, each found once: questions that are new are mostly made of words that are not."""

from __future__ import annotations

from collections.abc import Sequence

from harbor_search.analysis.analyzer import MAX_TERM_LENGTH, get_analyzer

__all__ = ["known_terms"]

_MOST_KNOWN = 16_384
"""Words of a language that are remembered: some megabytes."""

_known: dict[str, dict[str, str]] = {}


def known_terms(words: Sequence[str], analyzer: str) -> list[str]:
    """The terms of token texts, as `Analyzer.terms` gives them; for what is asked word by word. Threads may share it.

    Articles are analysed without it: their batches have each word once, and more of them than can be remembered.
    """
    known = _known.get(analyzer)
    if known is None:
        known = _known.setdefault(analyzer, {})
    try:
        return [known[word] for word in words]
    except KeyError:
        return _learnt(words, known, analyzer)


def _learnt(words: Sequence[str], known: dict[str, str], analyzer: str) -> list[str]:
    """The same where some are not known yet. What is longer than a term may be as long as a query, and is not kept."""
    found = list(map(known.get, words))
    new = list(dict.fromkeys([word for word, term in zip(words, found, strict=True) if term is None]))
    made = dict(zip(new, get_analyzer(analyzer).terms(new), strict=True))
    if len(known) + len(made) > _MOST_KNOWN:
        known.clear()
    longest = max(map(len, new), default=0)
    known |= made if longest <= MAX_TERM_LENGTH else {word: made[word] for word in new if len(word) <= MAX_TERM_LENGTH}
    return [made[word] if term is None else term for word, term in zip(words, found, strict=True)]
