"""Cosines of a query's vector and those of all sections: exact, from bytes, by one kernel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel

__all__ = ["cosines", "quantised"]

HIGHEST = 127
"""Of a vector in bytes the largest component."""


def quantised(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Of float32[n, d] vectors them as bytes, int8[n, d], and what one step of each is, float32[n].

    The error of a cosine of vectors with 384 components is about .002.
    """
    steps = np.maximum(np.abs(vectors).max(axis=1), 1e-12) / HIGHEST
    return np.round(vectors / steps[:, None]).astype(np.int8), steps.astype(np.float32)


@kernel
def cosines(vectors, steps, query, step, out):
    """Write to float32[n] `out` the products of int8[n, d] `vectors` with int8[d] `query`, in steps of their own."""
    for i in range(vectors.shape[0]):
        total = np.int32(0)
        for j in range(vectors.shape[1]):
            # All in 32 bits: numba would add in 64, of which half as many go into a register.
            total = np.int32(total + np.int32(np.int32(vectors[i, j]) * np.int32(query[j])))
        out[i] = np.float32(total) * steps[i] * step
