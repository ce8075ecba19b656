"""Terms beside each other are counted as by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.engines.embedded.adjacency import count_places, in_both, places_of

_lists = st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9), min_size=1, max_size=6), max_size=8)


def places(positions: dict[int, set[int]], offset: int) -> np.ndarray:
    documents = sorted(positions)
    frequencies = [len(positions[document]) for document in documents]
    every = [position for document in documents for position in sorted(positions[document])]
    return places_of(*(np.array(each, np.int32) for each in (documents, frequencies, every)), offset)


@given(_lists, _lists, st.integers(1, 3))
def test_neighbours_are_counted_in_each_document(
    first: dict[int, set[int]], second: dict[int, set[int]], distance: int
) -> None:
    documents, counts = count_places(in_both(places(first, 0), places(second, distance)))
    together = {
        document: sum(position + distance in second.get(document, ()) for position in positions)
        for document, positions in first.items()
    }
    assert dict(zip(documents.tolist(), counts.tolist(), strict=True)) == {k: v for k, v in together.items() if v}
