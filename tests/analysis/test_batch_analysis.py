"""Many texts at once give what each text gives alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.analysis import tokenize
from harbor_search.analysis.batch_analysis import Batch, Vocabulary, encoded
from harbor_search.analysis.token_spans import locate_spans

_odd = st.sampled_from(
    "a's ’ \u00ad \u0301 東 \ud800 \udfff ß İ ﬁ \U0001f600 \x00 X9 . , .5 1 234 + # C++ ` ʻ ｷ ﾞ ﾟ か \u3099 \u309a ً ـ".split(
        " "
    )
)
_texts = st.lists(st.text(st.characters(), max_size=40) | st.lists(_odd, max_size=20).map("".join), max_size=6)
_Word = tuple[str, int, int]


def _alone(text: str) -> list[_Word]:
    return [(token.text, token.start, token.end) for token in tokenize(text)]


def _tokenize(vocabulary: Vocabulary, texts: Sequence[str]) -> Batch:
    batch = vocabulary.tokenize(*encoded(texts))
    return replace(batch, tokens=batch.tokens.copy(), spans=batch.spans.copy())


def _words(batch: Batch, vocabulary: Vocabulary) -> list[list[_Word]]:
    """The tokens of each text of a batch."""
    known, found, first, at = vocabulary.texts(), [], 0, 0
    spans = np.concatenate([batch.spans, np.zeros(8, np.uint8)])
    for count, end in zip(batch.counts.tolist(), batch.span_ends.tolist(), strict=True):
        places = _located(spans, at, end, np.array([count]), range(count))
        texts = [known[number] for number in batch.tokens[first : first + count]]
        found.append([(text, *place) for text, place in zip(texts, places, strict=True)])
        first, at = first + count, end
    assert first == batch.tokens.size and at == batch.spans.size
    return found


@given(st.lists(_texts, min_size=1, max_size=3))
def test_batches_give_the_tokens_and_ranges_of_each_text_alone(batches: list[list[str]]) -> None:
    vocabulary = Vocabulary()
    made = [_tokenize(vocabulary, texts) for texts in batches]
    for batch, texts in zip(made, batches, strict=True):
        assert _words(batch, vocabulary) == [_alone(text) for text in texts]
    assert len(set(vocabulary.texts())) == len(vocabulary) == len(vocabulary.texts())


def _located(
    spans: npt.NDArray[np.uint8], at: int, end: int, counts: npt.NDArray[np.int64], tokens: Sequence[int]
) -> list[tuple[int, ...]]:
    """The characters of some tokens of texts."""
    places = np.array([(token, 0) for token in tokens], np.int64).reshape(-1, 2)
    locate_spans(spans, at, end, counts, places)
    return [tuple(place) for place in places.tolist()]


@given(_texts, st.integers(0, 6), st.data())
def test_ranges_of_any_tokens_of_several_texts_are_found(texts: list[str], few: int, data: st.DataObject) -> None:
    """Each as often as it is asked for."""
    batch = _tokenize(Vocabulary(), texts)
    every = [word[1:] for text in texts[:few] for word in _alone(text)]
    tokens = sorted(data.draw(st.lists(st.integers(0, len(every) - 1), max_size=30))) if every else []
    spans = np.concatenate([batch.spans, np.zeros(8, np.uint8)])
    found = _located(spans, 0, batch.spans.size, batch.counts[:few].astype(np.int64), tokens)
    assert found == [every[token] for token in tokens]


def _check(texts: Sequence[str]) -> None:
    vocabulary, alone = Vocabulary(), [_alone(text) for text in texts]
    assert _words(_tokenize(vocabulary, texts), vocabulary) == alone
    assert len(vocabulary) == len({word for words in alone for word, *_ in words})


def test_more_distinct_words_than_there_was_room_for_are_all_kept() -> None:
    _check([" ".join(f"word{number}" for number in range(start, start + 9000)) for start in range(0, 80_000, 8000)])


def test_one_text_longer_than_all_room_is_kept_whole() -> None:
    _check(["x" * 700_000, "short", " ".join(f"{number}" for number in range(40_000))])


def test_long_gaps_and_long_words_keep_their_ranges() -> None:
    sizes = [1, 2, 3, 4, 12, 13, 15, 16, 17, 22, 23, 24, 78, 79, 80, 20_000]
    pairs = [*product([0, *sizes, 300_000], sizes), (3_000_000, 20_000)]
    _check([" " * gap + "w" * length + "." for gap, length in pairs])


def test_no_text_at_all_has_no_tokens() -> None:
    _check([])
    _check(["", "", " "])
