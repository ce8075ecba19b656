"""Bounds on what one query may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harbor_search.errors import UserError
from harbor_search.query.characters import count_words
from harbor_search.query.tokens import LEAVES, Kind, Token

__all__ = ["Limits", "check_bounds"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most words in a query, the deepest nesting of parentheses, and the fewest letters before `*`."""

    terms: int
    nesting: int
    prefix_minimum: int


def check_bounds(tokens: Sequence[Token], limits: Limits) -> None:
    """Refuse a query with too many words or too deep nesting; parentheses must be balanced.

    Raises:
        UserError: `position` is where the first word or parenthesis beyond the bound stands.
    """
    _check_words(tokens, limits.terms)
    _check_nesting(tokens, limits.nesting)


def _check_words(tokens: Sequence[Token], highest: int) -> None:
    words, beyond = 0, None
    for token in tokens:
        if token.kind in LEAVES:
            words += count_words(token.text)
            if words > highest and beyond is None:
                beyond = token.position
    if beyond is not None:
        raise UserError(
            f"the query has {words} words; at most {highest} are allowed: leave out the least important ones",
            where="q",
            position=beyond,
        )


def _check_nesting(tokens: Sequence[Token], highest: int) -> None:
    depth = 0
    for token in tokens:
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if depth > highest:
            raise UserError(
                f"parentheses stand more than {highest} deep inside each other; at most {highest} are allowed",
                where="q",
                position=token.position,
            )
