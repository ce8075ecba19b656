"""Which of some documents are in which posting lists."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel
from harbor_search.ranking.cursors import gallop, in_row
from harbor_search.ranking.posting_lists import lists_at

__all__ = ["find_members"]


@kernel
def find_members(address, numbers, documents, found):
    """Write to `found` (bool[documents, lists]) which `documents` (int64[n]) are in which lists `numbers` (int64[m]).

    A negative number is that of a list without documents.
    """
    lists = lists_at(address)
    for j in range(numbers.size):
        number = numbers[j]
        row = lists.bitmap[number] if number >= 0 else np.int32(-1)
        for i in range(documents.size):
            if row >= 0:
                found[i, j] = in_row(lists.words, row, documents[i])
            elif number >= 0:
                at = gallop(lists.documents, lists.starts[number], lists.ends[number], documents[i])
                found[i, j] = at < lists.ends[number] and lists.documents[at] == documents[i]
            else:
                found[i, j] = False
