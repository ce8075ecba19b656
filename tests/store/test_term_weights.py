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
    norms = draw.random((1, COUNT + 2 * BASE)).astype(np.float32)
    found = np.zeros((len(TERMS), documents.size))
    order = draw.permutation(documents.size)
    ends = np.cumsum([len(term) for term in TERMS])
    own = int(np.searchsorted(documents, BASE)), int(np.searchsorted(documents, BASE + COUNT))
    reader.lookup(("body",)).add_weights(
        np.frombuffer(b"".join(TERMS), np.uint8), ends, (documents, order), own, BASE, norms, found
    )
    assert np.array_equal(found[:, order], expected(reader, documents, norms[0, documents]))


def test_what_a_term_weighs_in_several_fields_adds_up(reader: SegmentReader) -> None:
    document, order = np.array([BASE + 3], np.int64), np.zeros(1, np.int64)
    norms = np.full((2, COUNT + BASE), 0.5, np.float32)
    norms[0] = 3
    found = np.zeros((2, 1))
    reader.lookup(("title", "body")).add_weights(
        np.frombuffer(b"3rare", np.uint8), np.array([1, 5]), (document, order), (0, 1), BASE, norms, found
    )
    assert found.tolist() == [[3.0], [0.5]]


def test_a_field_without_any_word_adds_nothing(reader: SegmentReader) -> None:
    found = np.zeros((1, 1))
    one = np.array([BASE], np.int64)
    norms = np.ones((1, COUNT + BASE), np.float32)
    reader.lookup(("names",)).add_weights(
        np.frombuffer(b"rare", np.uint8), np.array([4]), (one, np.zeros(1, np.int64)), (0, 1), BASE, norms, found
    )
    assert found[0, 0] == 0
