"""Articles are found by the names that they give themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.results import SearchResults
from harbor_search.searching import parse_request, search
from tests.support.articles import plain

Ask = Callable[..., SearchResults]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    settings = Settings(index=Path(tmp_path_factory.mktemp("index")))
    engine = EmbeddedEngine(settings)
    articles = [
        plain("tetanus", "Tetanus", "An infection that makes muscles tight.", tags=("Infection", "Lockjaw")),
        plain("jaw", "Aching jaw", "Sometimes it is lockjaw, sometimes a tooth. " + "More of teeth. " * 20),
        plain("other", "Bread", "Nothing of the kind.", tags=("food",)),
        plain("named", "Rickets", "Bones become soft.", tags=("Rachitis",), source="feed", source_name="A clinic"),
    ]
    engine.rebuild(articles, lambda *_: None)
    return lambda q, **more: search(engine, parse_request({"q": q, **more}, settings), settings)


def test_an_article_is_found_by_its_name_and_shows_it(ask: Ask) -> None:
    hit = ask("lockjaw").hits[0]
    assert hit.id == "tetanus"
    shown = hit.snippets[-1]
    assert (shown.field, shown.text, shown.ranges) == ("names", "Lockjaw", ((0, 7),))


def test_an_article_of_a_source_that_has_a_name_shows_its_own_names(ask: Ask) -> None:
    (hit,) = ask("rachitis").hits
    assert (hit.id, hit.snippets[-1].text) == ("named", "Rachitis")


def test_names_are_not_shown_where_the_text_has_the_words(ask: Ask) -> None:
    assert all(snippet.field != "names" for hit in ask("infection").hits for snippet in hit.snippets)


@pytest.mark.parametrize("field", ["names", "name", "synonym", "SYNONYMS"])
def test_a_query_may_look_in_names_alone(ask: Ask, field: str) -> None:
    assert [hit.id for hit in ask(f"{field}:lockjaw").hits] == ["tetanus"]
