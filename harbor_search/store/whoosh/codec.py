"""The Whoosh codec for our segments (read-only)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from whoosh.codec.base import Codec, Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.writing import IndexingError

from harbor_search.errors import OperationalError, UserError
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.whoosh.documents import ArticlesReader
from harbor_search.store.whoosh.terms import DictionariesReader

__all__ = ["HarborCodec", "refuse_writing"]


def refuse_writing(*_: Any, **__: Any) -> NoReturn:
    """Stands for every method of Whoosh that would write.

    Raises:
        IndexingError: always.
    """
    raise IndexingError(
        "harbor_search wrote this index, and Whoosh can only read it; "
        "to change it, use `harbor-search update` or `harbor-search rebuild`"
    )


class HarborCodec(Codec):  # type: ignore[misc]
    """Opens one segment for Whoosh; terms and documents share one `SegmentReader`."""

    def __init__(self) -> None:
        self._opened: SegmentReader | None = None

    def terms_reader(self, storage: Any, segment: Segment) -> DictionariesReader:
        """The terms of `segment`.

        Raises:
            OperationalError: a file is missing or damaged.
            UserError: the index is not in a folder.
        """
        return DictionariesReader(self._open(storage, segment))

    def per_document_reader(self, storage: Any, segment: Segment) -> ArticlesReader:
        """The stored fields, lengths and columns of `segment`.

        Raises:
            OperationalError: a file is missing or damaged.
            UserError: the index is not in a folder.
        """
        return ArticlesReader(self._open(storage, segment), segment.deleted_docs())

    per_document_writer = refuse_writing
    field_writer = refuse_writing
    postings_writer = refuse_writing
    new_segment = refuse_writing

    def _open(self, storage: Any, segment: Segment) -> SegmentReader:
        if self._opened is None:
            if not isinstance(storage, FileStorage):
                raise UserError(f"{storage!r} is no folder; open the index where it lies with whoosh.index.open_dir")
            folder = Path(storage.folder)
            opened = SegmentReader(folder, segment.segment_id())
            if opened.count != segment.count:
                raise OperationalError(
                    f"the segment {opened.name} in {folder} has {opened.count} articles where the table of contents "
                    f"says {segment.count}; roll back or rebuild the index"
                )
            self._opened = opened
        return self._opened
