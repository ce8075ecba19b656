"""Telling prose from syntax: in a sentence AND, OR and NOT are words, whatever their case.

People who write operators write them between names of things: `iron NOT tea`. People who stress a word write sentences:
"I can NOT sleep", "Signs of Low Iron You Should NOT Ignore". What tells the two apart are function words: right beside
an operator there is none in syntax, and a headline or a sentence with a full stop is none either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harbor_search.analysis.stopwords import STOP_WORDS
from harbor_search.query.tokens import OPERATORS, Kind, Sign, Token

__all__ = ["is_prose", "operators_as_words", "signs_as_text", "stressed_as_words"]

_SENTENCE_ENDS = (".", "?", "!", "\u2026")

_TITLE_WORDS = 4
"""Words of a headline: "Iron NOT Tea" is short enough to be a query in capitals."""

_CLAUSE_TOKENS = 5
"""The fewest tokens of two clauses with "and" or "or" between them: "to eat AND to drink"."""

_PROSE_WORDS = 2
"""Function words, apart from those beside operators, from which on a text with a full stop is a sentence."""


def is_prose(tokens: Sequence[Token]) -> bool:
    """Whether `tokens` are words and phrases alone: nothing in them asks for more than to be searched for."""
    return all(
        token.kind in (Kind.WORD, Kind.PHRASE, Kind.OPEN, Kind.CLOSE)
        and token.sign is Sign.NONE
        and token.field is None
        for token in tokens
    )


def stressed_as_words(tokens: Sequence[Token], text: str) -> tuple[Token, ...]:
    """`tokens` with operators as words where `text` is a sentence or a headline, else as they are."""
    if not any(token.kind in OPERATORS for token in tokens) or not _is_sentence(tokens, text):
        return tuple(tokens)
    return operators_as_words(tokens)


def operators_as_words(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """`tokens` with operators as the words that they are."""
    return tuple(replace(token, kind=Kind.WORD) if token.kind in OPERATORS else token for token in tokens)


def signs_as_text(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The `tokens` of a pasted text, which is longer than queries may be: a minus is a dash there, an asterisk an item.

    With a `+`, a field or an operator it is no pasted text; then they are as they were.
    """
    if any(token.sign is Sign.MUST or token.field or token.kind in OPERATORS | {Kind.FILTER} for token in tokens):
        return tuple(tokens)
    kinds = {Kind.PREFIX: Kind.WORD, Kind.FUZZY: Kind.WORD}
    return tuple(Token(kinds.get(token.kind, token.kind), token.text, token.position) for token in tokens)


def _is_sentence(tokens: Sequence[Token], text: str) -> bool:
    if not is_prose([token for token in tokens if token.kind not in OPERATORS]):
        return False
    if any(_is_stressed(tokens, index) for index, token in enumerate(tokens) if token.kind in OPERATORS):
        return True
    words = [token.text for token in tokens if token.kind is Kind.WORD]
    functions = sum(word.lower() in STOP_WORDS for word in words)
    ended = text.rstrip().endswith(_SENTENCE_ENDS)
    return functions > 0 and (_is_headline(words) or (ended and functions >= _PROSE_WORDS))


def _is_stressed(tokens: Sequence[Token], index: int) -> bool:
    """Whether a function word stands right beside the operator at `index`, as in "should NOT" and "NOT to".

    `the AND pain` is too short to be anything but syntax.
    """
    if tokens[index].kind is not Kind.NOT and len(tokens) < _CLAUSE_TOKENS:
        return False
    beside = [tokens[at] for at in (index - 1, index + 1) if 0 <= at < len(tokens)]
    return any(token.kind is Kind.WORD and token.text.lower() in STOP_WORDS for token in beside)


def _is_headline(words: Sequence[str]) -> bool:
    """Whether all words but function words begin with a capital."""
    content = [word for word in words if word.lower() not in STOP_WORDS]
    return len(words) >= _TITLE_WORDS and all(not word[:1].islower() for word in content)
