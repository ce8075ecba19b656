"""The words of a query as posting lists, for whoever looks at documents again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, TypeVarTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.rescoring import WordColumns
from harbor_search.ranking import find_members

__all__ = ["QueryWords", "membership"]

_Made = TypeVar("_Made")

_Arguments = TypeVarTuple("_Arguments")

Int64s = npt.NDArray[np.int64]


class QueryWords:
    """The lists of the words of a query, at the `address` of the cache that they are in; as long as they are there.

    `columns` are its words, None for one alone, and `weights` (float64[lists]) what an impact of 1 scores in each of
    their lists. `tested` (int64[]) are the lists of what hits are told apart by, -1 for what no document has.
    """

    def __init__(
        self, address: int, columns: WordColumns | None, weights: npt.NDArray[np.float64] | None, tested: Int64s
    ) -> None:
        self.address, self.columns, self.weights, self.tested = address, columns, weights, tested
        self._made: dict[Callable[..., Any], Any] = {}

    def once(self, make: Callable[[*_Arguments], _Made], *arguments: *_Arguments) -> _Made:
        """What a function of the query and its lists gave before: that holds as long as they do."""
        if make not in self._made:
            self._made[make] = make(*arguments)
        made: _Made = self._made[make]
        return made


def membership(words: QueryWords, lists: Int64s, documents: Sequence[int]) -> list[list[bool]]:
    """For each of some documents in which of some lists it is; of these, -1 is one that has nothing."""
    found = np.empty((len(documents), lists.size), np.bool_)
    find_members(words.address, lists, np.array(documents, np.int64), found)
    return found.tolist()
