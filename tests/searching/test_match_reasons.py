"""What an answer says about itself, and what it offers where little was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from harbor_search import Article, SearchRequest, Section, open_index
from harbor_search.explanation import Change, Explanation, Part
from harbor_search.index import Index
from harbor_search.query import Term
from harbor_search.results import Hit, Match, Snippet
from harbor_search.searching.concepts import Concept, Way, other_name
from harbor_search.searching.explained_hits import explained
from harbor_search.searching.match_reasons import in_concepts
from harbor_search.searching.readings import Readings
from harbor_search.synonyms import Other

TEXTS = (
    ["erectile dysfunction is common"] * 30
    + ["a disfunction of the valve"]
    + ["prednisone tablets"] * 3
    + ["anemia and fatigue"] * 25
    + ["nausea"] * 4
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(tmp_path_factory.mktemp("explaining")) as index:
        index.rebuild(Article(str(n), f"t{n}", (Section("", "", text),)) for n, text in enumerate(TEXTS))
        yield index


def hit(title: str, text: str = "", marks: tuple[tuple[int, int], ...] = ()) -> Hit:
    return Hit("1", "", title, (), (), None, None, 1.0, (Snippet("body", "", "", text, marks),))


def read(found: Hit, matches: tuple[bool, ...], concepts: Sequence[Concept]) -> Hit:
    return next(explained([found], [matches], Readings(concepts), "english"))


def word(text: str) -> tuple[Way, ...]:
    return (Way(Term(text), None, text),)


def test_a_rare_word_that_few_articles_have_may_be_a_mistake_for_a_frequent_one(index: Index) -> None:
    assert index.search("disfunction").did_you_mean == ("dysfunction",)


def test_a_rare_word_is_offered_what_stands_with_the_others_where_no_article_has_all(index: Index) -> None:
    assert index.search("erectile disfunction").did_you_mean == ("erectile dysfunction",)
    assert index.search("valve disfunction").did_you_mean == ()
    assert index.search("nausea disfunction").did_you_mean == ()


def test_a_frequent_word_is_offered_nothing_else(index: Index) -> None:
    assert index.search("erectile dysfunction").did_you_mean == ()


def test_a_medicine_that_no_article_has_is_only_offered_its_look_alike(index: Index) -> None:
    results = index.search("prednisolone")
    assert results.applied.corrections == ()
    assert results.did_you_mean == ("prednisone",)


def test_a_word_that_was_searched_in_another_spelling_is_no_mistake(index: Index) -> None:
    results = index.search("anaemia")
    assert results.applied.spellings == (("anaemia", "anemia"),)
    assert results.applied.corrections == ()
    assert results.did_you_mean == ()


def test_only_the_word_in_question_is_replaced_in_what_is_offered(index: Index) -> None:
    assert index.search('"anemia" prednisolone').did_you_mean == ('"anemia" prednisone',)


def test_tiers_count_the_articles_with_all_words_and_with_some(index: Index) -> None:
    tiers = index.search("anemia nausea fatigue").tiers
    assert tiers is not None
    assert (tiers.all, tiers.some) == (0, 29)
    assert index.search("nausea").tiers is None


def test_a_hit_says_which_words_it_lacks() -> None:
    concepts = [Concept("iron", (word("iron"),)), Concept("tea", (word("tea"),))]
    assert read(hit("Iron"), (True, False), concepts).lacks == ("tea",)
    assert read(hit("Iron tea"), (True, True), concepts).lacks == ()


def test_a_hit_says_by_which_other_name_it_has_a_word() -> None:
    concept = Concept("piles", (word("piles"),), (other_name(Other("hemorrhoids", 0.8)),))
    found = read(hit("Hemorrhoids"), (False, True), [concept])
    assert found.matched == (Match("piles", "synonym", "hemorrhoids"),)
    assert found.lacks == ()


def test_a_hit_says_which_correction_it_has() -> None:
    pressure = Way(Term("pressure"), "correction", "pressure", typed="presure")
    concept = Concept("blood presure", (word("blood"), (pressure,)))
    found = read(hit("Blood pressure"), (True, True), [concept])
    assert found.matched == (Match("presure", "correction", "pressure"),)


def test_a_hit_says_in_which_form_it_shows_a_word() -> None:
    concept = Concept("sleeping", (word("sleeping"),))
    found = read(hit("Rest", "We sleep at night", ((3, 8),)), (True,), [concept])
    assert found.matched == (Match("sleeping", "form", "sleep"),)
    as_typed = read(hit("Rest", "Sleeping at night", ((0, 8),)), (True,), [concept])
    assert as_typed.matched == ()


def test_an_explanation_does_not_miss_a_word_that_the_article_has_by_another_name() -> None:
    explanation = Explanation(
        1.0,
        1,
        0.0,
        parts=(Part("word", "hemorrhoids", 1.0),),
        changes=(Change("piles", "title", 0.5, 1), Change("hemorrhoids", "title", 0.5, 1)),
        lacks=("piles", "cream"),
    )
    concepts = [
        Concept("piles", (word("piles"),), (other_name(Other("hemorrhoids", 0.8)),)),
        Concept("cream", (word("cream"),)),
    ]
    found = in_concepts(explanation, concepts)
    assert found.lacks == ("cream",)
    assert [change.text for change in found.changes] == ["hemorrhoids"]


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ({"q": "erectile dysfuncton", "strict": True}, "erectile dysfunction"),
        ({"q": "dysfuncton", "literal": True}, "dysfunction"),
        ({"q": '"erectile dysfuncton"'}, '"erectile dysfunction"'),
        ({"q": "erektile AND dysfuncton"}, "erectile AND dysfunction"),
        ({"q": "title:dysfuncton"}, "title:dysfunction"),
    ],
)
def test_a_query_searched_as_it_is_written_that_finds_nothing_is_offered_its_words_spelt_right(
    index: Index, asked: dict[str, object], offered: str
) -> None:
    results = index.search(SearchRequest(**asked))  # type: ignore[arg-type]
    assert (results.total, results.did_you_mean) == (0, (offered,))


def test_words_that_must_not_occur_are_not_spelt_otherwise(index: Index) -> None:
    assert index.search("nausea AND fatigue -dysfuncton").did_you_mean == ()


def test_what_was_corrected_is_not_offered_where_a_filter_lets_nothing_through(index: Index) -> None:
    results = index.search("erectile dysfuncton", section=("Elsewhere",))
    assert (results.total, results.did_you_mean) == (0, ())
    assert results.applied.corrections == (("dysfuncton", "dysfunction"),)
