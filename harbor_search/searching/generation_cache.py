"""What is remembered of a generation: it goes when the generation does."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from harbor_search.engines import Vocabulary

__all__ = ["Memory"]

_Key = TypeVar("_Key", bound=Hashable)

_Value = TypeVar("_Value")


class Memory(Generic[_Key, _Value]):
    """Values by the vocabulary of a generation and a key. Threads may share it.

    What is remembered must not hold the vocabulary, or a generation that was replaced would stay open.
    """

    def __init__(self, most: int) -> None:
        """`most` of a generation are kept at once."""
        self._most = most
        self._known: WeakKeyDictionary[Vocabulary, dict[_Key, _Value]] = WeakKeyDictionary()

    def get(self, vocabulary: Vocabulary, key: _Key, make: Callable[[], _Value], *, keep: bool = True) -> _Value:
        """What is known by a key; made, and remembered if it is to be kept, where nothing is."""
        known = self._known.get(vocabulary)
        if known is None:
            known = self._known.setdefault(vocabulary, {})
        value = known.get(key)
        if value is None:
            value = make()
            if keep:
                if len(known) >= self._most:
                    known.clear()
                known[key] = value
        return value
