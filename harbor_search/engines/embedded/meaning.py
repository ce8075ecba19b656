"""Searching by meaning: which documents have a section whose vector is close to that of a text."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.embedding import EmbeddingModel
from harbor_search.engines.embedded.snapshot import Snapshot, Words64, bitmap
from harbor_search.engines.fusion import LEAST
from harbor_search.errors import OperationalError
from harbor_search.ranking import cosines, quantised
from harbor_search.store import read_section_vectors

__all__ = ["Closeness", "Meaning", "Vector"]

Vector = tuple[npt.NDArray[np.int8], np.float32]
"""int8[dimensions], and the size of one step."""

_MOST = 50
"""Documents that are found by meaning: what stands further down is rarely an answer."""


class Closeness(NamedTuple):
    """How close all documents of a snapshot are to a text: float32[documents] cosines of their closest sections; the
    numbers of those that are close enough to be `found` by that, closest first."""

    cosines: npt.NDArray[np.float32]
    found: tuple[int, ...]

    def bits(self) -> Words64:
        """The documents that are found, as bitmap words."""
        wanted = np.zeros(self.cosines.size, np.bool_)
        wanted[list(self.found)] = True
        return bitmap(wanted)


class Meaning:
    """The vectors of the sections of a snapshot, and the model that made them. Threads may share it."""

    def __init__(self, folder: Path, snapshot: Snapshot, model: EmbeddingModel) -> None:
        """The index of `snapshot` is in `folder`, with vectors that `model` made.

        Raises:
            OperationalError: they are damaged.
        """
        vectors = read_section_vectors(folder)
        if vectors is None or vectors.ends.size != snapshot.count:
            raise OperationalError("the vectors of sections are damaged; roll back or rebuild the index")
        self._model = model
        self._vectors, self._steps = vectors.vectors, vectors.steps
        self._begins = np.concatenate([[0], vectors.ends[:-1]]).astype(np.int64)[: snapshot.count]

    def vector(self, text: str) -> Vector:
        """What a text means."""
        vectors, steps = quantised(self._model.embed([text]))
        return vectors[0], steps[0]

    def closeness(self, vector: Vector) -> Closeness:
        """How close the documents are to what a text means."""
        if not self._begins.size:
            return Closeness(np.empty(0, np.float32), ())
        own = self._of_sections(vector, 0, self._steps.size)
        best = np.maximum.reduceat(own, self._begins)
        close = np.flatnonzero(best >= LEAST)
        if close.size > _MOST:
            close = close[np.argpartition(-best[close], _MOST - 1)[:_MOST]]
        return Closeness(best, tuple(close[np.lexsort((close, -best[close]))].tolist()))

    def closest_section(self, vector: Vector, document: int) -> int:
        """The number of the section of a document that is closest to what a text means."""
        begin = int(self._begins[document])
        end = int(self._begins[document + 1]) if document + 1 < self._begins.size else self._steps.size
        return int(self._of_sections(vector, begin, end).argmax())

    def _of_sections(self, vector: Vector, begin: int, end: int) -> npt.NDArray[np.float32]:
        out = np.empty(end - begin, np.float32)
        cosines(self._vectors[begin:end], self._steps[begin:end], *vector, out)
        return out
