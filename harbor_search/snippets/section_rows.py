"""Rows of numbers: what the sections of an article are to the kernels that choose passages, and what passages are.

An article comes as arrays. `sections` (int64[sections + 1, SECTION_WIDTH]) has a row for each section and one after
the last; `starts` and `ends` (int32) are of the sentences of all sections, `matches` (int64[n, 3] or wider, see
`windows`) of those in their texts, each in characters of its text and ascending within it; `headings` (int64[n, 2]) are
the section and leaf of each match in a heading, each pair once. `stretches` (int64[n, STRETCH_WIDTH]) are pieces of
texts that were not shown yet.
"""

from __future__ import annotations

import numpy as np

__all__ = ["DAMAGED", "HIGH", "LOW", "MATCHES", "OF", "PASSAGE_WIDTH", "SCORED", "SECTION_WIDTH", "SENTENCES", "SHOWN"]
__all__ += ["STRETCH_WIDTH", "TAKEN", "TEXT_BEGIN", "TEXT_END", "UNKNOWN", "WHOLE"]

TEXT_BEGIN, TEXT_END, SENTENCES, MATCHES, SCORED, SHOWN = range(6)
"""Of a section: the bytes of its text; its first sentence, match and match that counts in choosing; whether a passage
was taken from it."""

SECTION_WIDTH = SHOWN + 1

PASSAGE_WIDTH = 3
"""Of a passage: its section, and where its text and its ranges end."""

OF, LOW, HIGH, TAKEN = range(4)
"""Of a stretch: its section, its characters, whether it is no more."""

STRETCH_WIDTH = TAKEN + 1

WHOLE = np.int64(1) << np.int64(40)
"""More characters than a text has."""

UNKNOWN, DAMAGED = np.int64(-1), np.int64(-2)
"""What is returned where a character has no known properties; where a match or a sentence is not in its text."""
