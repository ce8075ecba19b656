"""The impacts of terms whose lists are not in memory, for some documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.snapshot import Snapshot, laid_out

__all__ = ["impacts"]


def impacts(snapshot: Snapshot, terms: Sequence[bytes], documents: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """float64[terms, documents]: the impact of each term, in any field, for each document.

    Raises:
        OperationalError: a list is damaged.
    """
    order = np.argsort(documents)
    ascending = documents[order]
    text, ends = laid_out(terms)
    weights = np.zeros((len(terms), documents.size))
    fields, first = tuple(snapshot.norms), 0
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=True):
        stop = int(ascending.searchsorted(base + segment.count))
        if first < stop:
            given = text, ends, (ascending, order), (first, stop), base, snapshot.all_norms
            segment.lookup(fields).add_weights(*given, weights)
        first = stop
    return weights / (snapshot.model.k1 + weights)
