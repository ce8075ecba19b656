"""Terms looked up together in several fields are found as when each is looked up alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article, Section
from harbor_search.errors import OperationalError
from harbor_search.store import write_deletions
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.segment.writer import SegmentWriter

FIELDS = ("title", "body", "names")
TERMS = [b"tea", b"iron", b"absent", b"", b"x" * 5_000, b"alon", b"w77", b"w123"]


def laid_out(terms: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    return np.frombuffer(b"".join(terms), np.uint8), np.cumsum([len(term) for term in terms], dtype=np.int64)


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("segment")
    writer = SegmentWriter(folder, "one", get_analyzer("english"))
    titles = ["Tea", "Tea and iron", *(f"w{n}" for n in range(150))]
    texts = ["iron", "tea alone", *(f"iron w{n}" for n in range(150))]
    articles = [Article(f"{n}", title, (Section("", "", texts[n]),)) for n, title in enumerate(titles)]
    writer.add(articles)
    writer.finish()
    return folder


def test_they_have_the_places_that_each_field_gives_them(folder: Path) -> None:
    reader = SegmentReader(folder, "one")
    places, counts = reader.lookup(FIELDS).find(*laid_out(TERMS))
    for field, own, their_counts in zip(FIELDS, places.tolist(), counts.tolist(), strict=True):
        entries = [reader.fields[field].find(term) for term in TERMS]
        assert own == [[0] * 4 if each is None else list(each) for each in entries]
        assert their_counts == [0 if each is None else each.df for each in entries]
    assert counts.max(axis=1).tolist() == [2, 151, 0]


def test_deleted_documents_do_not_count(folder: Path) -> None:
    deleted = np.zeros(152, np.bool_)
    deleted[[1, 79]] = True
    write_deletions(folder, "one", deleted)
    reader = SegmentReader(folder, "one", 2)
    _, counts = reader.lookup(("title", "body")).find(*laid_out(TERMS))
    assert counts.tolist() == [[1, 0, 0, 0, 0, 0, 0, 1], [0, 150, 0, 0, 0, 0, 0, 1]]


def test_a_damaged_list_is_named_by_its_field(folder: Path) -> None:
    reader = SegmentReader(folder, "one")
    field = reader.fields["body"]
    field.buffer = np.full_like(field.buffer, 255)
    document, order = np.zeros(1, np.int64), np.zeros(1, np.int64)
    with pytest.raises(OperationalError, match="field body of segment one is damaged"):
        reader.lookup(("title", "body")).add_weights(
            *laid_out([b"iron"]), (document, order), (0, 1), 0, np.ones((2, 152), np.float32), np.zeros((1, 1))
        )
