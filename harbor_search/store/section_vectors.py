"""The file of section embeddings of a generation, in document order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.format import HASH_BYTES

__all__ = ["SectionVectors", "read_section_vectors", "remove_section_vectors", "write_section_vectors"]

_FILE = "sections.vectors"


class SectionVectors(NamedTuple):
    """Quantised embeddings: int8[rows, dimensions] `vectors`, scaled by float32[rows] `steps`.

    The rows of document i end at `ends[i]` (int64[documents]). `hashes` (uint8[documents, HASH_BYTES]) are the content
    hashes of the articles they were made from, `fingerprint` identifies the model.
    """

    vectors: npt.NDArray[Any]
    steps: npt.NDArray[Any]
    ends: npt.NDArray[Any]
    hashes: npt.NDArray[Any]
    fingerprint: str


def write_section_vectors(folder: Path, found: SectionVectors) -> None:
    """Write the file in `folder`, replacing one that may be shared with another generation."""
    path = folder / f"{_FILE}.new"
    with ColumnsWriter(path) as columns:
        columns.add("vectors", found.vectors.reshape(-1))
        columns.add("steps", found.steps)
        columns.add("ends", found.ends)
        columns.add("hashes", found.hashes.reshape(-1))
        columns.add("fingerprint", np.frombuffer(found.fingerprint.encode(), np.uint8))
    os.replace(path, folder / _FILE)


def remove_section_vectors(folder: Path) -> None:
    """Remove the file of vectors, if there is one."""
    (folder / _FILE).unlink(missing_ok=True)


def read_section_vectors(folder: Path) -> SectionVectors | None:
    """The vectors in `folder`, memory-mapped; None if there are none. They stay readable when the file is replaced.

    Raises:
        OperationalError: the file is damaged.
    """
    if not (folder / _FILE).is_file():
        return None
    columns = ColumnsFile(folder / _FILE)
    try:
        steps, ends = columns["steps"], columns["ends"]
        vectors = columns["vectors"].reshape(steps.size, -1) if steps.size else np.empty((0, 0), np.int8)
        hashes = columns["hashes"].reshape(-1, HASH_BYTES)
        if hashes.shape[0] != ends.size or (ends.size and int(ends[-1]) != steps.size):
            raise ValueError
        return SectionVectors(vectors, steps, ends, hashes, columns["fingerprint"].tobytes().decode("ascii"))
    except (KeyError, ValueError) as error:
        raise OperationalError(f"{_FILE} is damaged; roll back or rebuild the index") from error
