"""Searching by meaning: what is found, where it stands, what holds it back, and what an update costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine, section_texts
from harbor_search.engines.embedded import section_embedding
from harbor_search.engines.opensearch import meaning
from harbor_search.errors import OperationalError
from harbor_search.results import Hit, SearchResults
from harbor_search.searching import parse_request, search
from harbor_search.searching.cursors import Cursor
from tests.support.embedding_models import static_model

SENSES = {
    **dict.fromkeys("insomnia sleepless awake".split(), 0),
    **dict.fromkeys("night evening dark".split(), 1),
    **dict.fromkeys("fish salmon trout".split(), 2),
    **dict.fromkeys("price cost money".split(), 3),
}


def article(article_id: str, *texts: str, **more: object) -> Article:
    body = tuple(Section(f"Part {number}", f"part-{number}", text) for number, text in enumerate(texts, 1))
    return Article(id=article_id, title=f"About {article_id}", body=body, **more)  # type: ignore[arg-type]


ARTICLES = [
    article("a", "insomnia night", section=("Sleep",), published=date(2024, 1, 1)),
    article("b", "fish fish salmon", "awake evening", section=("Food",), published=date(2020, 1, 1)),
    article("c", "price of salmon", section=("Food",)),
    article("d", "sleepless", section=("Sleep",)),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return static_model(tmp_path_factory.mktemp("models") / "static", SENSES)


VALUES = {"corrections": False, "synonyms": "none"}


@pytest.fixture(scope="module")
def settings(make_shared_settings: Callable[..., Settings], model: Path) -> Settings:
    return make_shared_settings(semantic_model=str(model), **VALUES)


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[SearchEngine]:
    """An engine whose index no test changes."""
    yield from opened(settings)


@pytest.fixture
def own_settings(make_settings: Callable[..., Settings], model: Path) -> Settings:
    return make_settings(semantic_model=str(model), **VALUES)


@pytest.fixture
def own_engine(own_settings: Settings) -> Iterator[SearchEngine]:
    """An engine for one test that changes its index."""
    yield from opened(own_settings)


@pytest.fixture
def embedded_settings(tmp_path: Path, model: Path) -> Settings:
    return Settings(index=tmp_path / "index", semantic_model=str(model), corrections=False, synonyms="none")


def opened(settings: Settings) -> Iterator[SearchEngine]:
    with closing(open_engine(settings)) as with_meaning:
        with_meaning.rebuild(ARTICLES, lambda *_: None)
        yield with_meaning


def build(settings: Settings) -> None:
    with closing(open_engine(settings)) as engine:
        engine.rebuild(ARTICLES, lambda *_: None)


def asked(engine: SearchEngine, settings: Settings, q: str, **parameters: str) -> SearchResults:
    return search(engine, parse_request({"q": q, **parameters}, settings), settings)


def ids(results: SearchResults) -> list[str]:
    return [hit.id for hit in results.hits]


def test_articles_are_found_by_meaning_without_a_word_of_the_query(engine: SearchEngine, settings: Settings) -> None:
    results = asked(engine, settings, "insomnia")
    assert ids(results)[0] == "a"
    assert set(ids(results)) == {"a", "b", "d"}
    assert results.total == 3


def test_what_has_the_word_and_the_meaning_comes_before_what_has_the_meaning(
    engine: SearchEngine, settings: Settings
) -> None:
    assert ids(asked(engine, settings, "sleepless"))[0] == "d"
    assert ids(asked(engine, settings, "sleepless night"))[0] in ("a", "d")


def test_an_article_without_a_word_of_the_query_shows_the_section_that_is_closest(
    engine: SearchEngine, settings: Settings
) -> None:
    found = {hit.id: hit for hit in asked(engine, settings, "insomnia").hits}
    assert [(each.heading, each.text) for each in found["b"].snippets] == [("Part 2", "awake evening")]


@pytest.mark.parametrize("parameter", ["strict", "literal"])
def test_strict_and_literal_searches_go_by_words_alone(
    engine: SearchEngine, settings: Settings, parameter: str
) -> None:
    assert ids(asked(engine, settings, "insomnia", **{parameter: "1"})) == ["a"]


def test_what_is_written_as_syntax_goes_by_words_alone(engine: SearchEngine, settings: Settings) -> None:
    assert ids(asked(engine, settings, "+insomnia")) == ["a"]
    assert ids(asked(engine, settings, "insomnia -night")) == []


def test_filters_hold_for_what_is_found_by_meaning(engine: SearchEngine, settings: Settings) -> None:
    results = asked(engine, settings, "insomnia", section="Food")
    assert (ids(results), results.total) == (["b"], 1)
    assert ids(asked(engine, settings, "insomnia", date_from="2023-01-01")) == ["a"]


def test_facets_count_what_choosing_them_shows(engine: SearchEngine, settings: Settings) -> None:
    for value in asked(engine, settings, "insomnia").facets["section"]:
        assert asked(engine, settings, "insomnia", section=value.value).total == value.count


def test_pages_follow_each_other(engine: SearchEngine, settings: Settings) -> None:
    whole = ids(asked(engine, settings, "evening fish"))
    paged = [ids(asked(engine, settings, "evening fish", per_page="1", page=str(n + 1))) for n in range(len(whole))]
    assert [each for page in paged for each in page] == whole


def test_what_explains_a_score_adds_up_and_names_the_meaning(engine: SearchEngine, settings: Settings) -> None:
    hits = asked(engine, settings, "insomnia night", explain="1").hits
    for hit in hits:
        assert hit.explanation is not None
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
    kinds = {hit.id: [part.kind for part in hit.explanation.parts if hit.explanation] for hit in hits}  # type: ignore[union-attr]
    assert kinds["d"] == ["meaning"]
    assert "word" in kinds["a"] and "meaning" in kinds["a"]


def test_an_update_embeds_only_what_has_changed(
    own_engine: SearchEngine, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    texts_of = section_texts.texts_of

    def noted(one: Article) -> Iterator[str]:
        embedded.append(one.id)
        return texts_of(one)

    for module in (section_embedding, meaning):
        monkeypatch.setattr(module, "texts_of", noted)
    changed = [ARTICLES[0], article("b", "fish"), ARTICLES[2], article("e", "awake")]
    own_engine.update(changed, lambda: None, lambda *_: None)
    assert sorted(embedded) == ["b", "e"]
    assert set(ids(asked(own_engine, own_settings, "insomnia"))) == {"a", "e"}


def test_going_through_all_matches_goes_on_in_the_order_of_words_and_meaning(
    own_engine: SearchEngine, own_settings: Settings
) -> None:
    """By page and by cursor, beyond what meaning reaches too; what it found is not met again, and scores fall."""
    named = [article(f"n{i:02}", "fish " * (1 + i % 7) + "price " * (i % 5), "night") for i in range(110)]
    meant = [article(f"s{i:02}", "salmon trout") for i in range(30)]
    own_engine.rebuild([*named, *meant], lambda *_: None)
    whole = [asked(own_engine, own_settings, "fish", per_page="100", page=page) for page in ("1", "2")]
    order = sum(map(ids, whole), [])
    assert {each[0] for each in order} == {"n", "s"}
    assert len(order) == len(set(order)) == whole[0].total
    request = parse_request({"q": "fish", "per_page": "20"}, own_settings)
    seen: list[Hit] = []
    cursor = Cursor(after="")
    while len(seen) < whole[0].total:
        results = search(own_engine, request._replace(cursor=cursor), own_settings)
        assert results.hits
        assert (results.total, results.by_meaning) == (whole[0].total, whole[0].by_meaning)
        seen += results.hits
        cursor = Cursor(results.generation, len(seen), results.after or None)
    assert [hit.id for hit in seen] == order
    scores = [hit.score for hit in seen]
    assert scores == sorted(scores, reverse=True)
    assert scores == pytest.approx([hit.score for page in whole for hit in page.hits], rel=1e-3)


def test_answers_after_updates_are_those_of_a_rebuild(
    own_engine: SearchEngine, own_settings: Settings, tmp_path: Path
) -> None:
    changed = [*ARTICLES[:2], article("e", "awake", "salmon money"), article("c", "cost")]
    own_engine.update(changed, lambda: None, lambda *_: None)
    elsewhere = replace(
        own_settings, index=tmp_path / "anew", opensearch_prefix=f"{own_settings.opensearch_prefix}-anew"
    )
    anew = open_engine(elsewhere)
    anew.rebuild(changed, lambda *_: None)
    for q in ("insomnia", "fish price", "evening"):
        one, other = asked(own_engine, own_settings, q), asked(anew, elsewhere, q)
        assert [(hit.id, pytest.approx(hit.score, abs=1e-4)) for hit in one.hits] == [
            (hit.id, hit.score) for hit in other.hits
        ]
    anew.close()


def test_naming_a_model_has_the_next_update_embed_everything(own_settings: Settings) -> None:
    settings = own_settings
    without = replace(settings, semantic_model="")
    plain = open_engine(without)
    plain.rebuild(ARTICLES, lambda *_: None)
    plain.close()
    engine = open_engine(settings)
    assert ids(asked(engine, settings, "insomnia")) == ["a"]
    assert engine.update(ARTICLES, lambda: None, lambda *_: None).rebuilt == "the articles were not embedded yet"
    assert len(ids(asked(engine, settings, "insomnia"))) == 3
    engine.close()


def test_without_a_model_the_next_change_forgets_what_was_embedded(embedded_settings: Settings) -> None:
    build(embedded_settings)
    plain = open_engine(replace(embedded_settings, semantic_model=""))
    plain.update(ARTICLES[1:], lambda: None, lambda *_: None)
    assert not list(embedded_settings.index.glob("generations/*/*.vectors"))[1:]
    plain.close()


def test_progress_counts_what_is_embedded(embedded_settings: Settings) -> None:
    seen: list[tuple[str, int, int | None]] = []
    engine = open_engine(embedded_settings)
    engine.rebuild(ARTICLES, lambda *each: seen.append(each))
    assert ("embed", len(ARTICLES), len(ARTICLES)) in seen
    engine.close()


def test_vectors_that_are_damaged_are_an_error_and_found_by_verify(embedded_settings: Settings) -> None:
    build(embedded_settings)
    [path] = embedded_settings.index.glob("generations/*/sections.vectors")
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-40])
    again = open_engine(embedded_settings)
    with pytest.raises(OperationalError):
        asked(again, embedded_settings, "insomnia")
    assert any("sections.vectors" in fault for fault in again.verify())
    again.close()
