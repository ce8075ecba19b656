"""Bounds on what one query may cost, and the faults that syntax can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harbor_search.errors import UserError
from harbor_search.query.characters import count_words
from harbor_search.query.tokens import LEAVES, OPERANDS, OPERATORS, Kind, Token

__all__ = ["Limits", "check_bounds", "check_syntax"]


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


def check_syntax(tokens: Sequence[Token], text: str) -> None:
    """Refuse parentheses and quotation marks without partners, and operators without what they operate on.

    Raises:
        UserError: `position` is where the first fault stands.
    """
    _check_partners(tokens)
    _check_operators(tokens)
    if text.count('"') % 2 and (position := _opening_quote(text)) is not None:
        raise UserError("the quotation mark has no partner: close it, or leave it out", where="q", position=position)


def _check_partners(tokens: Sequence[Token]) -> None:
    opened: list[int] = []
    for token in tokens:
        if token.kind is Kind.OPEN:
            opened.append(token.position)
        elif token.kind is Kind.CLOSE and opened:
            opened.pop()
        elif token.kind is Kind.CLOSE:
            raise UserError("the parenthesis was never opened: leave it out", where="q", position=token.position)
    if opened:
        raise UserError("the parenthesis is never closed: close it, or leave it out", where="q", position=opened[-1])


def _check_operators(tokens: Sequence[Token]) -> None:
    if not any(token.kind in OPERANDS for token in tokens):
        return  # operators alone are the words that they are
    for index, token in enumerate(tokens):
        if token.kind not in OPERATORS:
            continue
        after = tokens[index + 1].kind if index + 1 < len(tokens) else None
        before = tokens[index - 1].kind if index else None
        begins = after in OPERANDS or after in (Kind.OPEN, Kind.NOT)
        ends = token.kind is Kind.NOT or before in OPERANDS or before is Kind.CLOSE
        if not begins or not ends:
            side = "after" if not begins else "before"
            raise UserError(
                f"{token.text} has nothing {side} it: add a word, or write it in small letters",
                where="q",
                position=token.position,
            )


def _opening_quote(text: str) -> int | None:
    """Where the last quotation mark stands, unless it is one of inches, right after a digit, or closes a word."""
    at = text.rfind('"')
    return None if at and text[at - 1].isalnum() else at


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
