"""Per-document data for Whoosh: stored fields, field lengths and sort columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import PerDocumentReader
from whoosh.columns import ColumnReader

from harbor_search.article import SECTION_SEPARATOR, article_to_dict
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.whoosh.columns import id_column, published_column, section_column, views_column

__all__ = ["ArticlesReader"]

_COLUMNS: dict[str, Callable[[SegmentReader], ColumnReader]] = {
    "id": id_column,
    "section": section_column,
    "published": published_column,
    "views": views_column,
}


class ArticlesReader(PerDocumentReader):  # type: ignore[misc]
    """The articles of a segment, by number; deleted ones keep their numbers."""

    def __init__(self, reader: SegmentReader, deleted: frozenset[int]) -> None:
        """`deleted` are the numbers of deleted articles."""
        self._reader, self._deleted = reader, deleted
        self._lengths = {field: reader.lengths(field) for field in TEXT_FIELDS}

    def doc_count(self) -> int:
        """The number of live articles."""
        return self._reader.count - len(self._deleted)

    def doc_count_all(self) -> int:
        """The number of articles, including deleted ones."""
        return self._reader.count

    def has_deletions(self) -> bool:
        """Whether any article is deleted."""
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether this article is deleted."""
        return docnum in self._deleted

    def deleted_docs(self) -> frozenset[int]:
        """The numbers of deleted articles."""
        return self._deleted

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """The article's fields as Whoosh's own writer would store them, and `article`, the complete article."""
        article = self._reader.article(docnum)
        return {
            "id": article.id,
            "title": article.title,
            "headings": "\n".join(section.heading for section in article.body if section.heading),
            "lead": article.lead,
            "names": "\n".join(article.tags),
            "body": "\n\n".join(section.text for section in article.body if section.text),
            "section": SECTION_SEPARATOR.join(article.section),
            "tags": list(article.tags),
            "source": article.source_name,
            "published": datetime.combine(article.published, time()) if article.published else None,
            "views": article.views,
            "article": article_to_dict(article),
        }

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The number of tokens in a field of the article, or `default` if there are none."""
        lengths = self._lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum]) or default

    def field_length(self, fieldname: str) -> int:
        """The total number of tokens in a field."""
        return self._over(fieldname, lambda lengths: lengths.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        """The smallest number of tokens in a field of an article."""
        return self._over(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        """The largest number of tokens in a field of an article."""
        return self._over(fieldname, np.max)

    def _over(self, fieldname: str, summary: Callable[[npt.NDArray[Any]], Any]) -> int:
        lengths = self._lengths.get(fieldname)
        return 0 if lengths is None or not lengths.size else int(summary(lengths))

    def supports_columns(self) -> bool:
        """Always True."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether there is a column of that name."""
        return fieldname in _COLUMNS

    def list_columns(self) -> list[str]:
        """The names of all columns."""
        return list(_COLUMNS)

    def column_reader(self, fieldname: str, column: Any) -> ColumnReader:
        """The column of that name, in the form that Whoosh's field type expects."""
        return _COLUMNS[fieldname](self._reader)
