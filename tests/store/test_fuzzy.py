"""Similar terms are those that the definition of the distance says, at their distances, however the walk skips."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.errors import OperationalError
from harbor_search.store.postings.dictionary import Dictionary
from harbor_search.store.postings.fuzzy import similar_terms
from tests.engines.reference import edits
from tests.store.test_dictionary import columns_of, opened

# Few letters, of one to four bytes, some of which begin alike: many terms are near each other.
_words = st.text("abcéè東\U0001f600", max_size=7)
_vocabularies = st.sets(_words, max_size=120) | st.sets(st.text("ab", max_size=9), max_size=200)


def found(dictionary: Dictionary, word: str, distance: int) -> dict[str, int]:
    entries, away = similar_terms(dictionary, word, distance)
    bounds = [0, *entries.ends.tolist()]
    texts = [entries.text[start:end].tobytes().decode() for start, end in zip(bounds, bounds[1:], strict=False)]
    assert texts == sorted(texts, key=str.encode)
    return dict(zip(texts, away.tolist(), strict=True))


def near(terms: set[str], word: str, distance: int) -> dict[str, int]:
    return {term: away for term in terms if (away := edits(term, word)) <= distance}


@given(_vocabularies, _words, st.integers(0, 4))
def test_the_terms_within_a_distance_are_found_and_no_others(terms: set[str], word: str, distance: int) -> None:
    dictionary = opened(columns_of(sorted(map(str.encode, terms)))[0])
    assert found(dictionary, word, distance) == near(terms, word, distance)


@given(st.text("ab", min_size=60, max_size=140), st.data(), st.integers(0, 3))
def test_fuzzy_matches_are_found_for_words_of_any_length(word: str, data: st.DataObject, distance: int) -> None:
    """More characters than a machine word has bits."""
    terms = {word[:60], word + "ab"}
    for _ in range(20):
        at = data.draw(st.integers(0, len(word) - 1))
        terms.add(data.draw(st.sampled_from([word[:at] + word[at + 1 :], word[:at] + "ab" + word[at:], word[at:]])))
    dictionary = opened(columns_of(sorted(map(str.encode, terms)))[0])
    assert found(dictionary, word, distance) == near(terms, word, distance)


@pytest.mark.parametrize("distance", [1, 2])
def test_groups_that_cannot_match_are_skipped_up_to_the_next_candidate(distance: int) -> None:
    """Hundreds of terms with one beginning, before, between and behind those that match."""
    terms = {f"{beginning}{number:03}" for beginning in ("aaa", "wor", "xyz", "wzz") for number in range(300)}
    terms |= {"word", "words", "wodr", "owrd", "ward", "zzzz", "a", "wor", "zord"}
    dictionary = opened(columns_of(sorted(map(str.encode, terms)))[0])
    assert found(dictionary, "word", distance) == near(terms, "word", distance)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40))
def test_each_term_comes_with_its_entry(numbers: list[int]) -> None:
    terms = sorted({f"w{number}{at % 7}".encode() for at, number in enumerate(numbers)})
    columns, entries = columns_of(terms)
    places = similar_terms(opened(columns), "w12", 3)[0].places
    assert places.tolist() == [[entry.at, entry.size, entry.df, entry.cf] for entry in entries]


@given(st.sets(_words, min_size=1, max_size=60), _words, st.data())
def test_a_damaged_dictionary_gives_wrong_terms_or_an_error_and_never_crashes(
    terms: set[str], word: str, data: st.DataObject
) -> None:
    columns, _ = columns_of(sorted(map(str.encode, terms)))
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(["terms", "groups", "bases"]))
        at = data.draw(st.integers(0, columns[name].size - 1))
        columns[name][at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        columns["count"] = columns["count"] + np.uint64(40)
    dictionary = opened(columns)
    for ask in (lambda: similar_terms(dictionary, word, 2), lambda: dictionary.beginning_with(word.encode())):
        try:
            ask()
        except OperationalError as error:
            assert "rebuild" in str(error)
