"""Byte strings are sorted and numbered as Python's own are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harbor_search.store.byte_strings import gather_strings, is_ascending, sorted_order
from harbor_search.store.inversion.terms import TermNumbers

_ends = st.sampled_from([b"", b"\0", b"\0\0", b"a", b"a\0", b"b", b"\xff", b"same seven", b"same seven bytes and more"])
_strings = st.lists(st.tuples(st.sampled_from([b"", b"https://a", b"https://a.example/b/"]), _ends).map(b"".join))


def _arrays(strings: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    return np.frombuffer(b"".join(strings), np.uint8), np.cumsum([len(s) for s in strings], dtype=np.uint64)


@given(_strings | st.lists(st.binary(max_size=20)))
@settings(deadline=None)
def test_strings_are_sorted_as_bytes_and_equal_ones_by_number(strings: list[bytes]) -> None:
    blob, ends = _arrays(strings)
    order = sorted_order(blob, ends)
    assert order.tolist() == sorted(range(len(strings)), key=strings.__getitem__)
    text, behind = gather_strings(blob, ends, order)
    assert text.tobytes() == b"".join(sorted(strings))
    assert behind.tolist() == np.cumsum([len(s) for s in sorted(strings)]).tolist()
    assert is_ascending(blob, ends, order) == (len(set(strings)) == len(strings))


_terms = st.lists(
    st.sampled_from([b"", b"a", b"eight by", b"eight b\xff", b"nine byte", b"nine bytes and more", b"\xff"])
)


@given(st.lists(_terms | st.lists(st.binary(max_size=20).map(lambda term: term.replace(b"\0", b""))), max_size=3))
@settings(deadline=None)
def test_strings_are_numbered_in_the_order_they_appear(batches: list[list[bytes]]) -> None:
    numbers = TermNumbers()
    known: dict[bytes, int] = {}
    for batch in batches:
        expected = [known.setdefault(term, len(known)) for term in batch]
        assert numbers.of(batch).tolist() == expected
    text, ends = numbers.texts()
    assert [text.tobytes(), ends.tolist()] == [b"".join(known), np.cumsum([len(term) for term in known]).tolist()]


def test_numbers_are_kept_when_the_table_grows() -> None:
    numbers = TermNumbers()
    terms = [b"term %d" % number for number in range(50_000)]
    assert numbers.of(terms).tolist() == list(range(50_000))
    assert numbers.of(terms[::-1]).tolist() == list(range(50_000))[::-1]
