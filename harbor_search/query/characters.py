"""Which characters mean what in a query, whatever keyboard or editor they came from."""

from __future__ import annotations

import re

from harbor_search.analysis import tokenize

__all__ = ["alternatives_apart", "count_words", "only_word", "plain_signs"]

_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e"
_APOSTROPHES = "\u2018\u2019\u201b\u02bc\uff07"
_SEPARATORS = "\u2014\u2015\u2026\u00a1\u00bf"  # dashes between clauses, the ellipsis, what opens a Spanish question
_DIRECTION_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_FULL_WIDTH = 0xFEE0  # from "+" to its full-width twin, and so for all of ASCII

_TABLE: dict[int, str] = {
    # Controls and lone surrogates are no part of any word; the latter could not even be encoded for an engine.
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)), " "),
    **{ord(character): " " for character in _SEPARATORS + _DIRECTION_MARKS},
    **{ord(character): '"' for character in _QUOTES},
    **{ord(character): "'" for character in _APOSTROPHES},
    **{_FULL_WIDTH + ord(sign): sign for sign in '"+-():*~,;.?!'},
}


_ALTERNATIVES = re.compile(r"(?<!\S)[^\W\d_]{3,}(?:/[^\W\d_]{3,})++(?=[.,;:!?]*+(?!\S))")


def plain_signs(text: str) -> str:
    """`text` with typographic quotes and full-width signs as plain ones, and what separates words as spaces.

    Every character is replaced by exactly one, so that offsets stay those of the text that the reader typed.
    """
    return text.translate(_TABLE)


def alternatives_apart(text: str) -> str:
    """`text` with a space for the slash between whole words ("asthma/bronchitis"): either is asked for, and hardly that
    they stand beside each other. "mg/dL", "24/7" and addresses stay."""
    return _ALTERNATIVES.sub(lambda found: found[0].replace("/", " "), text) if "/" in text else text


def count_words(text: str) -> int:
    """How many words the analyzer finds in `text`: each is a list of articles for the engine to walk."""
    if _is_simple(text):
        return 1
    return sum(1 for _ in tokenize(text))


def only_word(text: str) -> str | None:
    """The characters of the one word in `text`, without signs around it; None where there is no word or several."""
    if _is_simple(text):
        return text
    tokens = list(tokenize(text))
    return text[tokens[0].start : tokens[0].end] if len(tokens) == 1 else None


def _is_simple(text: str) -> bool:
    """Whether `text` is one word without further looking, as most words of most queries are."""
    return text.isascii() and text.isalnum()
