"""Weights of terms in given documents, without decoding the rest of their posting lists."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, part
from harbor_search.store.postings.bitpacking import BLOCK, block_bytes, unpack
from harbor_search.store.postings.codec import is_sound, last_document, layout_of
from harbor_search.store.postings.dictionary_entries import find_entry
from harbor_search.store.postings.term_lookup import field_at

__all__ = ["add_weights"]


@kernel
def add_weights(addresses, text, ends, documents, order, first, stop, base, norms, weights):
    """Add to `weights` (float64[terms, documents]) the frequency of each term in each document times its norm, field
    by field.

    Returns the number of the field of a list that is damaged, -1 where all are sound.

    Args:
        addresses: int64[fields], those of the tables of `FIELD`, whose lists have positions.
        text, ends: the terms, concatenated in `text` (uint8) up to `ends` (int64[terms]).
        documents, order: int64[documents], ascending, and where each stands in `weights`; those from `first` to
            `stop - 1` are in this segment.
        base: the number of the segment's first document.
        norms: float32[fields, all documents], the weight of one occurrence.
    """
    entry, values = np.empty(4, np.int64), np.empty(BLOCK, np.int64)
    for number in range(addresses.size):
        field, start = field_at(addresses[number]), np.int64(0)
        for i in range(ends.size if field.count else 0):
            if find_entry(field.terms, field.groups, field.bases, field.count, text[start : ends[i]], entry):
                at, size, df, cf = entry[0], entry[1], entry[2], entry[3]
                if not is_sound(field.lists, at, size, df, cf, True):
                    return number
                _add(
                    field.lists, at, df, cf, documents, order, first, stop, base, norms[number], values, weights[i]
                )  # fmt: skip
            start = ends[i]
    return -1


@part
def _add(buffer, at, df, cf, documents, order, first, stop, base, norms, values, weights):
    """`add_weights` for one list; blocks without any of the documents are skipped."""
    blocks, widths, documents_at = layout_of(at, df, cf, True)
    frequencies_at = documents_at
    for block in range(blocks):
        frequencies_at += block_bytes(min(BLOCK, df - block * BLOCK), np.int64(buffer[widths + block]))
    met, places, previous, wanted = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.int64(-1), first
    for block in range(blocks):
        if wanted == stop:
            return
        size = min(BLOCK, df - block * BLOCK)
        width, counts_width = np.int64(buffer[widths + block]), np.int64(buffer[widths + blocks + block])
        last = last_document(buffer, at, block) if block < blocks - 1 else np.int64(1) << np.int64(40)
        if documents[wanted] - base <= last:
            unpack(buffer, documents_at, size, width, values, 0)
            document, i, found = previous, np.int64(0), np.int64(0)
            while wanted < stop and documents[wanted] - base <= last:
                sought = documents[wanted] - base
                while document < sought and i < size:
                    document += values[i] + 1
                    i += 1
                if document == sought:
                    met[found], places[found] = wanted, i - 1
                    found += 1
                wanted += 1
            if found:
                unpack(buffer, frequencies_at, size, counts_width, values, 0)
            for hit in range(found):
                weight = np.float64(values[places[hit]] + 1) * np.float64(norms[documents[met[hit]]])
                weights[order[met[hit]]] += weight
        previous = last
        documents_at += block_bytes(size, width)
        frequencies_at += block_bytes(size, counts_width)
