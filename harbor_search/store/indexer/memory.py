"""How much memory a process holds, and how much of a limit is left for what grows."""

from __future__ import annotations

import ctypes
import os
import resource
import sys

__all__ = ["WORKING_BYTES", "give_back", "private_bytes", "resident_bytes", "room_within"]

WORKING_BYTES = 140_000_000
"""What indexing takes beside the lists in the making: two batches of articles under way, the pieces of lists that are
encoded in the end, and what the allocator keeps of both. Measured on encyclopedia articles."""


def resident_bytes() -> int:
    """The memory that this process holds now; where the system does not say, the most it ever held."""
    try:
        return _pages()[1] * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def private_bytes() -> int:
    """The same without what comes from files: a process beside another of the same program has its code for nothing."""
    try:
        _, resident, shared = _pages()
        return (resident - shared) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return resident_bytes()


def _pages() -> list[int]:
    with open("/proc/self/statm", "rb") as numbers:
        return [int(number) for number in numbers.read().split()[:3]]


def give_back() -> None:
    """Return memory to the system that the allocator keeps although nothing uses it, where it can be asked to.

    Some hundred megabytes can be left of lists in many sizes, and what comes next would take its own besides.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)


def room_within(limit: int, taken: int, least: int) -> int:
    """Bytes that lists may take in a process that is to hold no more than `limit`.

    `taken` is what it holds beside them, `least` what they get in any case: a process that holds a lot already must
    still be able to index.
    """
    return max(limit - taken - WORKING_BYTES, least)
