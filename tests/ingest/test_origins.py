"""Whether an article may be what can no longer be read."""

from __future__ import annotations

import pytest

from harbor_search.article import Article
from harbor_search.ingest import may_be


def of(source: str) -> Article:
    return Article("a", "Title", source=source)


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("sleep/naps.txt", "articles/sleep/naps.txt"),
        ("naps.txt", "naps.txt"),
        ("export.jsonl:17", "/srv/export.jsonl:3"),
        ("export.jsonl.gz:17", "export.jsonl.gz"),
        ("a:5.md", "articles/a:5.md"),
    ],
)
def test_it_may_where_both_are_of_the_same_file(source: str, label: str) -> None:
    assert may_be(of(source), label)


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("sleep/naps.txt", "articles/food/naps.txt"),
        ("naps.txt", "articles/catnaps.txt"),
        ("export.jsonl:17", "other.jsonl:17"),
        ("naps.txt", "articles/export.jsonl:1"),
    ],
)
def test_it_may_not_where_they_are_of_different_files(source: str, label: str) -> None:
    assert not may_be(of(source), label)


@pytest.mark.parametrize(
    ("source", "label"), [("NIDDK", "naps.txt"), ("", "naps.txt"), ("naps.txt", "articles/private")]
)
def test_where_it_cannot_be_told_it_may(source: str, label: str) -> None:
    assert may_be(of(source), label)
