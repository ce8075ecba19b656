"""An explanation accounts for all of a score, and what it proposes does what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.explanation import Explanation
from harbor_search.searching import explain, parse_request, search

ARTICLES = (
    Article("tea", "Tea and Iron", (Section("", "", "Tea blocks iron. Coffee does so too."),), lead="About tea."),
    Article("liver", "Liver", (Section("Iron in it", "i", "Liver has much iron, and iron again."),), tags=("offal",)),
    Article("sleep", "Sleep", (Section("", "", "Tea late in the day keeps people awake."),)),
    Article("walk", "Walking", (Section("", "", "A walk before sleep helps, with a cup of tea."),)),
)

QUERIES = (
    "tea", "tea iron", "iron tea walking", '"iron again"', "+iron -coffee", "te* iron", "irno~ tea", "title:tea iron",
    '(tea OR coffee) AND "blocks iron"', "offal liver", '"iron much"~4 tea', "*", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(make_shared_settings: Callable[..., Settings]) -> Settings:
    return make_shared_settings()


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[SearchEngine]:
    engine = open_engine(settings)
    engine.rebuild(ARTICLES, lambda *_: None)
    yield engine
    engine.close()


def explained(engine: SearchEngine, settings: Settings, query: str, article: str, **more: str) -> Explanation:
    found = explain(engine, parse_request({"q": query, **more}, settings), article, settings)
    assert found is not None
    return found.explanation


@pytest.mark.parametrize("query", QUERIES)
def test_parts_add_up_to_the_score(engine: SearchEngine, settings: Settings, query: str) -> None:
    for hit in search(engine, parse_request({"q": query, "explain": "1"}, settings), settings).hits:
        assert hit.explanation is not None
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
        for part in hit.explanation.parts:
            if part.fields:
                assert sum(each.score for each in part.fields) == pytest.approx(part.score, abs=1e-6)


def test_words_are_named_as_they_were_typed_with_the_places_where_they_stand(
    engine: SearchEngine, settings: Settings
) -> None:
    (iron,) = (part for part in explained(engine, settings, "irons", "liver").parts)
    assert (iron.kind, iron.text, iron.articles) == ("word", "irons", 2)
    assert {each.field: each.count for each in iron.fields} == {"headings": 1, "body": 2}


def test_having_all_words_is_a_part_of_its_own(engine: SearchEngine, settings: Settings) -> None:
    both, one = (explained(engine, settings, "tea iron", article) for article in ("tea", "liver"))
    bonus = next(part for part in both.parts if part.kind == "all_words")
    words = sum(part.score for part in both.parts if part.kind == "word")
    assert bonus.score == pytest.approx(words * 0.3)
    assert not any(part.kind == "all_words" for part in one.parts)
    assert one.lacks == ("tea",)


def test_a_page_of_results_and_the_question_about_one_article_say_the_same(
    engine: SearchEngine, settings: Settings
) -> None:
    hits = search(engine, parse_request({"q": "tea iron", "explain": "1"}, settings), settings).hits
    for place, hit in enumerate(hits, 1):
        own = explained(engine, settings, "tea iron", hit.id)
        assert own.position == place
        assert hit.explanation is not None
        assert own.parts == hit.explanation.parts


def test_a_proposed_change_moves_the_article_to_the_place_that_was_promised(
    engine: SearchEngine, settings: Settings
) -> None:
    before = explained(engine, settings, "tea", "walk")
    change = before.changes[0]
    assert (before.position, change.text, change.field, change.position) == (3, "tea", "title", 1)
    changed = [each._replace(title="Walking tea") if each.id == "walk" else each for each in ARTICLES]
    names = {"index": settings.index / "improved", "opensearch_prefix": f"{settings.opensearch_prefix}-improved"}
    other = replace(settings, **names)  # type: ignore[arg-type]
    improved = open_engine(other)
    improved.rebuild(changed, lambda *_: None)
    after = explained(improved, other, "tea", "walk")
    improved.close()
    assert after.position == 1


@pytest.mark.parametrize(
    ("query", "more", "excluded"),
    [("coffee", {}, "query"), ("tea", {"section": "Food"}, "section"), ("tea", {"date_from": "2024-01-01"}, "date")],
)
def test_an_article_that_is_no_result_is_told_what_keeps_it_out(
    engine: SearchEngine, settings: Settings, query: str, more: dict[str, str], excluded: str
) -> None:
    found = explained(engine, settings, query, "sleep", **more)
    assert (found.position, found.excluded, found.parts) == (None, excluded, ())


def test_an_article_that_does_not_exist_has_no_explanation(engine: SearchEngine, settings: Settings) -> None:
    assert explain(engine, parse_request({"q": "tea"}, settings), "none", settings) is None


def test_hits_have_no_explanation_where_none_was_asked_for(engine: SearchEngine, settings: Settings) -> None:
    assert search(engine, parse_request({"q": "tea"}, settings), settings).hits[0].explanation is None
