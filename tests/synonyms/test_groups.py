"""What a list of synonyms says."""

from __future__ import annotations

from harbor_search.synonyms import SHIPPED, Equivalent, Fault, SynonymFiles, read_groups


def test_names_between_commas_find_each_other() -> None:
    assert set(read_groups("piles, hemorrhoids")) == {
        Equivalent("piles", "hemorrhoids", 0.8),
        Equivalent("hemorrhoids", "piles", 0.8),
    }


def test_spellings_count_as_the_same_word_and_other_names_less() -> None:
    weights = {
        (each.name, each.other): each.weight
        for each in read_groups("anemia = anaemia, thin blood")
        if isinstance(each, Equivalent)
    }
    assert weights["anaemia", "anemia"] == 1.0
    assert weights["thin blood", "anaemia"] == weights["anaemia", "thin blood"] == 0.8


def test_an_arrow_goes_one_way_as_in_lists_for_solr() -> None:
    assert list(read_groups("water pill => diuretic")) == [Equivalent("water pill", "diuretic", 0.8, mutual=False)]
    assert {each.other for each in read_groups("a, b => c, d") if isinstance(each, Equivalent)} == {"c", "d"}


def test_comments_and_escaped_signs() -> None:
    text = "# all of this\n\n1\\,25-D, calcitriol  # a vitamin\n"
    assert {each.name for each in read_groups(text) if isinstance(each, Equivalent)} == {"1,25-D", "calcitriol"}


def test_a_line_that_says_nothing_is_named_and_does_not_stop_the_others() -> None:
    found = list(read_groups("alone\n=> nothing\na => b => c\nx, y"))
    assert [each.line for each in found if isinstance(each, Fault)] == [1, 2, 3]
    assert Equivalent("x", "y", 0.8) in found


def test_the_shipped_list_has_no_faults_and_hundreds_of_names() -> None:
    thesaurus = SynonymFiles(SHIPPED).thesaurus("english")
    assert len(thesaurus) > 1_200
