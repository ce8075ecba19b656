"""Streams in slices give the lists that a dictionary of lists gives."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbor_search.errors import OperationalError
from harbor_search.store.inversion import inverter as inverter_module
from harbor_search.store.inversion.inverter import Inverter
from harbor_search.store.inversion.list_kernels import POSITION_GAP

_FIELDS, _TERMS = 2, 5
_Text = tuple[int, int, list[int]]  # documents since the text before, field, terms
_texts = st.lists(
    st.tuples(
        st.integers(0, 2) | st.just(70_000), st.integers(0, _FIELDS - 1), st.lists(st.integers(0, _TERMS - 1), max_size=40)
    ),
    max_size=30,
)  # fmt: skip


def _expected(texts: list[_Text]) -> dict[tuple[int, int], dict[int, list[int]]]:
    lists: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    places: dict[tuple[int, int], int] = {}
    document = 0
    for step, field, terms in texts:
        document += step
        place = places.get((document, field), 0)
        place += POSITION_GAP if place else 0
        for term in terms:
            lists[field, term][document].append(place)
            place += 1
        places[document, field] = place
    return lists


def _add(inverter: Inverter, texts: list[_Text], document: int) -> int:
    documents = document + np.cumsum([step for step, _, _ in texts], dtype=np.int32)
    inverter.add(
        np.array([term for _, _, terms in texts for term in terms], np.int32),
        _TERMS,
        np.array([len(terms) for _, _, terms in texts], np.int32),
        documents.astype(np.int32),
        np.array([field for _, field, _ in texts], np.uint8),
    )
    return int(documents[-1]) if texts else document


def _found(inverter: Inverter) -> dict[tuple[int, int], dict[int, list[int]]]:
    found = {}
    for field in range(_FIELDS):
        for lists in inverter.lists(field, np.arange(_TERMS, dtype=np.int32)):
            ends = np.cumsum(lists.frequencies).tolist()
            positions = [lists.positions[a:b].tolist() for a, b in pairwise([0, *ends])]
            for term, (first, behind) in zip(lists.terms.tolist(), pairwise(lists.starts.tolist()), strict=True):
                documents = lists.documents[first:behind].tolist()
                found[field, term] = dict(zip(documents, positions[first:behind], strict=True))
            assert lists.occurrences.sum() == lists.positions.size
    return found


@given(_texts, st.integers(0, 30), st.sampled_from([1, 7, 1000]), st.sampled_from([1, 5, 64, 1000]))
@settings(max_examples=80, deadline=None)
def test_lists_are_those_of_the_texts(texts: list[_Text], cut: int, piece: int, at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inverter_module, "CHUNK_POSTINGS", piece)
        patch.setattr(inverter_module, "SORT_BATCH", at_once)
        inverter = Inverter(_FIELDS, 0)
        _add(inverter, texts[cut:], _add(inverter, texts[:cut], 0))
        assert _found(inverter) == _expected(texts)


def test_a_pool_that_is_full_amid_a_text_grows_and_goes_on() -> None:
    texts = [(1, number % 2, [number * place % _TERMS for place in range(900)]) for number in range(120)]
    inverter = Inverter(_FIELDS, 0)
    before = inverter._pool.size
    _add(inverter, texts, 0)
    assert inverter._pool.size > before
    assert _found(inverter) == _expected(texts)


def test_a_pool_beyond_the_reach_of_pointers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inverter_module, "_MAX_POOL_BYTES", 60_000)
    inverter = Inverter(_FIELDS, 0)
    with pytest.raises(OperationalError, match="too long"):
        _add(inverter, [(1, 0, [place % _TERMS for place in range(30_000)])], 0)
    assert not Inverter(_FIELDS, 0).is_full


def test_lists_are_full_at_half_the_reach_of_pointers(monkeypatch: pytest.MonkeyPatch) -> None:
    inverter = Inverter(_FIELDS, 0)
    _add(inverter, [(1, 0, [place % _TERMS for place in range(3000)])], 0)
    assert not inverter.is_full
    monkeypatch.setattr(inverter_module, "_MAX_POOL_BYTES", 2 * inverter.size - 1)
    assert inverter.is_full
