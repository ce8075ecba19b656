"""The Whoosh schema of an index: our fields as stock Whoosh sees them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from whoosh import fields
from whoosh.analysis import Analyzer as WhooshAnalyzer
from whoosh.analysis import IDAnalyzer
from whoosh.analysis import Token as WhooshToken
from whoosh.columns import NumericColumn

from harbor_search.analysis import Token, fold, get_analyzer
from harbor_search.article import SECTION_SEPARATOR, Article
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.postings.dictionary_entries import MAX_TERM_BYTES

__all__ = [
    "UNKNOWN_DATE",
    "UNKNOWN_VIEWS",
    "TermsAnalyzer",
    "keyword_terms",
    "make_schema",
]

UNKNOWN_VIEWS = (1 << 63) - 1
"""In Whoosh's column of views, whose numbers are shifted to be positive: -1, which sorts below all others."""

UNKNOWN_DATE = 0
"""In Whoosh's column of dates (microseconds since 1 January of year 1): before all others."""


class TermsAnalyzer(WhooshAnalyzer):  # type: ignore[misc]
    """Adapts our analyzer `name` to Whoosh's query parser and fields.

    Parts of words, passed with `tokenize` False (prefixes, patterns, ends of ranges), are folded but not stemmed.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        mode: str = "",
        tokenize: bool = True,
        **_: Any,
    ) -> Iterator[WhooshToken]:
        token = WhooshToken(positions, chars, mode=mode, removestops=False)
        whole = [Token(fold(value), 0, 0, len(value))]
        for each in get_analyzer(self.name).analyze(value) if tokenize else whole:
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
    """The schema of an index whose text is analysed by the analyzer named `analyzer`."""
    # A word that the analyzer splits ("covid-19") is searched as a phrase, as in our own queries.
    text = {
        name: fields.TEXT(analyzer=TermsAnalyzer(analyzer), phrase=True, stored=True, multitoken_query="phrase")
        for name in TEXT_FIELDS
    }
    published = fields.DATETIME(stored=True, sortable=NumericColumn("Q", UNKNOWN_DATE))
    published.shift_step = 0  # days are few; Whoosh's terms for coarser ranges would cost more than they save
    return fields.Schema(
        id=fields.ID(unique=True, stored=True, sortable=True),
        section=fields.KEYWORD(analyzer=IDAnalyzer(), stored=True, sortable=True),
        tags=fields.KEYWORD(analyzer=IDAnalyzer(), stored=True),
        source=fields.KEYWORD(analyzer=IDAnalyzer(), stored=True),
        published=published,
        views=fields.NUMERIC(int, bits=64, shift_step=0, stored=True, sortable=NumericColumn("Q", UNKNOWN_VIEWS)),
        article=fields.STORED(),
        **text,
    )


def keyword_terms(schema: fields.Schema, article: Article) -> Iterator[tuple[str, bytes]]:
    """The (field, term) pairs of an article's keyword fields, except its id.

    A section path is indexed at each of its levels, outermost first ("Health", "Health > Sleep").
    """
    if article.section:
        levels = (SECTION_SEPARATOR.join(article.section[:level]) for level in range(1, len(article.section) + 1))
        for term in dict.fromkeys(map(_term, levels)):
            yield "section", term
    if article.published is not None:
        yield "published", _day(schema, article.published)
    if article.views is not None:
        yield "views", schema["views"].to_bytes(article.views)
    if article.source_name:
        yield "source", _term(article.source_name)
    if article.tags:
        for term in dict.fromkeys(map(_term, article.tags)):
            yield "tags", term


def _term(text: str) -> bytes:
    """`text` as a term, truncated to `MAX_TERM_BYTES` at a character boundary."""
    encoded = text.encode()
    return encoded if len(encoded) <= MAX_TERM_BYTES else encoded[:MAX_TERM_BYTES].decode(errors="ignore").encode()


def _day(schema: fields.Schema, day: date) -> bytes:
    encoded: bytes = schema["published"].to_bytes(datetime(day.year, day.month, day.day))
    return encoded
