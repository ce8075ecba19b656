"""What Whoosh's table of contents holds of a segment: its name, its number of articles and which of them left."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import Codec, Segment

from harbor_search.store.whoosh.codec import HarborCodec, refuse_writing

__all__ = ["INDEX_NAME", "HarborSegment"]

INDEX_NAME = "MAIN"
"""Whoosh's name for the index of a folder where the caller gives none."""


class HarborSegment(Segment):  # type: ignore[misc]
    """A segment that `SegmentWriter` wrote, in the form that Whoosh keeps in its table of contents (a pickle)."""

    def __init__(self, name: str, count: int, deleted: npt.NDArray[np.integer[Any]] | None = None) -> None:
        """`deleted` are the numbers of articles that left, in any order."""
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
        """The numbers of articles that left. Whoosh asks for each term of each query."""
        if self._deleted is None:
            gone = np.unpackbits(np.frombuffer(self._bitmap, np.uint8), count=self.count, bitorder="little")
            self._deleted = frozenset(np.nonzero(gone)[0].tolist())
        return self._deleted

    def deleted_count(self) -> int:
        """How many articles left."""
        return len(self.deleted_docs())

    def is_deleted(self, docnum: int) -> bool:
        """Whether this article left; numbers behind the last, for which Whoosh asks as well, have not."""
        return docnum in self.deleted_docs()

    # Of all that Whoosh does, only its writers ask a segment for its number of documents, and they do so first of all;
    # readers ask the per-document reader. Left to go on, a writer would merge our segments into its own and delete our
    # files.
    doc_count_all = refuse_writing
    set_doc_count = refuse_writing
    delete_document = refuse_writing
