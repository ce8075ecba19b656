"""The columns of what a page of results shows of each article besides passages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from harbor_search.store.columns import ColumnsFile
from harbor_search.store.format import NO_DATE, NO_VIEWS, SAME_AS_ID
from harbor_search.store.segment.stored_form import Display

__all__ = ["DisplayColumns"]


class _Texts:
    """A text for each document."""

    def __init__(self, columns: ColumnsFile, name: str) -> None:
        # Memory views give Python's own numbers and bytes in half the time that arrays take.
        self._texts, self._ends = columns[f"{name}s"].data, columns[f"{name}_ends"].data

    def __getitem__(self, document: int) -> bytes:
        return bytes(self._texts[self._ends[document - 1] if document else 0 : self._ends[document]])


class DisplayColumns:
    """The display values of each document of a segment."""

    def __init__(self, columns: ColumnsFile, sections: Sequence[tuple[str, ...]]) -> None:
        self._ids, self._titles, self._urls = (_Texts(columns, name) for name in ("id", "title", "url"))
        self._published, self._views = columns["published"].data, columns["views"].data
        self._codes, self._sections = columns["section"].data, sections

    def __getitem__(self, document: int) -> Display:
        """The values of a document.

        Raises:
            ValueError, IndexError, OverflowError: a column is damaged.
        """
        own = self._ids[document].decode()
        url = self._urls[document]
        day, views = self._published[document], self._views[document]
        return Display(
            own,
            own if url == SAME_AS_ID else url.decode(),
            self._titles[document].decode(),
            self._sections[self._codes[document]],
            None if day == NO_DATE else date.fromordinal(day),
            None if views == NO_VIEWS else views,
        )
