"""Where one way to find documents begins to take less than another, measured on encyclopedia and medical articles."""

from __future__ import annotations

import numpy as np

__all__ = ["BITMAP_SHARE", "BITMAP_SHARE_WITH_OPTIONAL", "CROWDED_WORD", "ROUNDING", "TWO_PASSES"]

BITMAP_SHARE = 64
"""Bitmaps are intersected where the rarest term is in more than one document in this many: its list is longer then than
its bitmap."""

BITMAP_SHARE_WITH_OPTIONAL = 16
"""The same where there are phrases or optional terms: they loosen the bounds of the 64 documents of a bitmap's word."""

TWO_PASSES = 1024
"""Postings from which on the rarest term's list is walked twice, its highest impacts first: they give a threshold with
which most of the second pass is skipped."""

CROWDED_WORD = 12
"""Matches in a bitmap's word from which on impact columns are looked at: that takes as long as scoring a few."""

ROUNDING = np.float32(1 - 2.0**-18)
"""What single-precision arithmetic can make of a bound, and more."""
