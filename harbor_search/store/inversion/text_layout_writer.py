"""Encoding of text layouts: the offsets of the sections, sentences and words of a document.

The record of a document consists of LEB128 numbers: the number of sections; the number of words of the title, of each
heading and of each text; for each text the number of its sentences, and for each sentence twice its length in
characters, plus one if it does not start one character after the previous sentence (the first: at the start of the
text), in which case that distance follows; then the spans of the words (see `analysis.token_spans`).
`segment.text_layout` decodes it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.batch_analysis import Batch
from harbor_search.analysis.character_properties import character_properties, learn
from harbor_search.analysis.token_spans import put_number
from harbor_search.compiled import copy_values, kernel, part
from harbor_search.snippets import cut_sentences, decode, most_sentences
from harbor_search.store.inversion.texts import Texts

__all__ = ["encode_text_layouts"]

_RECORD_OVERHEAD_BYTES = 16
"""Bytes of a record for each text, besides one byte for each of its characters."""


def encode_text_layouts(batch: Batch, texts: Texts) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The concatenated records of a batch of documents (uint8), and where each ends (int64[documents]).

    `batch` has the tokens of `texts`. Lead and names are left out: the lead is part of the body, and names are few.
    """
    data, sections = np.frombuffer(texts.joined, np.uint8), texts.sections
    longest = int(texts.sizes.max(initial=0))
    scratch = tuple(np.empty(size, np.int32) for size in (longest, most_sentences(longest), most_sentences(longest)))
    out = np.empty(batch.spans.size + data.size + _RECORD_OVERHEAD_BYTES * batch.counts.size, np.uint8)
    ends = np.empty(sections.size, np.int64)
    properties = character_properties()
    arguments = data, texts.sizes, sections, batch.counts, batch.spans, batch.span_ends, properties, *scratch, out, ends
    size = _records(*arguments)
    if size < 0:
        learn(texts.joined.decode("utf-8", "surrogatepass"))
        size = _records(*arguments)
    return out[:size], ends


@kernel
def _records(data, sizes, sections, counts, spans, span_ends, properties, codes, starts, stops, out, ends):
    at, text, span, begin = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    for document in range(sections.size):
        own = np.int64(sections[document])
        at = put_number(out, at, own)
        for i in range(text, text + 1 + 2 * own):
            at = put_number(out, at, np.int64(counts[i]))
        for i in range(text, text + 3 + 2 * own):
            if i > text + own and i <= text + 2 * own:
                size = decode(data, begin, begin + sizes[i], 0, codes.size, properties, codes)
                if size < 0:
                    return np.int64(-1)
                at = _put_sentences(out, at, starts, stops, cut_sentences(codes[:size], properties, starts, stops))
            begin += sizes[i] + 1
        end = span_ends[text + 2 * own]
        copy_values(spans[span:end], out[at:])
        at += end - span
        ends[document] = at
        text += 2 * own + 3
        span = span_ends[text - 1]
    return at


@part
def _put_sentences(out, at, starts, stops, count):
    at = put_number(out, at, np.int64(count))
    expected = np.int64(0)
    for i in range(count):
        start, length = np.int64(starts[i]), np.int64(stops[i] - starts[i])
        at = put_number(out, at, 2 * length + (start != expected))
        if start != expected:
            at = put_number(out, at, start - expected + 1 if i else start)
        expected = np.int64(stops[i]) + 1
    return at
