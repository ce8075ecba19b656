"""The Whoosh schema of an index: what stock Whoosh knows of our fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from whoosh import fields
from whoosh.analysis import Analyzer as WhooshAnalyzer
from whoosh.analysis import Token as WhooshToken

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article

__all__ = ["KEYWORD_FIELDS", "SECTION_SEPARATOR", "TEXT_FIELDS", "TermsAnalyzer", "keyword_terms", "make_schema"]

TEXT_FIELDS = ("title", "headings", "lead", "body")
"""Analysed fields, with positions."""

KEYWORD_FIELDS = ("id", "section", "published", "views", "tags")
"""Fields whose values are terms as they are, without positions."""

SECTION_SEPARATOR = " > "


class TermsAnalyzer(WhooshAnalyzer):  # type: ignore[misc]
    """Our analyzer `name` in the form Whoosh's query parser and fields expect."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, mode: str = "", **_: Any
    ) -> Iterator[WhooshToken]:
        token = WhooshToken(positions, chars, mode=mode, removestops=False)
        for each in get_analyzer(self.name).analyze(value):
            token.original = value[each.start : each.end]
            token.text = each.text
            token.boost = 1.0
            token.stopped = False
            if positions:
                token.pos = each.position
            if chars:
                token.startchar, token.endchar = each.start, each.end
            yield token


def make_schema(analyzer: str) -> fields.Schema:
    """The schema of an index whose text is analysed by the analyzer of that name."""
    text = {name: fields.TEXT(analyzer=TermsAnalyzer(analyzer), phrase=True) for name in TEXT_FIELDS}
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        section=fields.KEYWORD(commas=True, scorable=False),
        tags=fields.KEYWORD(commas=True, scorable=False),
        published=fields.DATETIME(),
        views=fields.NUMERIC(int, bits=64, shift_step=0),
        article=fields.STORED(),
        **text,
    )


def keyword_terms(schema: fields.Schema, article: Article) -> Iterator[tuple[str, bytes]]:
    """The (field, term) pairs under which an article stands in the keyword fields.

    A section path stands under each of its levels, outermost first ("Health", "Health > Sleep").
    """
    yield "id", article.id.encode()
    for level in range(1, len(article.section) + 1):
        yield "section", SECTION_SEPARATOR.join(article.section[:level]).encode()
    if article.published is not None:
        yield "published", _day(schema, article.published)
    if article.views is not None:
        yield "views", schema["views"].to_bytes(article.views)
    for tag in dict.fromkeys(article.tags):
        yield "tags", tag.encode()


def _day(schema: fields.Schema, day: date) -> bytes:
    encoded: bytes = schema["published"].to_bytes(datetime(day.year, day.month, day.day))
    return encoded
