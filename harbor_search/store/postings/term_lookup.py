"""Terms looked up in several fields at once: a question has a dozen words and word forms, and a segment five fields."""

from __future__ import annotations

from numba import int64, uint8, uint64

from harbor_search.compiled import kernel
from harbor_search.ranking.tables import View, view
from harbor_search.store.postings.dictionary_entries import find_entry

__all__ = ["FIELD", "field_at", "find_places"]

FIELD = View(
    "Field",
    0,
    {"terms": uint8[::1], "groups": uint64[::1], "bases": uint64[::1], "count": int64, "lists": uint8[::1]},
)
"""A field of a segment as kernels see it: the arrays of its `Dictionary`, and its posting lists."""

field_at = view(FIELD)


@kernel
def find_places(addresses, text, ends, places):
    """Write the (at, size, df, cf) of each term in each field to `places` (int64[fields * terms, 4], field by field).

    All four are 0 where a field has no such term.

    Args:
        addresses: int64[fields], those of the tables of `FIELD`.
        text, ends: the terms, concatenated in `text` (uint8) up to `ends` (int64[terms]).
    """
    places[:, :] = 0
    for number in range(addresses.size):
        field, start = field_at(addresses[number]), int64(0)
        for i in range(ends.size if field.count else 0):
            place = places[number * ends.size + i]
            if not find_entry(field.terms, field.groups, field.bases, field.count, text[start : ends[i]], place):
                place[:] = 0
            start = ends[i]
