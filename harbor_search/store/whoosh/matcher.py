"""A term's posting list as a Whoosh matcher."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.matching.mcore import LeafMatcher, ReadTooFar

from harbor_search.store.postings.dictionary import TermEntry
from harbor_search.store.segment.field_reader import FieldReader

__all__ = ["PostingsMatcher"]


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]
    """Iterates over the articles that contain a term.

    It has no block qualities, and its maximum quality is infinity. With exact bounds Whoosh's combining matchers would
    drop results (one takes the largest bound of its parts for the bound of their sum, another ignores a boost); with
    these they skip nothing, and the top ten are correct.
    """

    def __init__(
        self, field: FieldReader, entry: TermEntry, term: tuple[str, bytes], format_: Any, scorer: Any
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._field, self._entry, self._term = field, entry, term
        documents, self._frequencies = field.postings(entry)
        self._documents: list[int] = documents.tolist()
        self._at = 0
        self._positions: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]] | None = None

    def copy(self) -> PostingsMatcher:
        """An independent matcher at the same article."""
        copied = self.__class__.__new__(self.__class__)
        copied.__dict__.update(self.__dict__)
        return copied

    def is_active(self) -> bool:
        """Whether there is a current article."""
        return self._at < len(self._documents)

    def reset(self) -> None:
        """Go back to the first article."""
        self._at = 0

    def id(self) -> int:
        """The number of the current article; after the end that of the last, for which Whoosh's AndNotMatcher asks."""
        return self._documents[self._at if self.is_active() else -1]

    def all_ids(self) -> Iterator[int]:
        """The numbers of the current article and all after it."""
        return iter(self._documents[self._at :])

    def next(self) -> bool:
        """Advance to the next article.

        Raises:
            ReadTooFar: the matcher is exhausted.
        """
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return False

    def skip_to(self, id: int) -> bool:
        """Advance to the first article whose number is not below `id`.

        Raises:
            ReadTooFar: the matcher is exhausted.
        """
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._documents, id, self._at)
        return False

    def weight(self) -> float:
        """The frequency of the term in the article."""
        return float(self._frequencies[self._at])

    def score(self) -> float:
        """The article's score, or its weight if there is no scorer."""
        return float(self.scorer.score(self)) if self.scorer else self.weight()

    def value(self) -> bytes:
        """The posting as the field's format encodes it in Whoosh's own files."""
        encoded: bytes
        if self._field.positional:
            encoded = self.format.encode(self._positions_here())
        elif self.format.fixed_value_size() == 0:
            encoded = b""
        else:
            encoded = int(self._frequencies[self._at]).to_bytes(4, "big")
        return encoded

    def value_as(self, astype: str) -> Any:
        """The posting as "positions", "frequency", "weight" or another form that the field's format supports."""
        if astype == "positions" and self._field.positional:
            return self._positions_here()
        return super().value_as(astype)

    def supports_block_quality(self) -> bool:
        """No: see the class."""
        return False

    def max_quality(self) -> float:
        """A score that none exceeds."""
        return inf

    def block_quality(self) -> float:
        """A score that none exceeds."""
        return inf

    def skip_to_quality(self, minquality: float) -> int:
        """Skip nothing."""
        return 0

    def _positions_here(self) -> list[int]:
        if self._positions is None:
            positions = self._field.positions(self._entry, self._frequencies)
            self._positions = positions, np.cumsum(self._frequencies, dtype=np.int64)
        positions, ends = self._positions
        end = int(ends[self._at])
        here: list[int] = positions[end - int(self._frequencies[self._at]) : end].tolist()
        return here
