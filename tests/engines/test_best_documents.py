"""The kernels that put the best documents in order do what is said of them in a few lines of Python."""

from __future__ import annotations

import numpy as np
import pytest

from harbor_search.engines.embedded.best_documents_kernel import merge_best, order_again
from harbor_search.engines.title_match import repetitions
from harbor_search.ranking import best_first

COUNT = 64


@pytest.mark.parametrize("seed", range(30))
def test_two_rankings_are_merged_by_score_and_of_each_group_the_best_is_kept(seed: int) -> None:
    random = np.random.default_rng(seed)
    ranks = random.permutation(COUNT).astype(np.int32)
    scores = random.integers(1, 6, COUNT) / 4  # many are the same
    is_preferred = random.random(COUNT) < random.choice([0.0, 0.3])
    group_of = {document: document // 6 for document in range(0, COUNT, 2)}
    found, most = np.flatnonzero(random.random(COUNT) < 0.5), int(random.integers(0, 24))

    def ranking(documents: list[int]) -> list[int]:
        values = [float(scores[document]) for document in documents]
        return [documents[place] for place in best_first(documents, values, ranks.__getitem__)][:most]

    first, preferred = ranking(found.tolist()), ranking(found[is_preferred[found]].tolist())
    value = {document: scores[document] * (1.5 if document in preferred else 1.0) for document in {*first, *preferred}}
    expected = sorted(value, key=lambda document: (-value[document], ranks[document]))[:most]
    best_of_group: dict[int, int] = {}
    for document in expected:
        best_of_group.setdefault(group_of.get(document, -1 - document), document)

    words = np.zeros(1, np.uint64)
    words[0] = sum(1 << int(document) for document in np.flatnonzero(is_preferred))
    columns = [(np.array(each, np.int32), scores[np.array(each, np.int64)]) for each in (first, preferred)]
    groups = np.array(list(group_of), np.int32), np.array(list(group_of.values()), np.int32), COUNT // 6 + 1
    documents, values, taken = merge_best(*columns[0], *columns[1], 1.5, words, ranks, *groups, most)
    assert documents.tolist() == list(best_of_group.values())
    assert values.tolist() == [value[document] for document in best_of_group.values()]
    assert taken == len(expected)


@pytest.mark.parametrize("repeated", [0.8, 1.0])
@pytest.mark.parametrize("seed", range(20))
def test_titles_of_better_documents_count_less_and_the_order_is_by_what_they_score_then(
    seed: int, repeated: float
) -> None:
    random = np.random.default_rng(seed)
    documents, ranks = random.permutation(COUNT)[:30].astype(np.int64), random.permutation(COUNT).astype(np.int32)
    scores, counted = random.integers(1, 20, 30) / 4, random.choice([1.0, 3.0], 30)
    titles, untitled = random.integers(0, 12, 30).astype(np.int32), 3
    before = documents.tolist()
    order = best_first(before, scores.tolist(), ranks.__getitem__)
    expected = repetitions(titles.tolist(), untitled, order, counted.tolist(), repeated) if repeated < 1 else None
    values = scores * (expected.factors if expected else 1.0)

    factors, better = np.empty(30), np.empty(30, np.int64)
    repeats = order_again(documents, scores, titles, untitled, counted, repeated, ranks, factors, better)
    ordered = best_first(before, values.tolist(), ranks.__getitem__)
    assert documents.tolist() == [before[place] for place in ordered]
    assert np.allclose(scores, values[ordered])
    assert repeats == (len(expected.best) if expected else 0)
    assert {place: best for place, best in enumerate(better.tolist()) if best >= 0} == (
        expected.best if expected else {}
    )
