"""What documents say as arrays: their words weighed, and those that several of them share."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel

__all__ = ["count_terms", "share_terms"]


@kernel
def count_terms(tokens, sizes, counts, seen, terms, titles, bodies, ends, first):
    """Append the distinct terms of documents to `terms` (int32), and how often each stands in the title and in the body
    to `titles` and `bodies` (uint16).

    Args:
        tokens: int32[], the term of each token, text after text.
        sizes: int64[documents], how many texts each document has, of which the first is the title.
        counts: int32[texts], how many tokens each has, fewer than 65,536 in all of a document.
        seen: int32[terms known], zero, and zero again in the end.
        ends: int64[], where the terms of each document end; those from `first` on are written, and the one before
            them says where to begin.
    """
    text, token, size = np.int64(0), np.int64(0), ends[first - 1]
    for document in range(sizes.size):
        begin = size
        for number in range(sizes[document]):
            for _ in range(counts[text]):
                term = tokens[token]
                if seen[term] == 0:
                    terms[size], titles[size], bodies[size] = term, 0, 0
                    size += 1
                    seen[term] = size - begin
                at = begin + seen[term] - 1
                if number == 0:
                    titles[at] += 1
                else:
                    bodies[at] += 1
                token += 1
            text += 1
        for i in range(begin, size):
            seen[terms[i]] = 0
        ends[first + document] = size


@kernel
def share_terms(terms, titles, bodies, ends, rows, norms, says, k1, least, uses, counts, shared, values):
    """The terms that `least` of some documents have, to `shared` (int32), and how much they use them, to `values`
    (float64); returns how many they are.

    Args:
        terms, titles, bodies, ends: as of `count_terms`; rows: int64[documents], the places of theirs in `ends`.
        norms: float64[2, documents], what an occurrence counts in the title and in the body of each.
        says: float64[documents], what each has to say.
        uses, counts: float64[terms known] and int32[terms known], zero, and zero again in the end.
    """
    met = np.int64(0)
    for voter in range(rows.size):
        for i in range(ends[rows[voter] - 1], ends[rows[voter]]):
            term = terms[i]
            if counts[term] == 0:
                shared[met] = term
                met += 1
            counts[term] += 1
            weight = titles[i] * norms[0, voter] + bodies[i] * norms[1, voter]
            uses[term] += weight / (k1 + weight) * says[voter]
    size = np.int64(0)
    for i in range(met):
        term = shared[i]
        if counts[term] >= least:
            shared[size], values[size] = term, uses[term]
            size += 1
        counts[term], uses[term] = 0, 0
    return size
