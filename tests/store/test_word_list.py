"""The words that misspelt ones are compared with."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from harbor_search.store.segment.word_list import joined_words, plain_words


def test_possessives_stand_without_their_ending_and_numbers_not_at_all() -> None:
    words = ["todd's", "iron", "b12", "it's", "o'clock", "todd", "ab", "caf\u00e9's", "'s"]
    encoded = [word.encode() for word in words]
    ends = np.cumsum([len(word) for word in encoded]).astype(np.int64)
    pool = np.frombuffer(b"".join(encoded), np.uint8)
    text, ends_of = joined_words([plain_words(pool, ends - np.array([len(word) for word in encoded]), ends)])
    found = [text[first:end].tobytes().decode() for first, end in pairwise([0, *ends_of.tolist()])]
    assert found == ["caf\u00e9", "iron", "todd"]
