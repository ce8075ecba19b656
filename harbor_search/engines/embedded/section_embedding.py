"""Embedding the sections of an index while it is made: only those of articles that the one before had not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from harbor_search.embedding import EmbeddingModel
from harbor_search.engines.protocol import Progress
from harbor_search.engines.section_texts import texts_of
from harbor_search.ranking import quantised
from harbor_search.store import SectionVectors, open_index_folder, read_section_vectors, write_section_vectors

__all__ = ["embed_sections"]

_BATCH = 256
"""Texts embedded between two reports of progress: a few seconds of a small sentence model."""

_Rows = tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]


def embed_sections(folder: Path, model: EmbeddingModel, progress: Progress) -> None:
    """Write the vectors of all sections of the index in `folder`.

    Where vectors by this model are there already, those of articles that have not changed stay; the file is replaced,
    never changed.

    Raises:
        OperationalError: a file is damaged.
    """
    segments = open_index_folder(folder).segments
    known = _Known(read_section_vectors(folder), model)
    hashes = [segment.content_hash(document) for segment in segments for document in range(segment.count)]
    rows: list[_Rows] = [_DELETED] * len(hashes)
    waiting = _Waiting(model, rows)
    place = 0
    for segment in segments:
        for document in range(segment.count):
            if segment.is_live(document):
                found = known.rows(hashes[place])
                if found is not None:
                    rows[place] = found
                else:
                    waiting.add(place, texts_of(segment.article(document)))
            place += 1
            if waiting.is_full:
                waiting.embed()
                progress("embed", place, len(hashes))
    waiting.embed()
    progress("embed", len(hashes), len(hashes))
    write_section_vectors(folder, _joined(rows, hashes, model.fingerprint))


_DELETED: _Rows = (np.zeros((1, 0), np.int8), np.zeros(1, np.float32))
"""In place of the vectors of a document that was deleted."""


def _joined(rows: Sequence[_Rows], hashes: Sequence[bytes], fingerprint: str) -> SectionVectors:
    dimensions = max((vectors.shape[1] for vectors, _ in rows), default=0)
    counts = [vectors.shape[0] for vectors, _ in rows]
    ends = np.cumsum(counts, dtype=np.int64)
    all_vectors = np.zeros((sum(counts), dimensions), np.int8)
    for (vectors, _), end in zip(rows, ends.tolist(), strict=True):
        if vectors.shape[1]:
            all_vectors[end - vectors.shape[0] : end] = vectors
    steps = np.concatenate([np.empty(0, np.float32), *(own for _, own in rows)])
    return SectionVectors(all_vectors, steps, ends, np.frombuffer(b"".join(hashes), np.uint8), fingerprint)


class _Waiting:
    """Texts that wait to be embedded together, and the places where their vectors go."""

    def __init__(self, model: EmbeddingModel, rows: list[_Rows]) -> None:
        self._model, self._rows = model, rows
        self._places: list[tuple[int, int]] = []
        self._texts: list[str] = []

    @property
    def is_full(self) -> bool:
        """Whether so many wait that they had better be embedded."""
        return len(self._texts) >= _BATCH

    def add(self, place: int, texts: Iterator[str]) -> None:
        """Have the texts of the document at a place wait."""
        before = len(self._texts)
        self._texts += texts
        self._places.append((place, len(self._texts) - before))

    def embed(self) -> None:
        """Put the vectors of all that waits into their places."""
        if not self._texts:
            return
        vectors, steps = quantised(self._model.embed(self._texts))
        at = 0
        for place, count in self._places:
            self._rows[place] = vectors[at : at + count], steps[at : at + count]
            at += count
        self._places.clear()
        self._texts.clear()


class _Known:
    """Vectors that were made before, by the hashes of articles; none of those by another model."""

    def __init__(self, vectors: SectionVectors | None, model: EmbeddingModel) -> None:
        self._vectors = vectors
        self._places: dict[bytes, int] = {}
        if vectors is not None and vectors.fingerprint == model.fingerprint:
            self._places = {each.tobytes(): place for place, each in enumerate(vectors.hashes)}

    def rows(self, own: bytes) -> _Rows | None:
        """The vectors of the sections of an article and their steps; None where it is new."""
        place = self._places.get(own)
        if place is None or self._vectors is None:
            return None
        begin = int(self._vectors.ends[place - 1]) if place else 0
        end = int(self._vectors.ends[place])
        steps = self._vectors.steps[begin:end]
        # A document that was deleted has none.
        return (self._vectors.vectors[begin:end], steps) if steps.any() else None
