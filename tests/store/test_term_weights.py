"""How often terms stand in some documents, told from their lists block by block."""

from __future__ import annotations

import numpy as np
import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article, Section
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.segment.writer import SegmentWriter

COUNT = 1_000
BASE = 50
TERMS = [b"rare", b"frequent", b"everywher", b"absent", b"late"]


def text(number: int) -> str:
    words = ["everywhere"] * (1 + number % 3)
    words += ["frequent"] * (number % 5 if number % 2 else 0)
    words += ["rare"] * (number in (3, 700)) + ["late"] * (number == COUNT - 1)
    return " ".join(words)


@pytest.fixture(name="reader", scope="module")
def _reader(tmp_path_factory: pytest.TempPathFactory) -> SegmentReader:
    folder = tmp_path_factory.mktemp("segment")
    writer = SegmentWriter(folder, "one", get_analyzer("english"))
    writer.add([Article(f"{n}", f"{n}", (Section("", "", text(n)),)) for n in range(COUNT)])
    writer.finish()
    return SegmentReader(folder, "one")


def expected(reader: SegmentReader, documents: np.ndarray, norms: np.ndarray) -> np.ndarray:
    field = reader.fields["body"]
    found = np.zeros((len(TERMS), documents.size))
    for row, term in enumerate(TERMS):
        entry = field.find(term)
        if entry is not None:
            frequencies = dict(zip(*(each.tolist() for each in field.postings(entry, BASE)), strict=True))
            found[row] = [frequencies.get(document, 0) for document in documents.tolist()] * norms.astype(np.float64)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_weights_equal_those_computed_from_complete_lists(reader: SegmentReader, seed: int) -> None:
    draw = np.random.default_rng(seed)
    documents = np.unique(draw.integers(0, COUNT + 2 * BASE, size=(1, 5, 50, 400)[seed % 4]))
    documents = np.unique(np.append(documents, [3 + BASE, COUNT - 1 + BASE])) if seed > 3 else documents
    norms = draw.random(documents.size).astype(np.float32)
    found = np.zeros((len(TERMS), documents.size))
    ends = np.cumsum([len(term) for term in TERMS])
    own = int(np.searchsorted(documents, BASE)), int(np.searchsorted(documents, BASE + COUNT))
    reader.fields["body"].add_weights(
        np.frombuffer(b"".join(TERMS), np.uint8), ends, documents, own, BASE, norms, found
    )
    assert np.array_equal(found, expected(reader, documents, norms))


def test_a_field_without_any_word_adds_nothing(reader: SegmentReader) -> None:
    found = np.zeros((1, 1))
    one = np.array([BASE], np.int64)
    reader.fields["names"].add_weights(
        np.frombuffer(b"rare", np.uint8), np.array([4]), one, (0, 1), BASE, np.ones(1, np.float32), found
    )
    assert found[0, 0] == 0
