"""Fusing what words find with what meaning finds into one ranking.

The score by words stays what it is, and how close an article is in meaning adds to it. That is a convex combination of
scores, each kind normalised by the best of its kind (S. Bruch, S. Gai, A. Ingber: An Analysis of Fusion Functions for
Hybrid Retrieval, ACM TOIS 2023), scaled so that an explanation can name both parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.rescoring import DEPTH
from harbor_search.ranking import Top

__all__ = ["LEAST", "Fused", "fused"]

LEAST = 0.3
"""The cosine from which two texts may be about one thing; most texts that are not stay below."""


class Fused(NamedTuple):
    """The best documents by words and meaning, and what the meaning of each of them adds to its score."""

    top: Top
    meaning: Mapping[int, float]


def fused(
    top: Top,
    words: Mapping[int, float],
    cosines: npt.NDArray[np.float32],
    weight: float,
    ranks: Callable[[int], Any],
) -> Fused:
    """The documents of `top`, which are the best by words, and those of `words`, which are found by meaning and score
    that much by their words (0: they have none), in one order; float32[documents] `cosines` say how close each is.

    The document that is closest in meaning gains `weight` of the best score by words, others by how close they are
    compared with it. Only the first `DEPTH` of `top` change their places; the others stay behind, with scores that
    shrink where they must.
    """
    scores = dict(words) | dict(zip(top.documents[:DEPTH], top.scores[:DEPTH], strict=True))
    closest = max(float(cosines.max(initial=0.0)), LEAST)
    scale = weight * (max(scores.values(), default=0.0) or 1.0) / closest
    gains = {document: scale * max(0.0, float(cosines[document])) for document in scores}
    best = sorted(scores, key=lambda document: (-scores[document] - gains[document], ranks(document)))
    rest = [i for i in range(DEPTH, len(top.documents)) if top.documents[i] not in scores]
    lowest = scores[best[-1]] + gains[best[-1]] if best else 0.0
    shrunk = min(1.0, lowest / top.scores[rest[0]]) if rest and top.scores[rest[0]] else 1.0
    documents = best + [top.documents[i] for i in rest]
    totals = [scores[each] + gains[each] for each in best] + [top.scores[i] * shrunk for i in rest]
    return Fused(Top(documents, totals, top.matches), gains)
