"""What scores count for articles by themselves: their dates and views, where settings say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from harbor_search import Article, Index, Section, open_index


def article(name: str, **more: object) -> Article:
    return Article(name, f"About {name}", (Section("", "", "Tea and iron."),), **more)  # type: ignore[arg-type]


@contextmanager
def indexed(folder: Path, *articles: Article, **settings: float) -> Iterator[Index]:
    with open_index(folder, near_duplicates=0.0, **settings) as index:
        index.rebuild(articles)
        yield index


def ids(index: Index, query: str) -> list[str]:
    return [hit.id for hit in index.search(query).hits]


TODAY = date.today()
DATED = (
    article("a", published=TODAY - timedelta(days=3000)),
    article("b", published=TODAY),
    article("c"),
    article("d", published=TODAY + timedelta(days=9)),
)
READ = (article("a"), article("b", views=10), article("c", views=1000), article("d", views=0))


def test_by_default_neither_date_nor_views_count(tmp_path: Path) -> None:
    with indexed(tmp_path, *DATED) as index:
        assert ids(index, "tea iron") == ["a", "b", "c", "d"]
    with indexed(tmp_path / "read", *READ) as index:
        assert ids(index, "tea iron") == ["a", "b", "c", "d"]


def test_newer_articles_come_first_where_freshness_counts_and_none_without_a_date_loses(tmp_path: Path) -> None:
    with indexed(tmp_path, *DATED, freshness=0.2) as index:
        hits = {hit.id: hit.score for hit in index.search("tea iron").hits}
        assert list(hits) == ["b", "d", "a", "c"]
        assert hits["b"] == pytest.approx(hits["c"] * 1.2)
        assert hits["d"] == hits["b"]


def test_an_article_gains_half_as_much_after_the_days_of_the_setting(tmp_path: Path) -> None:
    old = article("b", published=TODAY - timedelta(days=50))
    with indexed(tmp_path, article("a"), old, freshness=0.2, freshness_days=50.0) as index:
        new, undated = index.search("tea iron").hits
        # Tests may run over midnight.
        assert new.score == pytest.approx(undated.score * 1.1, rel=2e-3)


def test_articles_that_are_read_more_come_first_where_views_count(tmp_path: Path) -> None:
    with indexed(tmp_path, *READ, popularity=0.5) as index:
        hits = {hit.id: hit.score for hit in index.search("tea iron").hits}
        assert list(hits) == ["c", "b", "a", "d"]
        assert hits["c"] == pytest.approx(hits["a"] * 1.5)


def test_priors_are_parts_of_a_score_that_is_explained(tmp_path: Path) -> None:
    articles = (*DATED, article("e", published=TODAY, views=7))
    with indexed(tmp_path, *articles, freshness=0.2, popularity=0.5) as index:
        for hit in index.search("tea iron about e", explain=True).hits:
            assert hit.explanation is not None
            assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
            kinds = {part.kind for part in hit.explanation.parts}
            assert ("freshness" in kinds) == (hit.id != "c")
            assert ("popularity" in kinds) == (hit.id == "e")


def test_views_of_an_article_that_was_deleted_are_no_measure(tmp_path: Path) -> None:
    others = [article(f"other{i}", views=1) for i in range(50)]
    with indexed(tmp_path, article("a", views=100_000), article("b", views=10), *others, popularity=0.5) as index:
        index.update([article("b", views=10), *others])
        updated = index.search("tea iron").hits[0]
        index.rebuild([article("b", views=10), *others])
        assert updated.score == pytest.approx(index.search("tea iron").hits[0].score)
