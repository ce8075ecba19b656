"""A German compound finds the articles that say it in several words, and these words the articles that have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.searching import parse_request, search
from tests.engines.conftest import ENGINES
from tests.support.articles import plain

TEXTS = {
    "risk": "Rauchen erhöht das Herzinfarktrisiko. Wer aufhört, senkt es in wenigen Jahren.",
    "infarct": "Das Risiko für einen Herzinfarkt steigt mit dem Blutdruck.",
    "risks": "Jede Operation hat ein Risiko. Ein Notfall ist dagegen der Herzinfarkt, bei dem jede Minute zählt.",
    "back": "Rückenschmerzen kommen oft vom langen Sitzen am Schreibtisch.",
    "pain": "Gegen Schmerzen im Rücken hilft Bewegung mehr als das Bett.",
    "office": "Das Gesundheitsamt rät zur Impfung, bevor die Grippe kommt.",
    "health": "Gesundheit ist mehr als keine Krankheit. Ein Amt kümmert sich darum.",
    "speech": "Nach einem Schlaganfall hilft die Sprachtherapie beim Sprechen.",
    "language": "Die Sprache lernt ein Kind beim Zuhören; eine Therapie braucht es selten.",
    "doctor": "Der Augenarzt prüft das Sehen und den Druck im Auge.",
    "complaints": "Beschwerden sind selten ein Notfall.",
    "earth": "Erden sind ein Teil der Kosmetik, Beschw ist ein Name.",
}
ARTICLES = [plain(name, name.title(), text=text, language="de") for name, text in TEXTS.items()]
ENGLISH_TEXTS = {
    "en": "Headaches that come back need a diary of meals.",
    "carnage": "Carnage on the roads is what seat belts prevent.",
    "therapist": "A therapist listens.",
    "fool": "The sad rapist of the opera is a clown.",
}
ENGLISH = [plain(name, name.title(), text=text, language="en") for name, text in ENGLISH_TEXTS.items()]


@pytest.fixture(params=["german", "english"])
def analyzer(request: pytest.FixtureRequest) -> str:
    """That of a German collection, or of an English one that has German articles too."""
    found: str = request.param
    return found


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path, analyzer: str) -> Iterator[SearchEngine]:
    if request.param == "opensearch":
        settings: Settings = request.getfixturevalue("opensearch_settings")(analyzer=analyzer)
    else:
        settings = Settings(index=tmp_path / "index", analyzer=analyzer)
    made = open_engine(settings)
    made.rebuild([*ARTICLES, *ENGLISH], lambda *_: None)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("query", "first", "among"),
    [
        ("Herzinfarktrisiko", "risk", "infarct"),
        ("Rückenschmerzen", "back", "pain"),
        ("Rueckenschmerz", "back", "pain"),
    ],
)
def test_a_compound_finds_what_says_it_in_several_words_behind_what_says_it_in_one(
    engine: SearchEngine, query: str, first: str, among: str
) -> None:
    found = ids(engine, query)
    assert (found[0], among in found[1:]) == (first, True)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Handschuh", "Schuhe an der Hand"),
        ("Hausarzt", "Der Arzt im Haus"),
        ("Flugzeug", "Zeug für den Flug"),
        ("Kindergarten", "Kinder im Garten"),
    ],
)
def test_an_article_with_the_word_comes_before_a_title_with_its_parts(
    engine: SearchEngine, word: str, parts: str
) -> None:
    whole = f"Was man wissen muss. Ein {word} ist oft ein Thema, über das viele reden."
    engine.rebuild(
        [
            plain("whole", "Ein Thema", text=whole, language="de"),
            plain("parts", parts, text=f"{parts}.", language="de"),
            *ARTICLES,
        ],
        lambda *_: None,
    )
    assert ids(engine, word) == ["whole", "parts"]


def test_parts_that_are_far_apart_are_no_compound(engine: SearchEngine) -> None:
    assert "risks" not in ids(engine, "Herzinfarktrisiko")


@pytest.mark.parametrize(("query", "article"), [("Herzinfarkt Risiko", "risk"), ("rücken schmerzen", "back")])
def test_words_find_the_compound_that_they_make(engine: SearchEngine, query: str, article: str) -> None:
    assert article in ids(engine, query, strict="1")


@pytest.mark.parametrize("analyzer", ["german"])
@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("Risiko Herzinfarkt", "risk"),
        ("Gesundheit Amt", "office"),
        ("Sprache Therapie", "speech"),
        ("Auge Arzt", "doctor"),
    ],
)
def test_in_a_german_collection_what_links_them_and_their_order_make_no_difference(
    engine: SearchEngine, query: str, article: str
) -> None:
    assert article in ids(engine, query, strict="1")


@pytest.mark.parametrize("analyzer", ["english"])
def test_english_words_are_not_linked_as_german_ones_are(engine: SearchEngine) -> None:
    assert "carnage" not in ids(engine, "car age")


@pytest.mark.parametrize("analyzer", ["english"])
def test_a_function_word_of_any_language_of_the_collection_is_no_part(engine: SearchEngine) -> None:
    assert ids(engine, "therapist") == ["therapist"]


@pytest.mark.parametrize("analyzer", ["german"])
def test_words_find_their_compound_however_often_they_are_asked_for(engine: SearchEngine) -> None:
    plain_way = {"literal": "1", "facets": "0", "snippets": "0"}
    for q in ("Sprache", "Therapie"):
        ids(engine, q, **plain_way)
    found = [ids(engine, "Sprache Therapie", per_page=size, **plain_way) for size in ("7", "8", "9")]
    assert "speech" in found[0]
    assert found == found[:1] * 3


def test_a_word_is_not_parted_into_what_is_rarer_than_the_word(engine: SearchEngine) -> None:
    assert ids(engine, "Beschwerden") == ["complaints"]


def ids(engine: SearchEngine, query: str, **parameters: str) -> list[str]:
    settings = Settings()
    return [hit.id for hit in search(engine, parse_request({"q": query, **parameters}, settings), settings).hits]
