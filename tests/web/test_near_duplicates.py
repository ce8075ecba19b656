"""Near-duplicates on the pages and in the JSON of the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.web import create_app
from tests.web.page import visit

TEXT = " ".join(f"word{number}" for number in range(100))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[FlaskClient]:
    engine = EmbeddedEngine(Settings(index=tmp_path))
    articles = [Article(name, "Iron", (Section("", "", TEXT),), section=(name,)) for name in ("one", "two")]
    engine.rebuild(iter([*articles, Article("three", "Tea", (Section("", "", "word1"),))]), lambda *_: None)
    yield create_app(Settings(index=tmp_path), engine).test_client()
    engine.close()


def test_a_hit_unfolds_those_that_are_similar(site: FlaskClient) -> None:
    page = visit(site, "/search?q=word1")
    assert page.texts("//details[@class='similar']/summary") == ["1 similar article"]
    first = page.link("Iron", "//h2")
    (other,) = {"/articles/one?q=word1", "/articles/two?q=word1"} - {first}
    assert page.link("Iron", "//details[@class='similar']") == other


def test_all_can_be_shown_and_folded_again(site: FlaskClient) -> None:
    page = visit(site, "/search?q=word1&fold=0")
    assert len(page.texts("//ol[@class='hits']/li")) == 3
    assert not page.texts("//details[@class='similar']")
    assert page.one("//ul[@class='filters-active']//a").get("href") == "/search?q=word1"


def test_the_page_of_an_article_and_the_api_name_the_others(site: FlaskClient) -> None:
    assert visit(site, "/articles/one").link("Iron", "//nav[@aria-labelledby='site-similar']") == "/articles/two"
    answer = site.get("/api/v1/articles/one/similar").json
    assert answer == {"id": "one", "hits": [{"id": "two", "title": "Iron", "url": "", "section": ["two"]}]}
    assert site.get("/api/v1/articles/none/similar").status_code == 404
