"""Memory used by a process, and how much of a limit is left for posting lists."""

from __future__ import annotations

import ctypes
import os
import resource
import sys

__all__ = ["WORKING_BYTES", "release_unused_memory", "private_bytes", "resident_bytes", "memory_left"]

WORKING_BYTES = 140_000_000
"""What indexing takes besides the posting lists in memory: two batches of articles, the chunks of lists being encoded
at the end, and what the allocator keeps of both. Measured on encyclopedia articles."""


def resident_bytes() -> int:
    """Resident memory of this process in bytes; its peak where the system does not report the present value."""
    try:
        return _pages()[1] * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def private_bytes() -> int:
    """Resident memory without file-backed pages: two processes of one program share its code."""
    try:
        _, resident, shared = _pages()
        return (resident - shared) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return resident_bytes()


def _pages() -> list[int]:
    with open("/proc/self/statm", "rb") as numbers:
        return [int(number) for number in numbers.read().split()[:3]]


def release_unused_memory() -> None:
    """Return free memory that the allocator keeps to the system, where it supports this (`malloc_trim`).

    After freeing lists of many sizes that can be a hundred megabytes, which what is allocated next would not reuse.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)


def memory_left(limit: int, used: int, minimum: int) -> int:
    """Bytes that posting lists may take in a process that may use `limit` bytes in all.

    `used` is what it uses besides them. At least `minimum` is granted: a process that is large already must still be
    able to index.
    """
    return max(limit - used - WORKING_BYTES, minimum)
