"""The site over the engine it ships with: real analysis, ranking, snippets and generations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.web import create_app
from tests.support.articles import IRON, collection
from tests.web.page import visit
from tests.web.test_anything_typed import SIGNS, TEXT
from tests.web.test_search_api import SHAPE, check


def quietly(stage: str, done: int, total: int | None) -> None:
    """No progress bar."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    EmbeddedEngine(Settings(index=folder)).rebuild(collection(), quietly)
    return folder


@pytest.fixture(scope="module")
def site(index: Path) -> Iterator[FlaskClient]:
    engine = EmbeddedEngine(Settings(index=index))
    yield create_app(Settings(index=index), engine).test_client()
    engine.close()


def test_answers_have_the_documented_shape(site: FlaskClient) -> None:
    answer = site.get("/api/v1/search?q=signs+of+low+iron").json
    check(answer, SHAPE)
    assert answer is not None
    assert answer["hits"][0]["id"] == "food/iron"
    assert answer["facets"]["section"][0] == {"value": "Health", "label": "Health", "count": answer["total"]}


def test_ranges_fall_on_words_of_the_query(site: FlaskClient) -> None:
    for hit in site.get("/api/v1/search?q=sleeping+in+the+dark&per_page=100").json["hits"]:  # type: ignore[index]
        texts = [(hit["title"], hit["title_ranges"]), *((each["text"], each["ranges"]) for each in hit["snippets"])]
        marked = {text[start:end].lower() for text, ranges in texts for start, end in ranges}
        assert marked <= {"sleep", "dark", "sleeping"}, hit["id"]


def test_an_article_comes_back_as_it_went_in_with_its_words_marked(site: FlaskClient) -> None:
    page = visit(site, "/articles/food/iron?q=sign+of+irons")
    assert page.texts("//h1//mark") == ["Signs", "Iron"]
    assert page.texts("//div[@class='prose']//h2") == [each.heading for each in IRON.body if each.heading]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SIGNS | TEXT)
def test_any_words_are_answered(site: FlaskClient, words: str) -> None:
    query = urlencode({"q": words})
    for address in (f"/api/v1/search?{query}", f"/search?{query}", f"/articles/food/iron?{query}"):
        assert site.get(address).status_code in (200, 400)


def test_a_rebuild_is_served_at_once_without_a_restart(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path))
    client = create_app(Settings(index=tmp_path), engine).test_client()
    assert client.get("/api/v1/search?q=iron").status_code == 503
    assert "log says why" in client.get("/search?q=iron").text
    EmbeddedEngine(Settings(index=tmp_path)).rebuild(collection()[:3], quietly)
    first = client.get("/api/v1/search")
    assert first.json is not None and first.json["total"] == 3
    EmbeddedEngine(Settings(index=tmp_path)).rebuild(collection(), quietly)
    second = client.get("/api/v1/search", headers={"If-None-Match": first.headers["ETag"]})
    assert second.json is not None and second.json["total"] == len(collection())


def test_flask_finds_the_site_and_opens_the_index_that_the_environment_names(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARBOR_INDEX", str(index))
    monkeypatch.delenv("HARBOR_CONFIG", raising=False)
    app = ScriptInfo(app_import_path="harbor_search.web").load_app()
    assert "Signs of Low" in app.test_client().get("/search?q=iron").text
