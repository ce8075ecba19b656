"""The second look at the best documents: words weighed by what the first ones use, scores by what they cover."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.ranking import refine
from tests.ranking.collection import DOCUMENTS, Collection


def whole(*numbers: int) -> npt.NDArray[np.int64]:
    return np.array(numbers, np.int64)


def test_the_kernel_does_what_is_written_about_it() -> None:
    """Against plain arithmetic, for lists with and without bitmaps, two of them the same word and one another name."""
    each = Collection(3, [20_000, 9_000, 900, 60], kept=True)
    documents = np.sort(np.random.default_rng(1).choice(DOCUMENTS, 50, replace=False)).astype(np.int64)
    factors, words, concepts = np.array([1.0, 0.5, 1.0]), [0, 1, 1], [0, 1]
    impacts = each.impacts[:, documents].astype(np.float64)
    idfs = each.weights[:3] / factors
    scores = np.sort((each.weights[:3, None] * impacts[:3]).sum(0) + 0.1)[::-1].copy()
    preferred = np.zeros((int(documents.max()) >> 6) + 1, np.uint64)
    for document in documents[::2].tolist():
        preferred[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
    first = scores.copy()
    first[::2] /= 1.5

    odds = np.minimum(impacts[:3, :10], 0.99)
    used = factors * ((odds / (1 - odds)) * scores[:10]).sum(1)
    share = 0.5 * 2 / 22
    gains = share * (used / used.sum() * factors.sum() - factors)
    told = np.array([each.weights[0], max(each.weights[1:3])])
    has = np.array([impacts[0] > 0, (impacts[1] > 0) | (impacts[2] > 0) | (impacts[3] > 0)])
    covered = (told[:, None] * has).sum(0) / told.sum()
    covered[covered == 0] = 1
    expected = scores * (1 + (gains * idfs) @ impacts[:3] / first) * covered**0.2

    lists = whole(*each.numbers[:3])
    arguments = (lists, factors, whole(*words), whole(*concepts), whole(each.numbers[3]), whole(1))
    refine(each.ranker.cache.address, *arguments, documents, scores, preferred, 0.5, 0.5, 0.2)
    assert np.allclose(scores, expected)
    assert 0 < (covered < 1).sum() < 50
