"""The articles and the questions: the same for every server."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

__all__ = ["Question", "Text", "first_lines", "questions", "texts"]

PHRASES = 0.08
"""Share of questions in quotation marks, about what search logs of sites show."""

_WORD = re.compile(r"[A-Za-z]{3,}")
_DULL = frozenset(
    "the and for are was were that this with from have has had not but you your can may what which who how when where "
    "why its their they them these those will would could should also more most some such than then there been being "
    "into over under about other one two all any each many much very does did".split()
)


@dataclass(frozen=True, slots=True)
class Text:
    """An article as every server gets it."""

    id: str
    title: str
    body: str
    section: str


@dataclass(frozen=True, slots=True)
class Question:
    """Words of which any may match, or a phrase."""

    words: tuple[str, ...]
    phrase: bool = False

    @property
    def written(self) -> str:
        """As a reader types it."""
        text = " ".join(self.words)
        return f'"{text}"' if self.phrase else text


def texts(source: Path, limit: int | None) -> Iterator[Text]:
    """The first `limit` articles of `source` (JSON Lines, gzipped or not)."""
    for record in map(json.loads, first_lines(source, limit)):
        yield Text(str(record["id"]), record.get("title", ""), _body(record), _section(record))


def first_lines(source: Path, limit: int | None) -> list[str]:
    """The first `limit` lines of `source`, gzipped or not."""
    with (
        gzip.open(source, "rt", encoding="utf-8") if source.suffix == ".gz" else source.open(encoding="utf-8") as lines
    ):
        return list(islice(lines, limit))


def _body(record: dict[str, Any]) -> str:
    parts = [part for each in record.get("sections", ()) for part in (each.get("heading"), each.get("text")) if part]
    return "\n\n".join(parts) or record.get("text", "")


def _section(record: dict[str, Any]) -> str:
    given = record.get("section") or record.get("source") or ""
    # As harbor_search reads it: a path's levels are told apart by this sign.
    return " > ".join(given) if isinstance(given, list) else str(given)


def questions(articles: list[Text], number: int) -> list[Question]:
    """What readers might ask of `articles`: two to four telling words of one, mostly of its title; always the same."""
    chance = random.Random(20261127)
    found: list[Question] = []
    while len(found) < number:
        article = chance.choice(articles)
        if chance.random() < PHRASES:
            question = _phrase(article, chance)
        else:
            telling = [word for word in _WORD.findall(article.title) if word.lower() not in _DULL]
            others = [word for word in _WORD.findall(article.body[:600]) if word.lower() not in _DULL]
            words = chance.sample(telling, min(len(telling), chance.randint(1, 3)))
            words += chance.sample(others, min(len(others), chance.randint(1, 2)))
            question = Question(tuple(dict.fromkeys(word.lower() for word in words)))
        if question.words:
            found.append(question)
    return found


def _phrase(article: Text, chance: random.Random) -> Question:
    words = re.findall(r"[A-Za-z]+|\S", article.body[:600])
    pairs = [
        (one.lower(), two.lower())
        for one, two in zip(words, words[1:], strict=False)
        if _WORD.fullmatch(one) and _WORD.fullmatch(two) and not {one.lower(), two.lower()} & _DULL
    ]
    return Question(chance.choice(pairs), phrase=True) if pairs else Question(())
