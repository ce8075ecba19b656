"""Who types a title finds the article of that title first."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.engines.title_match import factor, title_words
from harbor_search.searching import SearchRequest, search
from tests.behaviour.collection import Collection
from tests.support.articles import plain

EQUAL, WITHIN, ALONE, AROUND = 3.0, 1.2, 1.1, 1.1
OTHER_NAME, OTHER_FORM = 2.0, 2.8


def test_every_title_finds_its_article_first(collection: Collection) -> None:
    """In the case of headlines as well, whatever small words it is made of."""
    for article in collection.articles.values():
        assert collection.titles(article.title, 1) == [article.title]
        assert collection.titles(article.title.title(), 1) == [article.title]


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("what NOT to do", "What Not to Do", EQUAL),
        ("caf\u00e9 au lait", "Cafe au Lait!", EQUAL),
        ("not to do", "What Not to Do With a Nosebleed", WITHIN),
        ("signs of breast cancer", "Breast Cancer", AROUND),
        ("ulcer", "Peptic Ulcer", ALONE),
        ("ulcer", "Ulcerative Colitis", 1.0),
        ("childhood leukaemia", "Childhood Leukemia", EQUAL),
        ("signs of iron", "Iron", 1.0),
        ("cancer breast", "Breast Cancer", 1.0),
        ("", "Iron", 1.0),
    ],
)
def test_a_title_counts_by_how_much_of_it_is_the_query(query: str, title: str, expected: float) -> None:
    assert factor(title_words(query), title_words(title), EQUAL) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("title", "expected"), [("Abdominal Pain", OTHER_NAME), ("Stomach Ache", EQUAL), ("Pain, abdominal", 1.0)]
)
def test_a_title_that_is_another_name_of_the_query_counts_less_than_the_query_itself(
    title: str, expected: float
) -> None:
    names = {title_words(name).text for name in ("abdominal pain", "stomach ache")}
    assert factor(title_words("stomach ache"), title_words(title), EQUAL, names) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("brain tumor", "Brain Tumours", OTHER_FORM),
        ("head injuries", "Head injury", OTHER_FORM),
        ("Asperger's syndrome", "Asperger Syndrome", OTHER_FORM),
        ("vertebra", "Vertebrae", OTHER_FORM),
        ("stomach aches", "Abdominal Pains", OTHER_NAME),
        ("ulcer", "Ulcerative Colitis", 1.0),
        ("tumor brain", "Brain Tumors", 1.0),
    ],
)
def test_a_title_that_is_the_query_in_other_forms_counts_nearly_as_much(
    query: str, title: str, expected: float
) -> None:
    names = {title_words("abdominal pain").text}
    assert factor(title_words(query), title_words(title), EQUAL, names, "english") == pytest.approx(expected)


def test_the_article_about_a_thing_comes_before_those_that_say_its_lay_name(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path)
    engine = EmbeddedEngine(settings)
    said = [plain(f"said {n}", text="A stomach ache comes and goes. Stomach ache, stomach ache.") for n in range(3)]
    about = [
        plain("Abdominal Pain", text="The abdomen may hurt for many reasons, and most of them pass by themselves."),
        plain("Abdominal Pain in Children", text="Children say where it hurts, or do not."),
    ]
    filler = [plain(f"filler {n}", text=f"A page about the day {n}") for n in range(20)]
    engine.rebuild([*said, *about, *filler], lambda *_: None)

    def first(q: str) -> str:
        return search(engine, SearchRequest(q=q), settings).hits[0].id

    assert first("stomach ache") == "Abdominal Pain"
    assert first("stomach ache after meals") != "Abdominal Pain"


@pytest.mark.parametrize(
    ("query", "before", "behind"),
    [("brain tumor", "Brain Tumors", "Glioma"), ("bumped head", "A Bumped Head at Home", "Concussion")],
)
def test_what_is_only_related_or_another_name_comes_behind_what_was_asked_for(
    tmp_path: Path, query: str, before: str, behind: str
) -> None:
    settings = Settings(index=tmp_path)
    engine = EmbeddedEngine(settings)
    about = [plain(before, text="Some pass, others stay."), plain(behind, text=f"{behind} is told here, {behind}.")]
    filler = [plain(f"filler {n}", text=f"A page about the day {n}") for n in range(20)]
    engine.rebuild([*about, *filler], lambda *_: None)
    assert [hit.id for hit in search(engine, SearchRequest(q=query), settings).hits] == [before, behind]
