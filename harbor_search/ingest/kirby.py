"""Texts of Kirby: fields with lines `----` between them, of which one is the text."""

from __future__ import annotations

import re
from typing import Any

from harbor_search.ingest.field_names import fold
from harbor_search.ingest.header_fields import is_known
from harbor_search.ingest.repeated_keys import merged

__all__ = ["split_kirby"]

_KIRBY = re.compile(r"^----[ \t]*$", re.MULTILINE)
_KIRBY_HEAD = re.compile(r"(title|uuid):[ \t]*(\S.*)", re.IGNORECASE)
_KIRBY_FIELD = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)", re.DOTALL)
_KIRBY_DATA = re.compile(r"[\[{]\s*[\[{\"]|-[ \t]*\n|-[ \t]+\w+://")
_KIRBY_TEXTS = frozenset(("text", "body", "content", "maintext"))
_LONG = 80
"""Characters of a value that is a sentence and no label."""


def split_kirby(text: str) -> tuple[dict[str, Any], str] | None:
    """The fields of a text of Kirby's and its text; None where a text is none of these.

    A recipe or a menu may have such rules too: a title alone on the line above the first one tells Kirby's texts.
    """
    first, *others = _KIRBY.split(text)
    head = _KIRBY_HEAD.fullmatch(first.strip())
    fields = [each for block in others if block.strip() and (each := _KIRBY_FIELD.match(block.strip()))]
    if not head or len(fields) < sum(bool(block.strip()) for block in others):
        return None
    if not any(fold(each[1]) in _KIRBY_TEXTS for each in fields):
        return None
    pairs, texts = [(head[1], head[2])], []
    for each in fields:
        name, value = each[1], each[2].strip()
        if _is_text_of_kirby(fold(name), value):
            texts.append(value if fold(name) in _KIRBY_TEXTS else each[0])
        else:
            pairs.append((name, value))
    return {name: value for name, value in merged(pairs).items() if value}, "\n\n".join(texts)


def _is_text_of_kirby(name: str, value: str) -> bool:
    """Whether a field is text: the article's, or long and of no other use, as the method of a recipe."""
    is_long = "\n" in value or len(value) > _LONG
    return name in _KIRBY_TEXTS or (is_long and not is_known(name) and not _KIRBY_DATA.match(value))
