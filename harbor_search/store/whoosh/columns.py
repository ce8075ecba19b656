"""Columns of a segment as Whoosh's sorting and faceting read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.columns import ColumnReader

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.store.format import NO_DATE
from harbor_search.store.schema import UNKNOWN_DATE
from harbor_search.store.segment.reader import SegmentReader

__all__ = ["id_column", "published_column", "section_column", "views_column"]

_DAY = 86_400_000_000  # microseconds, in which Whoosh counts time
_SIGN = np.uint64(1 << 63)


class _Numbers(ColumnReader):  # type: ignore[misc]
    """A column of integers; for a descending sort Whoosh calls `set_reverse`."""

    def __init__(self, values: npt.NDArray[np.uint64]) -> None:
        self._values = values
        self._sign = 1

    def __len__(self) -> int:
        return self._values.size

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])

    def __iter__(self) -> Iterator[int]:
        return iter(self._values.tolist())

    def sort_key(self, docnum: int) -> int:
        """The document's sort key."""
        return self._sign * self[docnum]

    def set_reverse(self) -> None:
        """Reverse the order of sort keys."""
        self._sign = -1


class _Texts(ColumnReader):  # type: ignore[misc]
    """A column of byte strings, computed on access."""

    def __init__(self, count: int, text_of: Callable[[int], bytes]) -> None:
        self._count = count
        self._text_of = text_of

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, docnum: int) -> bytes:
        return self._text_of(docnum)

    def __iter__(self) -> Iterator[bytes]:
        return map(self._text_of, range(self._count))


def id_column(segment: SegmentReader) -> ColumnReader:
    """The ids."""
    return _Texts(segment.count, segment.article_id)


def section_column(segment: SegmentReader) -> ColumnReader:
    """The whole section paths."""
    paths: Sequence[bytes] = [SECTION_SEPARATOR.join(path).encode() for path in segment.sections]
    codes: npt.NDArray[Any] = segment.columns["section"]
    return _Texts(segment.count, lambda docnum: paths[codes[docnum]])


def published_column(segment: SegmentReader) -> ColumnReader:
    """The beginnings of the days of publication."""
    days = segment.columns["published"].astype(np.int64)
    return _Numbers(np.where(days == NO_DATE, UNKNOWN_DATE, (days - 1) * _DAY).astype(np.uint64))


def views_column(segment: SegmentReader) -> ColumnReader:
    """The numbers of views, shifted to be positive; -1 (before shifting) if unknown."""
    return _Numbers(segment.columns["views"].view(np.uint64) ^ _SIGN)
