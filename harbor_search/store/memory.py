"""How much memory this process holds, and how much of a limit is left for what grows."""

from __future__ import annotations

import os
import resource
import sys

__all__ = ["WORKING_BYTES", "resident_bytes", "room_within"]

WORKING_BYTES = 140_000_000
"""What indexing takes beside the lists in the making: two batches of articles under way, the pieces of lists that are
encoded in the end, and what the allocator keeps of both. Measured on encyclopedia articles."""


def resident_bytes() -> int:
    """The memory that this process holds now; where the system does not say, the most it ever held."""
    try:
        with open("/proc/self/statm", "rb") as numbers:
            return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def room_within(limit: int, growing: int, least: int) -> int:
    """Bytes that lists may take in a process that is to hold no more than `limit`.

    `growing` is what they take now, `least` what they get in any case: a process that holds a lot already must still
    be able to index.
    """
    return max(limit - (resident_bytes() - growing) - WORKING_BYTES, least)
