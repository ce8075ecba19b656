"""The entry of a segment in Whoosh's table of contents: its name, number of articles and deletions."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import Codec, Segment

from harbor_search.store.whoosh.codec import HarborCodec, refuse_writing

__all__ = ["INDEX_NAME", "HarborSegment"]

INDEX_NAME = "MAIN"
"""Whoosh's default name for the index in a folder."""


class HarborSegment(Segment):  # type: ignore[misc]
    """A segment written by `SegmentWriter`, as Whoosh pickles it in its table of contents."""

    def __init__(self, name: str, count: int, deleted: npt.NDArray[np.integer[Any]] | None = None) -> None:
        """`deleted` are the numbers of deleted articles, in any order."""
        self.indexname, self.segid = name.split("_", 1)
        self.compound = False
        self.count = count
        gone = np.zeros(count, np.bool_)
        if deleted is not None:
            gone[deleted] = True
        self._bitmap = np.packbits(gone, bitorder="little").tobytes()
        self._deleted: frozenset[int] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_deleted": None}

    def codec(self) -> Codec:
        """A codec for one reader of this segment."""
        return HarborCodec()

    def deleted_docs(self) -> frozenset[int]:
        """The numbers of deleted articles; cached, as Whoosh asks for them for each term of each query."""
        if self._deleted is None:
            gone = np.unpackbits(np.frombuffer(self._bitmap, np.uint8), count=self.count, bitorder="little")
            self._deleted = frozenset(np.nonzero(gone)[0].tolist())
        return self._deleted

    def deleted_count(self) -> int:
        """The number of deleted articles."""
        return len(self.deleted_docs())

    def is_deleted(self, docnum: int) -> bool:
        """Whether this article is deleted; False for numbers beyond the last, for which Whoosh asks as well."""
        return docnum in self.deleted_docs()

    # Only Whoosh's writers ask a segment for its number of documents, and they do so first; readers ask the
    # per-document reader. Otherwise a writer would merge our segments into its own and delete our files.
    doc_count_all = refuse_writing
    set_doc_count = refuse_writing
    delete_document = refuse_writing
