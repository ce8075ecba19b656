"""The spans of documents as they are stored: behind the numbers by which they are found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.batches import Batch
from harbor_search.analysis.spans import put_number
from harbor_search.compiled import copy_values, kernel

__all__ = ["span_records"]


def span_records(batch: Batch, sections: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The records of a batch of documents (uint8), one behind the other, and where each ends (int64[documents]).

    `batch` has of each document the title, the headings of its sections, their texts, the lead and the names, whose
    spans are left out; `sections` (int32[documents]) are how many each has. A record is that
    number and the token counts of title, headings and texts (LEB128), then the spans.
    """
    out = np.empty(batch.spans.size + 5 * (sections.size + batch.counts.size), np.uint8)
    ends = np.empty(sections.size, np.int64)
    size = _records(sections, batch.counts, batch.spans, batch.span_ends, out, ends)
    return out[:size], ends


@kernel
def _records(sections, counts, spans, span_ends, out, ends):
    at, text, start = np.int64(0), np.int64(0), np.int64(0)
    for document in range(sections.size):
        marked = 1 + 2 * np.int64(sections[document])
        at = put_number(out, at, np.int64(sections[document]))
        for i in range(text, text + marked):
            at = put_number(out, at, np.int64(counts[i]))
        end = span_ends[text + marked - 1]
        copy_values(spans[start:end], out[at:])
        at += end - start
        ends[document] = at
        text += marked + 2
        start = span_ends[text - 1]
    return at
