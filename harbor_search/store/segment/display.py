"""The display values of articles: what a page of results shows besides passages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from harbor_search.store.columns import ColumnsFile
from harbor_search.store.format import NO_DATE, NO_VIEWS, SAME_AS_ID
from harbor_search.store.segment.article_record import Display

__all__ = ["DisplayColumns"]


_SAME_AS_ID = SAME_AS_ID.decode()


class DisplayColumns:
    """The display values of each document of a segment."""

    def __init__(self, columns: ColumnsFile, sections: Sequence[tuple[str, ...]]) -> None:
        # Memory views return Python numbers and strings in half the time of numpy arrays.
        self._ids, self._id_ends = columns["ids"].data, columns["id_ends"].data
        self._titles, self._title_ends = columns["titles"].data, columns["title_ends"].data
        self._urls, self._url_ends = columns["urls"].data, columns["url_ends"].data
        self._published, self._views = columns["published"].data, columns["views"].data
        self._codes, self._sections = columns["section"].data, sections

    def __getitem__(self, document: int) -> Display:
        """The values of a document.

        Raises:
            ValueError, IndexError, OverflowError: a column is damaged.
        """
        own = _text(self._ids, self._id_ends, document)
        url = _text(self._urls, self._url_ends, document)
        day, views = self._published[document], self._views[document]
        return Display(
            own,
            own if url == _SAME_AS_ID else url,
            _text(self._titles, self._title_ends, document),
            self._sections[self._codes[document]],
            None if day == NO_DATE else date.fromordinal(day),
            None if views == NO_VIEWS else views,
        )


def _text(texts: memoryview, ends: memoryview, document: int) -> str:
    return str(texts[ends[document - 1] if document else 0 : ends[document]], "utf-8")
