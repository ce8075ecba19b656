"""The words that misspelt ones are compared with."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from harbor_search.store.segment.word_list import has_word, joined_words, plain_words


def test_possessives_are_listed_without_ending_and_numbers_not_at_all() -> None:
    words = ["todd's", "iron", "b12", "it's", "o'clock", "todd", "ab", "caf\u00e9's", "'s"]
    encoded = [word.encode() for word in words]
    ends = np.cumsum([len(word) for word in encoded]).astype(np.int64)
    pool = np.frombuffer(b"".join(encoded), np.uint8)
    text, ends_of = joined_words([plain_words(pool, ends - np.array([len(word) for word in encoded]), ends)])
    found = [text[first:end].tobytes().decode() for first, end in pairwise([0, *ends_of.tolist()])]
    assert found == ["caf\u00e9", "iron", "todd"]


def test_a_list_has_its_words_and_no_other() -> None:
    words = sorted(word.encode() for word in ("iron", "ironing", "caf\u00e9", "zinc"))
    made = np.frombuffer(b"".join(words), np.uint8), np.cumsum([len(word) for word in words], dtype=np.uint64)
    assert all(has_word(made, word.decode()) for word in words)
    assert not any(has_word(made, word) for word in ("", "a", "cafe", "iro", "ironi", "zincs", "zz", "\ud800"))
    assert not has_word((np.empty(0, np.uint8), np.empty(0, np.uint64)), "iron")
