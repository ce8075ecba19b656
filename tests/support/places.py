"""Where the words of a stored article stand, all of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.token_spans import locate_spans
from harbor_search.store.inversion.list_kernels import POSITION_GAP
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.segment.text_layout import decode_text_layout

__all__ = ["places_of"]


def places_of(
    segment: SegmentReader, document: int, field: str, positions: npt.NDArray[np.int32]
) -> list[tuple[int, int, int]]:
    """For each position in "title", "headings" or "body": the number of its text, and the characters of its word there.

    As in inversion there is a gap before every text but those before which the field has no word.
    """
    at, end = segment.layout_place(document)
    words, _, _, _, spans_at = decode_text_layout(segment.layout_buffer, at, end)
    places = np.repeat(np.arange(words.sum())[:, np.newaxis], 2, axis=1)
    locate_spans(segment.layout_buffer, spans_at, end, words, places)
    sections = words.size // 2
    first, behind = {"title": (0, 1), "headings": (1, 1 + sections), "body": (1 + sections, words.size)}[field]
    own = places[words[:first].sum() :]
    first_word = np.cumsum(words[first:behind]) - words[first:behind]
    first_position = first_word + np.cumsum(np.where(first_word > 0, POSITION_GAP, 0))
    texts = np.searchsorted(first_position, positions, "right") - 1
    found = own[first_word[texts] + positions - first_position[texts]]
    return [(text, start, end) for text, (start, end) in zip(texts.tolist(), found.tolist(), strict=True)]
