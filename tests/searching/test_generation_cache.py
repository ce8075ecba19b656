"""What is remembered of a generation goes when the generation does."""

from __future__ import annotations

import gc
import weakref

from harbor_search.searching.generation_cache import Memory
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


def test_a_value_is_made_once_for_each_generation() -> None:
    memory: Memory[str, list[int]] = Memory(2)
    one, other = (MemoryEngine(collection()).vocabulary() for _ in range(2))
    made = memory.get(one, "iron", lambda: [1])
    assert memory.get(one, "iron", lambda: [2]) is made
    assert memory.get(other, "iron", lambda: [3]) == [3]
    assert memory.get(one, "not kept", lambda: [4], keep=False) == [4]
    assert memory.get(one, "not kept", lambda: [5]) == [5]


def test_what_is_remembered_has_a_bound_and_holds_no_generation() -> None:
    memory: Memory[int, list[int]] = Memory(2)
    vocabulary = MemoryEngine(collection()).vocabulary()
    first = memory.get(vocabulary, 0, lambda: [0])
    for key in range(1, 4):
        memory.get(vocabulary, key, lambda: [0])
    assert memory.get(vocabulary, 0, lambda: [0]) is not first
    held = weakref.ref(vocabulary)
    del vocabulary
    gc.collect()
    assert held() is None
