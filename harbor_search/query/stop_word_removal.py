"""Stopping: leaving out of a question the words that do not say what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harbor_search.analysis.stopwords import ENGLISH, StopWords
from harbor_search.query.plain import is_letter
from harbor_search.query.tokens import LEAVES, OPERATORS, Kind, Sign, Token

__all__ = ["drop_stop_words"]


def drop_stop_words(tokens: Sequence[Token], stop: StopWords = ENGLISH) -> tuple[tuple[Token, ...], tuple[str, ...]]:
    """`tokens` without the words of `stop` that the reader did not insist on, and those words, each once.

    Only bare words go: no sign, field or operator applies to them or to parentheses around them. Nothing goes where
    no word or phrase with a subject of its own would be left. Parentheses must be balanced.
    """
    names = _names(tokens, stop)
    if not any(_is_subject(token, stop) or index in names for index, token in enumerate(tokens)):
        return tuple(tokens), ()
    letters = _lettered(tokens, stop)
    going = {i for i in _bare_words(tokens) if _is_stop_word(tokens[i], stop) and i not in names and i not in letters}
    dropped: dict[str, str] = {}
    for index in sorted(going):
        dropped.setdefault(tokens[index].text.lower(), tokens[index].text)
    return tuple(token for index, token in enumerate(tokens) if index not in going), tuple(dropped.values())


def _bare_words(tokens: Sequence[Token]) -> Iterator[int]:
    """Indices of the words that no sign, field or operator applies to, directly or through parentheses."""
    insisted: list[bool] = [False]
    ends = _group_ends(tokens)
    for index, token in enumerate(tokens):
        if token.kind is Kind.CLOSE:
            insisted.pop()
        elif token.kind is Kind.OPEN:
            insisted.append(insisted[-1] or _is_marked(tokens, index, ends[index]))
        elif token.kind is Kind.WORD and not insisted[-1] and not _is_marked(tokens, index, index):
            yield index


def _group_ends(tokens: Sequence[Token]) -> dict[int, int]:
    """From the index of each opening parenthesis to that of its closing one."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind is Kind.OPEN:
            opened.append(index)
        elif token.kind is Kind.CLOSE:
            ends[opened.pop()] = index
    return ends


def _is_marked(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether the operand from `start` to `end` has a sign, a field, or an operator beside it."""
    token = tokens[start]
    before = start > 0 and tokens[start - 1].kind in OPERATORS
    after = end + 1 < len(tokens) and tokens[end + 1].kind in OPERATORS
    return token.sign is not Sign.NONE or token.field is not None or before or after


def _is_subject(token: Token, stop: StopWords) -> bool:
    """Whether articles could be about what `token` asks for."""
    if token.kind is Kind.WORD:
        said = not _is_stop_word(token, stop) and token.text.lower() not in stop.qualifiers
        return said and token.sign is not Sign.MUST_NOT
    return token.kind in LEAVES and token.sign is not Sign.MUST_NOT


def _is_stop_word(token: Token, stop: StopWords) -> bool:
    return token.text.lower() in stop.words


def _names(tokens: Sequence[Token], stop: StopWords) -> frozenset[int]:
    """Indices of acronyms that look like stop words (WHO, US, IT), where not all the query is in capitals."""
    words = [(index, token.text) for index, token in enumerate(tokens) if token.kind is Kind.WORD]
    if not any(word.islower() for _, word in words):
        return frozenset()
    return frozenset(index for index, word in words if len(word) > 1 and word.isupper() and word.lower() in stop.words)


def _lettered(tokens: Sequence[Token], stop: StopWords) -> frozenset[int]:
    """Indices of single letters that belong to the word before them: "vitamin A for skin", "hepatitis a", "type I".

    A capital but "I" inside a question and any letter at its end are no article or pronoun, unless a stop word leads
    up to them ("why do I").
    """
    return frozenset(
        index
        for index, token in enumerate(tokens)
        if index > 0
        and len(token.text) == 1
        and (is_letter(token.text, tokens[index - 1].text, stop) or index == len(tokens) - 1)
        and tokens[index - 1].kind is Kind.WORD
        and not _is_stop_word(tokens[index - 1], stop)
    )
