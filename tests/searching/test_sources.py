"""Sources with names can be told apart in a search: by a filter, and by a facet that counts them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.ingest import Read, read_articles
from harbor_search.results import SearchResults
from harbor_search.searching import parse_request, search
from harbor_search.web import create_app
from tests.web.page import visit


def article(name: str, text: str, source: str, section: str = "Health") -> Article:
    return Article(name, name, (Section("", "", text),), section=(section,), source_name=source)


ARTICLES = [
    article("a", "iron and tea", "blog"),
    article("b", "iron and sleep", "news"),
    article("c", "iron and water", "news", "Care"),
    article("d", "iron alone", ""),
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """An engine with ARTICLES."""
    with_index = EmbeddedEngine(Settings(index=tmp_path))
    with_index.rebuild(iter(ARTICLES), lambda *_: None)
    yield with_index
    with_index.close()


def found(engine: EmbeddedEngine, **parameters: str) -> SearchResults:
    settings = Settings()
    return search(engine, parse_request({"q": "iron", **parameters}, settings), settings)


@pytest.mark.parametrize("facets", ["0", "1"])
def test_a_source_by_its_name_narrows_a_search(engine: EmbeddedEngine, facets: str) -> None:
    assert sorted(hit.id for hit in found(engine, source="news", facets=facets).hits) == ["b", "c"]
    assert [hit.id for hit in found(engine, source="news", section="Care", facets=facets).hits] == ["c"]
    assert found(engine, source="no such source", facets=facets).total == 0
    assert found(engine, facets=facets).total == 4


def test_the_facet_counts_sources_whichever_is_chosen(engine: EmbeddedEngine) -> None:
    for chosen in ("", "blog"):
        facet = found(engine, source=chosen).facets["source"]
        assert [(each.value, each.count) for each in facet] == [("news", 2), ("blog", 1)]
    assert [each.value for each in found(engine, source="blog").facets["section"]] == ["Health"]


def test_names_stay_when_an_update_adds_a_source_and_merges(engine: EmbeddedEngine) -> None:
    engine.update(iter([*ARTICLES[1:], article("e", "iron", "wiki")]), lambda: None, lambda *_: None)
    assert {each.value: each.count for each in found(engine).facets["source"]} == {"news": 2, "wiki": 1}
    assert [hit.id for hit in found(engine, source="wiki").hits] == ["e"]


def test_articles_have_the_name_of_their_source_though_their_id_is_an_address(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Iron\nurl: https://example.org/iron\n---\n\nIron is a metal.\n")
    (tmp_path / "b.md").write_text("# Tea\n\nTea is a leaf.\n")
    read = [each.article for each in read_articles([f"blog={tmp_path}"], max_bytes=1000) if isinstance(each, Read)]
    assert [(each.id, each.source_name) for each in read] == [("https://example.org/iron", "blog"), ("blog/b", "blog")]


def test_the_page_offers_sources_and_a_way_back(engine: EmbeddedEngine, tmp_path: Path) -> None:
    site = create_app(Settings(index=tmp_path), engine).test_client()
    choices = "//section[@aria-labelledby='site-by-source']"
    assert visit(site, "/search?q=iron").texts(f"{choices}//span[@class='choice-label']") == ["news", "blog"]
    page = visit(site, "/search?q=iron&source=news")
    assert page.one("//ul[@class='filters-active']//a").get("href") == "/search?q=iron"
    assert page.texts("//ol[@class='hits']//h2") == ["b", "c"] or page.texts("//ol[@class='hits']//h2") == ["c", "b"]
