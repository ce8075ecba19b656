"""Decoding the text layout of a document: the offsets of its sections, sentences and words.

`inversion.text_layout_writer` describes the encoding.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, part
from harbor_search.errors import OperationalError

__all__ = ["decode_text_layout"]

_DAMAGED = "the layout of an article is damaged; roll back or rebuild the index"

_MAX_CHARACTERS = np.int64(1) << np.int64(30)


@kernel
def decode_text_layout(data, at, end):
    """Decode the layout in `data[at:end]` (uint8, with padding), except the offsets of words, which would take most of
    the time: `locate_spans` finds the few that are needed.

    Returns (words int64[1 + 2 * sections], sentences int64[sections + 1], starts int32[n], stops int32[n], at): the
    number of words of the title, of each heading and of each text; the first sentence of each text, and their total;
    the character range of each sentence in its text; the byte where the spans of words (see
    `analysis.token_spans`) begin.

    Raises:
        OperationalError: the record is damaged.
    """
    if at < 0 or end > data.size:
        raise OperationalError(_DAMAGED)
    sections, at = _number(data, at, end)
    if sections > end - at:  # each takes some bytes
        raise OperationalError(_DAMAGED)
    words = np.empty(1 + 2 * sections, np.int64)
    for i in range(words.size):
        words[i], at = _number(data, at, end)
    sentences = np.zeros(sections + 1, np.int64)
    starts, stops = np.empty(end - at, np.int32), np.empty(end - at, np.int32)
    size = np.int64(0)
    for section in range(sections):
        count, at = _number(data, at, end)
        if count > end - at:
            raise OperationalError(_DAMAGED)
        expected = np.int64(0)
        for i in range(count):
            code, at = _number(data, at, end)
            if code & 1:
                distance, at = _number(data, at, end)
                expected += distance - (i > 0)
            starts[size], stops[size] = expected, expected + (code >> 1)
            expected += (code >> 1) + 1
            if expected > _MAX_CHARACTERS:
                raise OperationalError(_DAMAGED)
            size += 1
        sentences[section + 1] = size
    return words, sentences, starts[:size], stops[:size], at


@part
def _number(data, at, end):
    value, shift = np.int64(0), np.int64(0)
    while at < end and shift < 35:
        byte = np.int64(data[at])
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7
    raise OperationalError(_DAMAGED)
