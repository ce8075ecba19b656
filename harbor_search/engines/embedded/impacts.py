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
    found = np.zeros((len(terms), documents.size))
    first = 0
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=True):
        stop = int(ascending.searchsorted(base + segment.count))
        if first < stop:
            for name, norms in snapshot.norms.items():
                given = text, ends, ascending, (first, stop), base, norms[ascending]
                segment.fields[name].add_weights(*given, found)
        first = stop
    weights = np.empty_like(found)
    weights[:, order] = found
    return weights / (snapshot.model.k1 + weights)
