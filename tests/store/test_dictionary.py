"""Term dictionaries: sorted, searched in place."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.errors import OperationalError
from harbor_search.store.postings.dictionary import Dictionary, TermEntry
from harbor_search.store.postings.dictionary_entries import MAX_TERM_BYTES
from harbor_search.store.postings.dictionary_writer import DictionaryWriter, TermTable

_texts = st.text("abé東", max_size=5).map(str.encode) | st.binary(max_size=40)
_dictionaries = st.sets(_texts, max_size=80).map(sorted)


def columns_of(terms: list[bytes], seed: int = 1) -> tuple[dict[str, np.ndarray], list[TermEntry]]:
    random = np.random.default_rng(seed)
    dfs = random.integers(1, 1 << random.integers(1, 33), len(terms))
    cfs = dfs + random.integers(0, 1 << random.integers(1, 40), len(terms))
    sizes = random.integers(1, 1 << random.integers(1, 30), len(terms))
    ends = np.cumsum(sizes)
    rows = zip((ends - sizes).tolist(), sizes.tolist(), dfs.tolist(), cfs.tolist(), strict=True)
    writer, cut = DictionaryWriter(), int(random.integers(0, len(terms) + 1))
    for part in (slice(None, cut), slice(cut, None)):
        lengths = np.array([len(term) for term in terms[part]], np.uint64)
        text = np.frombuffer(b"".join(terms[part]), np.uint8)
        writer.add(TermTable(text, np.cumsum(lengths, dtype=np.uint64), dfs[part], cfs[part], ends[part]))
    return writer.columns(), [TermEntry(*row) for row in rows]


def opened(columns: dict[str, np.ndarray]) -> Dictionary:
    padded = np.concatenate([columns["terms"], np.zeros(8, np.uint8)])
    return Dictionary(padded, columns["groups"], columns["bases"], int(columns["count"][0]))


@given(_dictionaries, st.integers(0, 2**32 - 1), st.lists(_texts, max_size=5))
def test_every_term_is_found_with_its_entry_and_no_other(terms: list[bytes], seed: int, others: list[bytes]) -> None:
    columns, entries = columns_of(terms, seed)
    dictionary = opened(columns)
    assert len(dictionary) == len(terms)
    for term, entry in zip(terms, entries, strict=True):
        assert dictionary.find(term) == entry
    for other in set(others) - set(terms):
        assert dictionary.find(other) is None


@given(_dictionaries.filter(bool))
def test_what_differs_from_a_term_in_its_last_bytes_is_another(terms: list[bytes]) -> None:
    dictionary = opened(columns_of(terms)[0])
    near = {each for term in terms for each in (term[:-1], term + b"\0", term + b"a", term[:-1] + b"\xff", b"a" + term)}
    for other in near - set(terms):
        assert dictionary.find(other) is None


@given(_dictionaries, _texts)
def test_terms_come_in_order_from_any_place_on(terms: list[bytes], start: bytes) -> None:
    columns, entries = columns_of(terms)
    expected = list(zip(terms, entries, strict=True))
    assert list(opened(columns).starting_at(b"")) == expected
    assert list(opened(columns).starting_at(start)) == expected[bisect_left(terms, start) :]


@given(_dictionaries, _texts | st.sampled_from([b"", b"\xff", b"a\xff"]))
def test_the_terms_with_a_prefix_are_exactly_those_that_begin_with_it(terms: list[bytes], prefix: bytes) -> None:
    terms = sorted({*terms, *(b"\xff\xff" + term for term in terms)})
    columns, entries = columns_of(terms)
    expected = [(term, entry) for term, entry in zip(terms, entries, strict=True) if term.startswith(prefix)]
    found = opened(columns).beginning_with(prefix)
    assert found.text.tobytes() == b"".join(term for term, _ in expected)
    assert np.diff(found.ends.astype(np.int64), prepend=0).tolist() == [len(term) for term, _ in expected]
    assert found.places.tolist() == [[entry.at, entry.size, entry.df, entry.cf] for _, entry in expected]


def test_two_simultaneous_iterations_do_not_interfere() -> None:
    terms = [f"term {number:03}".encode() for number in range(50)]
    dictionary = opened(columns_of(terms)[0])
    pairs = zip(dictionary.starting_at(b""), dictionary.starting_at(b"term 010"), strict=False)
    assert [(first[0], second[0]) for first, second in pairs] == list(zip(terms, terms[10:], strict=False))


def test_terms_may_be_as_long_as_the_longest_id_takes_in_utf8() -> None:
    longest = ("\U0001f600" * 1024).encode()
    assert len(longest) == MAX_TERM_BYTES
    columns, entries = columns_of([b"a", longest])
    dictionary = opened(columns)
    assert dictionary.find(longest) == entries[1]
    assert dictionary.find(longest + b"x") is None
    assert list(dictionary.starting_at(longest + b"x")) == []
    assert [term for term, _ in dictionary.starting_at(b"a" * 5000)] == [longest]


@given(_dictionaries.filter(len), st.data())
def test_a_damaged_dictionary_gives_wrong_terms_or_an_error_and_never_crashes(
    terms: list[bytes], data: st.DataObject
) -> None:
    columns, _ = columns_of(terms)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, columns["terms"].size - 1))
        columns["terms"][at] = data.draw(st.integers(0, 255))
    dictionary = opened(columns)
    for term in terms:
        try:
            dictionary.find(term)
            list(dictionary.starting_at(term))
        except OperationalError as error:
            assert "rebuild" in str(error)


def test_an_empty_dictionary_has_no_terms() -> None:
    dictionary = opened(columns_of([])[0])
    assert dictionary.find(b"a") is None
    assert list(dictionary.starting_at(b"")) == []


@pytest.mark.parametrize("count", [1, 15, 16, 17, 32, 33, 5000])
def test_groups_of_any_number_are_searched_to_their_last_term(count: int) -> None:
    terms = sorted(f"{number}".encode() for number in range(count))
    columns, entries = columns_of(terms)
    dictionary = opened(columns)
    assert [dictionary.find(term) for term in terms] == entries
    assert dictionary.find(b"0.5") is None and dictionary.find(b"99999") is None
