"""Arrays with room for much more than they will mostly hold, whose memory is taken page by page as it is written to.

NumPy asks the system for large pages of large arrays, of two megabytes. The first word that is written to such a page
waits until all of it is cleared and, on a virtual machine, until its host has found the memory: 40 to 100 ms at once
were measured, where a small page takes 15 microseconds. A cache that fills up does so in the middle of searches.

Nor does the system count what is only set aside: where it did, a process with several indexes open could start no other
(fork: cannot allocate memory), as ranges side by side count as one that is larger than the machine's memory.
"""

from __future__ import annotations

import mmap
import sys
from contextlib import suppress
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["reserved"]

_LARGE = 1 << 22
"""Bytes of an array for which NumPy asks for large pages: 4 MB."""

_NOT_COUNTED = 0x4000 if sys.platform == "linux" else 0
"""MAP_NORESERVE, which Python's `mmap` does not name before 3.13."""


def reserved(shape: int | tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """As `np.empty`, but without large pages.

    Raises:
        MemoryError: the system does not set so much aside.
    """
    kind = np.dtype(dtype)
    count = shape if isinstance(shape, int) else prod(shape)
    if count * kind.itemsize < _LARGE:
        return np.empty(shape, kind)
    try:
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NOT_COUNTED
        memory = mmap.mmap(-1, count * kind.itemsize, flags=flags)
    except OSError as error:
        raise MemoryError(str(error)) from error
    if hasattr(mmap, "MADV_NOHUGEPAGE"):  # on Linux
        with suppress(OSError):  # of a kernel that was built without large pages
            memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, kind, count).reshape(shape)
