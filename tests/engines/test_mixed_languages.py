"""In a collection of several languages each article is found by the words of its own, in any of their forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.results import SearchResults
from harbor_search.searching import parse_request, search
from tests.engines.conftest import ENGINES
from tests.support.articles import plain

ARTICLES = [
    plain("en", "Headaches", text="Headaches that come back need a diary of meals.", language="en"),
    plain("de", "Kopfweh", text="Was gegen Schmerzen im Rücken hilft, sagen die Ärztinnen.", language="de-AT"),
    plain("fr", "Maux", text="Les allergies aux pollens gênent aussi les chevaux en mars.", language="fr"),
    plain("es", "Corazón", text="Los corazones sanos laten más despacio por las noches.", language="es"),
    plain("unknown", "Walking", text="Walks are good for all of us."),
]


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "opensearch":
        made: Settings = request.getfixturevalue("opensearch_settings")()
        return made
    return Settings(index=tmp_path / "index")


@pytest.fixture
def engine(settings: Settings) -> Iterator[SearchEngine]:
    made = open_engine(settings)
    made.rebuild(ARTICLES, lambda *_: None)
    yield made
    made.close()


def found(engine: SearchEngine, query: str, **parameters: str) -> SearchResults:
    settings = Settings()
    return search(engine, parse_request({"q": query, **parameters}, settings), settings)


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("headache", "en"),
        ("Schmerz", "de"),
        ("Ruecken", "de"),
        ("aerztinnen", "de"),
        ("allergie", "fr"),
        ("cheval", "fr"),
        ("corazon", "es"),
        ("noche", "es"),
        ("walk", "unknown"),
        ('"schmerz im rücken"', "de"),
    ],
)
def test_a_word_in_another_form_finds_the_article_of_its_language(
    engine: SearchEngine, query: str, language: str
) -> None:
    results = found(engine, query)
    assert [hit.id for hit in results.hits] == [language]
    assert results.applied.corrections == ()
    assert any(snippet.ranges for snippet in results.hits[0].snippets) or results.hits[0].title_ranges


def test_a_word_of_all_languages_counts_once(tmp_path: Path) -> None:
    scores = []
    for name, languages in (("one", ["en", "en"]), ("two", ["en", "de"])):
        engine = open_engine(Settings(index=tmp_path / name))
        texts = ["Iron is a metal.", "Eisen heisst iron."]
        engine.rebuild(
            [plain(lang + text[:4], text=text, language=lang) for lang, text in zip(languages, texts, strict=True)],
            lambda *_: None,
        )
        scores.append([hit.score for hit in found(engine, "iron").hits])
        engine.close()
    assert scores[0] == pytest.approx(scores[1])


def test_an_update_may_bring_a_new_language(engine: SearchEngine) -> None:
    italian = plain("it", "Sonno", text="I bambini dormono molte ore.", language="it")
    change = engine.update([*ARTICLES, italian], lambda: None, lambda *_: None)
    assert (change.added, change.changed, change.rebuilt) == (1, 0, "")
    assert [hit.id for hit in found(engine, "bambino").hits] == ["it"]
    assert [hit.id for hit in found(engine, "Schmerz").hits] == ["de"]
    again = engine.update([*ARTICLES, italian], lambda: None, lambda *_: None)
    assert (again.added, again.changed, again.removed, again.rebuilt) == (0, 0, 0, "")
    assert engine.verify() == ()


def test_articles_of_languages_that_are_not_wanted_are_analysed_as_the_collection_is(tmp_path: Path) -> None:
    with_german = open_engine(Settings(index=tmp_path, languages="de"))
    with_german.rebuild(ARTICLES, lambda *_: None)
    assert [hit.id for hit in found(with_german, "Schmerz", literal="1").hits] == ["de"]
    assert [hit.id for hit in found(with_german, "chevaux", literal="1").hits] == ["fr"]
    assert found(with_german, "cheval", literal="1").total == 0
    with_german.close()


def test_an_article_keeps_its_language_when_lists_are_written_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harbor_search.engines.embedded.segment_building._BATCH_ARTICLES", 2)
    monkeypatch.setattr("harbor_search.store.inversion.text_writer.MIN_POSTINGS_BYTES", 0)
    engine = open_engine(Settings(index=tmp_path, memory_mb=1))
    many = [each._replace(id=f"{each.id}{number}") for number in range(3) for each in ARTICLES]
    engine.rebuild(many, lambda *_: None)
    assert sorted(hit.id for hit in found(engine, "Schmerz", fold="0").hits) == ["de0", "de1", "de2"]
    engine.close()


def test_a_language_without_a_stemmer_is_analysed_as_the_collection_is(tmp_path: Path) -> None:
    engine = open_engine(Settings(index=tmp_path))
    articles: list[Article] = [plain("pl", text="Lekarze radzą spacery.", language="pl"), *ARTICLES[:1]]
    engine.rebuild(articles, lambda *_: None)
    assert [hit.id for hit in found(engine, "spacery").hits] == ["pl"]
    assert engine.stats().details["analyzer"].count("snowball") == 1
    engine.close()
