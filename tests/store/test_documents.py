"""Stored articles come back as they were, however many there are."""

from __future__ import annotations

import random
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import pytest

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.format import OtherFormat
from harbor_search.store.segment.stored_articles import DICTIONARY_BYTES, DocumentsReader
from harbor_search.store.segment.stored_articles_writer import BLOCK_BYTES, DocumentsWriter

WORDS = ["iron", "deficiency", "anaemia", "tired", "because", "tablets", "doctor", "blood", "count", "weeks"]


def articles(size: int) -> list[bytes]:
    """Articles of so many bytes together."""
    chance, made, total = random.Random(size), [], 0
    while total < size:
        made.append(" ".join(chance.choices(WORDS, k=chance.randrange(1, 400))).encode())
        total += len(made[-1])
    return made


def written(path: Path, stored: list[bytes], batch: int) -> DocumentsReader:
    writer = DocumentsWriter(path)
    for first in range(0, len(stored), batch):
        writer.add(stored[first : first + batch])
    writer.close()
    return DocumentsReader(path, len(stored))


@pytest.mark.parametrize("size", [0, 1, BLOCK_BYTES, DICTIONARY_BYTES - 1, DICTIONARY_BYTES + 1, 4 * DICTIONARY_BYTES])
def test_stored_articles_are_read_back(tmp_path: Path, size: int) -> None:
    stored = articles(size)
    reader = written(tmp_path / "documents", stored, 7)
    for document in [*range(len(stored) - 1, -1, -17), *range(min(len(stored), 3))]:
        assert reader[document] == stored[document]
    assert list(reader) == stored
    assert list(DocumentsReader(tmp_path / "documents", len(stored))) == stored


def test_the_file_is_the_same_however_articles_come(tmp_path: Path) -> None:
    stored = articles(3 * DICTIONARY_BYTES)
    for batch in (1, len(stored)):
        written(tmp_path / str(batch), stored, batch)
    assert (tmp_path / "1").read_bytes() == (tmp_path / str(len(stored))).read_bytes()


def test_later_blocks_are_smaller_thanks_to_the_dictionary(tmp_path: Path) -> None:
    chance = random.Random(1)
    sentences = ["".join(chance.choices(ascii_lowercase, k=80)) for _ in range(2000)]
    stored = [" ".join(chance.choices(sentences, k=9)).encode() for _ in range(2000)]
    written(tmp_path / "documents", stored, 100)
    bare = sum(len(each) for each in stored)
    assert bare > 2 * DICTIONARY_BYTES
    head = stored[: len(stored) // 7]
    written(tmp_path / "head", head, 100)
    rate = (tmp_path / "head").stat().st_size / sum(len(each) for each in head)
    assert (tmp_path / "documents").stat().st_size / bare < 0.7 * rate


def test_a_damaged_beginning_is_an_error_for_all_that_needs_it(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    stored = articles(2 * DICTIONARY_BYTES)
    written(path, stored, 50)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(bytes(300))
    reader = DocumentsReader(path, len(stored))
    for document in (0, len(stored) - 1):
        with pytest.raises(OperationalError, match="damaged"):
            reader[document]


def test_a_file_of_an_older_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    with ColumnsWriter(path) as columns:
        for name in ("blocks", "first", "ends"):
            columns.add(name, np.empty(0, np.uint8))
    with pytest.raises(OtherFormat, match="older version of harbor_search; rebuild"):
        DocumentsReader(path, 0)
