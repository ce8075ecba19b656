"""Pairs of indexes of the same articles: ours, and one that Whoosh's own writer made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index
from whoosh.analysis import Token
from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Query
from whoosh.searching import Searcher

from harbor_search.analysis import get_analyzer
from harbor_search.article import SECTION_SEPARATOR, Article
from harbor_search.store.inversion.list_kernels import POSITION_GAP
from harbor_search.store.schema import TermsAnalyzer, make_schema
from harbor_search.store.segment.writer import SegmentWriter
from harbor_search.store.whoosh import segment_name, write_toc

__all__ = ["Pair", "found_by", "open_pair", "write_index"]


@dataclass(frozen=True)
class Pair:
    """Searchers of the same articles: `ours` reads our segments, `stock` what Whoosh wrote."""

    ours: Searcher
    stock: Searcher


class Texts(str):
    """Several texts as the value of one field."""

    texts: tuple[str, ...]

    @staticmethod
    def of(texts: Iterable[str]) -> Texts:
        made = Texts(" ".join(texts := tuple(texts)))
        made.texts = texts
        return made


class TextsAnalyzer(TermsAnalyzer):
    """Leaves the gap between two texts that our own inversion leaves."""

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        if not isinstance(value, Texts):
            yield from super().__call__(value, **options)
            return
        position = 0
        for text in value.texts:
            position += POSITION_GAP if position else 0
            first = position
            for token in super().__call__(text, **options):
                position += 1
                token.pos = first + (token.pos if options.get("positions") else 0)
                yield token


def write_index(folder: Path, segments: Sequence[Sequence[Article]], gone: frozenset[str], analyzer: str) -> None:
    """Write our index of these segments, the articles with the ids in `gone` deleted."""
    listed = []
    for articles in segments:
        writer = SegmentWriter(folder, segment_name(), get_analyzer(analyzer))
        half = len(articles) // 2
        for batch in (articles[:half], articles[half:]):
            if batch:
                writer.add(batch)
        writer.finish()
        deleted = np.array([number for number, article in enumerate(articles) if article.id in gone], np.int32)
        listed.append((writer.name, writer.count, deleted if deleted.size else None))
    write_toc(folder, analyzer, listed)


def write_stock_index(segments: Sequence[Sequence[Article]], gone: frozenset[str], analyzer: str) -> index.FileIndex:
    """The same by Whoosh's own writer, in memory."""
    opened = RamStorage().create_index(stock_schema(analyzer))
    for articles in segments:
        writer = opened.writer()
        for article in articles:
            writer.add_document(**_fields(article))
        writer.commit(merge=False)
    if gone:
        writer = opened.writer()
        for article_id in gone:
            writer.delete_by_term("id", article_id)
        writer.commit(merge=False)
    return opened


def stock_schema(analyzer: str) -> Schema:
    schema = make_schema(analyzer)
    for name in ("headings", "body"):
        schema[name].analyzer = TextsAnalyzer(analyzer)
    return schema


def _fields(article: Article) -> dict[str, Any]:
    values = {
        "id": article.id,
        "title": article.title,
        "lead": article.lead,
        "names": "\n".join(article.tags),
        "headings": Texts.of(section.heading for section in article.body),
        "body": Texts.of(section.text for section in article.body),
        "section": [SECTION_SEPARATOR.join(article.section[: n + 1]) for n in range(len(article.section))] or None,
        "tags": list(dict.fromkeys(article.tags)) or None,
        "published": datetime.combine(article.published, datetime.min.time()) if article.published else None,
        "views": article.views,
    }
    return {name: value for name, value in values.items() if value is not None}


@contextmanager
def open_pair(
    segments: Sequence[Sequence[Article]], gone: frozenset[str] = frozenset(), analyzer: str = "english"
) -> Iterator[Pair]:
    """Both indexes, open."""
    with tempfile.TemporaryDirectory() as folder:
        write_index(Path(folder), segments, gone, analyzer)
        stock = write_stock_index(segments, gone, analyzer)
        with index.open_dir(folder).searcher() as ours, stock.searcher() as theirs:
            yield Pair(ours, theirs)


def found_by(searcher: Searcher, query: Query) -> list[str]:
    """The ids of all articles that match, sorted; with repetitions if there are any."""
    return sorted(searcher.stored_fields(number)["id"] for number in searcher.docs_for_query(query))
