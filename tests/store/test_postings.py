"""Posting lists on disk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.store.postings.bitpacking import BLOCK, PADDING
from harbor_search.store.postings.codec import (
    decode_documents,
    decode_positions,
    is_sound,
    locate,
)
from harbor_search.store.postings.encoding import encode, upper_bound

Int32s = npt.NDArray[np.int32]


@dataclass
class Term:
    """A posting list before it is encoded."""

    documents: Int32s
    frequencies: Int32s
    positions: Int32s

    def of(self, document: int) -> list[int]:
        """The positions in one document."""
        found = np.nonzero(self.documents == document)[0]
        if not found.size:
            return []
        start = int(self.frequencies[: found[0]].sum())
        return self.positions[start : start + int(self.frequencies[found[0]])].tolist()


@dataclass
class Encoded:
    """The lists of a field: their bytes, and at, size, df and cf of each."""

    buffer: npt.NDArray[np.uint8]
    places: list[tuple[int, int, int, int]]


@st.composite
def _terms(draw: st.DrawFn) -> Term:
    """Of one posting to some blocks of them, dense or sparse, frequent within documents or not."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.sampled_from([1, 2, 127, 128, 129, 256, 300]) | st.integers(1, 400))
    gaps = random.integers(1, draw(st.sampled_from([2, 9, 1 << 20])), count)
    frequencies = random.integers(1, draw(st.sampled_from([2, 3, 40])), count)
    widest = draw(st.sampled_from([2, 50, 1 << 22]))
    positions = [np.cumsum(random.integers(1, widest, each)) - 1 for each in frequencies]
    return Term(
        (np.cumsum(gaps) - draw(st.integers(0, 1))).astype(np.int32),
        frequencies.astype(np.int32),
        np.concatenate(positions).astype(np.int32),
    )


def _encode(terms: list[Term], *, positional: bool = True) -> Encoded:
    starts = np.cumsum([0, *(term.documents.size for term in terms)])
    documents = np.concatenate([term.documents for term in terms])
    frequencies = np.concatenate([term.frequencies for term in terms])
    positions = np.concatenate([term.positions for term in terms]) if positional else np.empty(0, np.int32)
    out = np.zeros(upper_bound(len(terms), documents.size, positions.size) + PADDING, np.uint8)
    ends = np.empty(len(terms), np.int64)
    size = encode(starts, documents, frequencies, positions, positional, out, ends)
    assert size == ends[-1] <= upper_bound(len(terms), documents.size, positions.size)
    begins = [0, *ends[:-1].tolist()]
    places = [
        (begin, end - begin, term.documents.size, int(term.frequencies.sum()))
        for begin, end, term in zip(begins, ends.tolist(), terms, strict=True)
    ]
    return Encoded(out[: size + PADDING].copy(), places)


@given(st.lists(_terms(), min_size=1, max_size=4), st.integers(0, 1000))
def test_lists_are_decoded_as_they_were_encoded(terms: list[Term], base: int) -> None:
    encoded = _encode(terms)
    for term, (at, size, df, cf) in zip(terms, encoded.places, strict=True):
        assert is_sound(encoded.buffer, at, size, df, cf, True)
        documents, frequencies = np.full(df + 2, -9, np.int32), np.full(df + 2, -9, np.int32)
        last = decode_documents(encoded.buffer, at, df, cf, True, base, documents, frequencies, 1)
        assert last == (term.documents[-1] + base, cf)
        assert documents.tolist() == [-9, *(term.documents + base).tolist(), -9]
        assert frequencies.tolist() == [-9, *term.frequencies.tolist(), -9]
        positions = np.full(cf + 2, -9, np.int32)
        decode_positions(encoded.buffer, at, df, cf, frequencies, 1, positions, 1)
        assert positions.tolist() == [-9, *term.positions.tolist(), -9]


@given(st.lists(_terms(), min_size=1, max_size=3))
def test_lists_without_positions_are_decoded_as_they_were_encoded(terms: list[Term]) -> None:
    encoded = _encode(terms, positional=False)
    for term, (at, size, df, cf) in zip(terms, encoded.places, strict=True):
        assert is_sound(encoded.buffer, at, size, df, cf, False)
        documents, frequencies = np.empty(df, np.int32), np.empty(df, np.int32)
        decode_documents(encoded.buffer, at, df, cf, False, 0, documents, frequencies, 0)
        assert documents.tolist() == term.documents.tolist()
        assert frequencies.tolist() == term.frequencies.tolist()


@given(st.lists(_terms(), min_size=1, max_size=3), st.data())
def test_locating_one_document_gives_what_decoding_all_gives(terms: list[Term], data: st.DataObject) -> None:
    encoded = _encode(terms)
    for term, (at, _, df, cf) in zip(terms, encoded.places, strict=True):
        listed = st.sampled_from(term.documents.tolist())
        wanted = data.draw(st.lists(listed | st.integers(0, int(term.documents[-1]) + 2), min_size=1, max_size=20))
        for document in wanted:
            positions = np.empty(64, np.int32)
            found = locate(encoded.buffer, at, df, cf, document, positions, np.empty(BLOCK, np.int64))
            assert positions[:found].tolist() == term.of(document)
            few = np.empty(2, np.int32)
            found = locate(encoded.buffer, at, df, cf, document, few, np.empty(BLOCK, np.int64))
            assert few[:found].tolist() == term.of(document)[:2]


@pytest.mark.parametrize("size", [1, 128, 129, 1000])
def test_every_document_of_a_list_is_located(size: int) -> None:
    frequencies = np.arange(size, dtype=np.int32) % 5 + 1
    positions = np.concatenate([np.arange(each) * 3 for each in frequencies]).astype(np.int32)
    term = Term(np.arange(size, dtype=np.int32) * 2, frequencies, positions)
    encoded = _encode([term])
    (at, _, df, cf) = encoded.places[0]
    out, values = np.empty(8, np.int32), np.empty(BLOCK, np.int64)
    for document in range(2 * size + 2):
        assert out[: locate(encoded.buffer, at, df, cf, document, out, values)].tolist() == term.of(document)


@given(_terms(), st.data())
def test_a_list_whose_headers_were_damaged_is_unsound(term: Term, data: st.DataObject) -> None:
    encoded = _encode([term])
    (at, size, df, cf) = encoded.places[0]
    wrong = data.draw(
        st.sampled_from([(at, size - 1, df, cf), (at, size + 1, df, cf), (at, size, df + 128, cf + 128)])
        | st.sampled_from([(at, size, 0, cf), (at, size, df, df - 1), (-1, size, df, cf), (at, -1, df, cf)])
        | st.just((at + PADDING + 1, size, df, cf))
    )
    assert not is_sound(encoded.buffer, *wrong, True)
    widths = at + 8 * ((df + 127) // 128 - 1)
    encoded.buffer[widths] = 33
    assert not is_sound(encoded.buffer, at, size, df, cf, True)
