"""What a query in plain words is taken to ask for, on a few articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harbor_search import Article, Section, open_index
from harbor_search.analysis import get_analyzer
from harbor_search.index import Index
from harbor_search.query import Boosted, DisMax, Phrase, Term, parse, tree_of
from harbor_search.searching.interpretation import Interpretation, interpret
from harbor_search.searching.query_understanding import limits, understand
from harbor_search.synonyms import Equivalent, Thesaurus, read_groups, synonyms_of

TEXTS = (
    ["hemorrhoids cream"] * 6
    + ["parry-romberg syndrome"] * 4
    + ["login page", "login help", "log in the fire"]
    + ["crohn's disease in adults"] * 3
    + ["acting in films", "actin fibres", "act in time", "act in play"]
    + ["heart attack signs"] * 3
    + ["migraine pain"] * 12
    + ["larva migrans", "snoring", "the bed of an adult"]
    + ["coronary thrombosis", "myocardial infarction"]
    + ["hydroxyzine tablets", "hydralazine tablets"]
    + ["insomnia", "you can't rest"]
    + ["sleep well", "a long sleep"] * 4
    + ["vitamin a or retinol", "vitamin b and vitamin c", "vitamin d deficiency", "type i and type ii"]
    + ["take a pill", "take a walk"]
    + ["type 2 diabetes", "diabetes type 1", "factor v leiden", "factor viii lack", "fluids iv", "the type of sleep"]
    + ["covid-19 cough"]
    + ["heartburn at night", "heartburn", "GERD"] * 3
    + ["burn of the hand"] * 2
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(tmp_path_factory.mktemp("interpretation")) as index:
        index.rebuild(Article(str(n), f"t{n}", (Section("", "", text),)) for n, text in enumerate(TEXTS))
        yield index


def read(index: Index, text: str) -> Interpretation:
    vocabulary = index.engine.vocabulary()
    lists = synonyms_of("health")
    assert lists is not None
    parsed = parse(text, limits=limits(index.settings), strict=False)
    return interpret(parsed, vocabulary, lists.thesaurus(vocabulary.analyzer), spelling=True)


@pytest.mark.parametrize(
    ("typed", "wrong", "right"),
    [
        ("parry-rombrg syndrome", "parry-rombrg", "parry-romberg"),
        ("crohhn's disease", "crohhn's", "crohn's"),
        ("hemorhoids", "hemorhoids", "hemorrhoids"),
        ("heartattack signs", "heartattack", "heart attack"),
    ],
)
def test_a_misspelt_part_of_a_word_is_corrected(index: Index, typed: str, wrong: str, right: str) -> None:
    assert read(index, typed).applied.corrections == ((wrong, right),)


def test_a_word_that_only_looks_like_a_form_of_a_rare_one_is_read_as_the_frequent_one_it_is_near(index: Index) -> None:
    assert read(index, "migrane").applied.corrections == (("migrane", "migraine"),)
    assert read(index, "migrans").applied.corrections == ()
    assert read(index, "snored").applied.corrections == ()


def test_a_misspelt_medicine_is_never_read_as_its_look_alike(index: Index) -> None:
    assert read(index, "hydraxyzine").applied.corrections == (("hydraxyzine", "hydroxyzine"),)
    between = read(index, "hydraxlazine")
    assert "hydroxyzine" not in [right for _, right in between.applied.corrections]


@pytest.mark.parametrize(
    ("question", "function_words"),
    [
        ("la migrana de mi madre", ("la", "de", "mi")),
        ("tengo hemoroides", ("tengo",)),
        ("comment soigner les hemoroides", ("comment", "les")),
    ],
)
def test_a_question_in_another_language_is_not_corrected_into_this_one(
    index: Index, question: str, function_words: tuple[str, ...]
) -> None:
    applied = read(index, question).applied
    assert (applied.corrections, applied.dropped) == ((), function_words)
    assert applied.absent == tuple(word for word in question.split() if word not in function_words)


def test_function_words_of_another_language_in_a_name_stand_for_nothing(index: Index) -> None:
    assert ("crohhn", "crohn") in read(index, "crohhn de disease").applied.corrections


def test_a_word_is_corrected_among_others_that_no_article_has_only_where_they_confirm_it(index: Index) -> None:
    assert read(index, "hemorhoids creem").applied.corrections == (("hemorhoids", "hemorrhoids"), ("creem", "cream"))
    unknown = read(index, "creem qqqqq")
    assert (unknown.applied.corrections, unknown.applied.absent) == ((), ("creem", "qqqqq"))
    elsewhere = read(index, "creem syndrm")
    assert not elsewhere.applied.corrections
    assert [each.typed for each in elsewhere.offered] == ["creem", "syndrm"]


def test_one_mistake_in_a_long_word_needs_no_confirmation(index: Index) -> None:
    assert read(index, "hemorhoids qqqqq").applied.corrections == (("hemorhoids", "hemorrhoids"),)
    assert read(index, "creem kids").applied.corrections == (("creem", "cream"),), "a word of a name is known"


def test_words_that_no_article_has_are_told(index: Index) -> None:
    assert read(index, "migraine xqzwv pain").applied.absent == ("xqzwv",)
    assert read(index, "migraine pain").applied.absent == ()
    assert read(index, "hemorhoids cream").applied.absent == (), "what was corrected is told as that"
    assert read(index, "piles").applied.absent == (), "articles have it by another name"


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("diabetes type ii", ("type ii", "type 2")),
        ("type 2 sleep", ("type 2", "type ii")),
        ("sleep type i", ("type i", "type 1")),
        ("factor 5 leiden", ("factor 5", "factor v")),
    ],
)
def test_numbers_behind_a_word_that_numbers_name_are_searched_in_both_ways(
    index: Index, typed: str, also: tuple[str, str]
) -> None:
    meant = read(index, typed)
    assert also in meant.applied.spellings
    found = [hit.title for hit in index.search(typed).hits if not hit.lacks]
    assert found or "sleep" in typed


@pytest.mark.parametrize("typed", ["fluids 4", "vitamin 3", "sleep ii", "ii sleep", "the 2", "type 7"])
def test_other_numbers_are_searched_as_they_were_typed(index: Index, typed: str) -> None:
    assert not read(index, typed).applied.spellings


def test_a_number_in_the_other_way_counts_less_than_as_it_was_typed(index: Index) -> None:
    for typed, other in (("type ii", "type 2"), ("type 1", "type i")):
        first, *_ = index.search(typed, explain=True).hits
        texts = [part.text for part in first.explanation.parts]  # type: ignore[union-attr]
        assert typed.split()[1] in texts and other not in texts


def test_a_name_is_known_with_a_number_in_the_other_way(index: Index) -> None:
    meant = read(index, "type ii diabetes")
    assert ("type ii diabetes", "type 2 diabetes") in meant.applied.synonyms


@pytest.mark.parametrize("typed", ["covid19", "covid 19", "covid-19", "COVID19"])
def test_letters_and_numbers_of_a_name_may_be_written_in_any_way(index: Index, typed: str) -> None:
    assert [synonym for _, synonym in read(index, typed).applied.synonyms] == ["covid"]


def test_words_of_a_query_that_needs_nothing_stay_what_they_were(index: Index) -> None:
    meant = read(index, "cream for hemorrhoids signs")
    assert not meant.applied.corrections
    assert {Term("cream"), Term("hemorrhoids"), Term("signs")} <= set(tree_of(meant.query).should)  # type: ignore[union-attr]


def test_a_lay_name_is_searched_as_the_clinical_one_which_counts_less(index: Index) -> None:
    should = tree_of(read(index, "piles").query).should  # type: ignore[union-attr]
    others = [each for node in should for each in (node.nodes if isinstance(node, DisMax) else (node,))]
    assert [node.factor < 1 for node in others if isinstance(node, Boosted) and node.node == Term("hemorrhoids")] == [
        True
    ]


def test_a_name_of_several_words_counts_more_where_they_stand_side_by_side(index: Index) -> None:
    should = tree_of(read(index, "what is a heart attack").query).should  # type: ignore[union-attr]
    assert Term("heart") in should
    phrases = [each.node for node in should if isinstance(node, DisMax) for each in node.nodes]
    assert Phrase("heart attack") in phrases


def test_a_stop_word_that_is_dropped_still_makes_a_word_with_the_one_before_it(index: Index) -> None:
    """But not where articles write the two apart: who acts in something asks for no actin."""
    assert read(index, "log in").applied.synonyms == (("log", "login"),)
    assert read(index, "act in").applied.synonyms == ()


def test_a_letter_stays_behind_a_word_that_articles_have_before_other_letters_too(index: Index) -> None:
    found = read(index, "vitamin a deficiency")
    assert Phrase("vitamin a") in tree_of(found.query).should
    assert found.applied.dropped == ()
    assert Phrase("type i") in tree_of(read(index, "type i adults").query).should
    assert read(index, "take a long sleep").applied.dropped == ("a",)
    assert read(index, "a vitamin a day, a pill").applied.dropped == ("a",)


def test_a_letter_of_a_name_does_not_make_words_that_ask_count_less(index: Index) -> None:
    def asking(text: str) -> float:
        return next(each.factor for each in tree_of(read(index, text).query).should if isinstance(each, Boosted))

    assert asking("not vitamin a deficiency") == asking("not vitamin deficiency")


def test_a_word_said_again_in_another_form_counts_once_and_more(index: Index) -> None:
    meant = read(index, "cream tablets tablet signs")
    should = tree_of(meant.query).should  # type: ignore[union-attr]
    assert Term("tablets") in should
    assert Term("tablet") not in should
    assert any(isinstance(node, Boosted) and node.node == Term("cream") and node.factor < 1 for node in should)


def test_a_name_counts_as_it_was_typed_even_where_articles_know_it_by_no_other_name(index: Index) -> None:
    assert Boosted(Phrase("pink eye"), 0.5) in tree_of(read(index, "pink eye").query).should  # type: ignore[union-attr]


def test_other_names_count_for_all_words_of_a_name(index: Index) -> None:
    should = tree_of(read(index, "can't sleep").query).should  # type: ignore[union-attr]
    (names,) = (node.nodes for node in should if isinstance(node, DisMax))
    assert Boosted(Term("insomnia"), 0.8) in names


@pytest.mark.parametrize(("line", "names"), [("snoring, insomnia", ("insomnia",)), ("snoring => insomnia", ())])
def test_what_is_only_related_is_searched_and_no_other_name(index: Index, line: str, names: tuple[str, ...]) -> None:
    listed = [each for each in read_groups(line) if isinstance(each, Equivalent)]
    parsed = parse("snoring", limits=limits(index.settings), strict=False)
    vocabulary = index.engine.vocabulary()
    meant = interpret(parsed, vocabulary, Thesaurus(listed, get_analyzer("english")), spelling=True)
    assert (meant.applied.synonyms, meant.other_names) == ((("snoring", "insomnia"),), names)


@pytest.mark.parametrize("typed", ["heart burn", "hart burn", "heart-burn"])
def test_two_words_that_make_a_name_of_one_have_its_other_names(index: Index, typed: str) -> None:
    names = [other for _, other in read(index, typed).applied.synonyms]
    assert {"heartburn", "GERD"} <= set(names)


def test_words_that_make_no_name_together_keep_their_own(index: Index) -> None:
    assert read(index, "hand burn").applied.synonyms == ()


def test_a_correction_is_confirmed_by_the_word_that_it_makes_with_its_neighbour(index: Index) -> None:
    assert read(index, "hart burn").applied.corrections == (("hart", "heart"),)


def test_parts_of_a_compound_count_less_apart(index: Index) -> None:
    should = tree_of(read(index, "tooth ache").query).should  # type: ignore[union-attr]
    assert {Boosted(Term("tooth"), 0.5), Boosted(Term("ache"), 0.5)} <= set(should)


def test_what_is_named_together_is_known_as_a_phrase(index: Index) -> None:
    assert read(index, "heart attack").together == Phrase("heart attack")
    assert read(index, "heart attak").together is None


def test_a_query_is_understood_once_until_the_index_or_a_setting_changes(tmp_path: Path) -> None:
    with open_index(tmp_path) as index:
        index.rebuild([Article("1", "Piles", (Section("", "", "hemorrhoids cream"),))])
        first = index.search("hemorhoids cream")
        assert first.applied.corrections == (("hemorhoids", "hemorrhoids"),)
        assert index.search("hemorhoids cream").applied == first.applied
        assert understood(index, corrections=True) is understood(index, corrections=True)
        assert understood(index, corrections=False).applied.corrections == ()
        index.rebuild([Article("1", "Piles", (Section("", "", "hemorhoids cream"),))])
        assert index.search("hemorhoids cream").applied.corrections == ()


def understood(index: Index, *, corrections: bool) -> Interpretation:
    settings = replace(index.settings, corrections=corrections)
    return understand(index.engine, "hemorhoids cream", settings, strict=False, literal=False)
