"""From tokens in the order of articles to posting lists in the order of terms.

A counting sort: two passes over the tokens, no comparison.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel

__all__ = ["POSITION_GAP", "count_postings", "fill_postings"]

POSITION_GAP = 64
"""Positions left free between two texts of one field (sections of a body), so that no phrase reaches across them."""


@kernel
def count_postings(tokens, ranks, counts, documents, fields, field, postings, occurrences):  # type: ignore[no-untyped-def]
    """Count each term's documents and occurrences in one field.

    Args:
        tokens: int32[n], numbers of tokens, text after text.
        ranks: int32[tokens known], each token's place in the order of terms.
        counts: int32[texts], tokens in each text.
        documents: int32[texts], the document of each text, ascending.
        fields: uint8[texts], the field of each text; those of other fields than `field` are passed over.
        postings, occurrences: int64[terms], zero; receive the counts.
    """
    last = np.full(postings.size, -1, np.int32)
    at = 0
    for text in range(counts.size):
        if fields[text] != field:
            at += counts[text]
            continue
        document = documents[text]
        for _ in range(counts[text]):
            term = ranks[tokens[at]]
            at += 1
            occurrences[term] += 1
            if last[term] != document:
                last[term] = document
                postings[term] += 1


@kernel
def fill_postings(  # type: ignore[no-untyped-def]
    tokens, ranks, counts, documents, fields, field, starts, firsts, out_documents, frequencies, positions
):
    """Write the lists that `count_postings` counted.

    Args:
        starts, firsts: int64[terms], where each term's postings and positions begin; used up as cursors.
        out_documents, frequencies: int32[postings]; positions: int32[occurrences]; receive the lists.
    """
    last = np.full(starts.size, -1, np.int32)
    at, position, before = 0, 0, -1
    for text in range(counts.size):
        if fields[text] != field:
            at += counts[text]
            continue
        document = documents[text]
        if document != before:
            position, before = 0, document
        elif position > 0:
            position += POSITION_GAP
        for _ in range(counts[text]):
            term = ranks[tokens[at]]
            at += 1
            if last[term] != document:
                last[term] = document
                out_documents[starts[term]] = document
                frequencies[starts[term]] = 0
                starts[term] += 1
            frequencies[starts[term] - 1] += 1
            positions[firsts[term]] = position
            firsts[term] += 1
            position += 1
