"""What documents say as arrays: their words weighed, and those that several of them share."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel

__all__ = ["share_terms", "weigh_terms"]


@kernel
def weigh_terms(tokens, sizes, counts, norms, sums, terms, weights, ends, first):
    """Append the distinct terms of documents to `terms` (int32) and their weighted frequencies to `weights` (float64).

    Args:
        tokens: int32[], the term of each token, text after text.
        sizes: int64[documents], how many texts each document has.
        counts: int32[texts], how many tokens each has; norms: float64[texts], what an occurrence counts in it.
        sums: float64[terms known], zero, and zero again behind.
        ends: int64[], where the terms of each document end; those from `first` on are written, and the one before
            them says where to begin.
    """
    text, token, size = np.int64(0), np.int64(0), ends[first - 1]
    for document in range(sizes.size):
        begin = size
        for _ in range(sizes[document]):
            for _ in range(counts[text]):
                term = tokens[token]
                if sums[term] == 0:
                    terms[size] = term
                    size += 1
                sums[term] += norms[text]
                token += 1
            text += 1
        for i in range(begin, size):
            weights[i] = sums[terms[i]]
            sums[terms[i]] = 0
        ends[first + document] = size


@kernel
def share_terms(terms, weights, ends, rows, says, k1, least, uses, counts, shared, values):
    """The terms that `least` of some documents have, to `shared` (int32), and how much they use them, to `values`
    (float64); returns how many they are.

    Args:
        terms, weights, ends: as of `weigh_terms`; rows: int64[documents], the places of theirs in `ends`.
        says: float64[documents], what each has to say.
        uses, counts: float64[terms known] and int32[terms known], zero, and zero again behind.
    """
    met = np.int64(0)
    for voter in range(rows.size):
        for i in range(ends[rows[voter] - 1], ends[rows[voter]]):
            term = terms[i]
            if counts[term] == 0:
                shared[met] = term
                met += 1
            counts[term] += 1
            uses[term] += weights[i] / (k1 + weights[i]) * says[voter]
    size = np.int64(0)
    for i in range(met):
        term = shared[i]
        if counts[term] >= least:
            shared[size], values[size] = term, uses[term]
            size += 1
        counts[term], uses[term] = 0, 0
    return size
