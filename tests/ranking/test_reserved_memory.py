"""Memory of the postings cache: taken page by page, as it is written to."""

from __future__ import annotations

import errno
import mmap
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from harbor_search.ranking.reserved_memory import reserved

OVERCOMMIT = Path("/proc/sys/vm/overcommit_memory")
UNCOUNTED = OVERCOMMIT.exists() and OVERCOMMIT.read_text().strip() != "2"


@pytest.mark.parametrize("shape", [(10,), (3, 4), (2_000_000,), (1_000_000, 3)], ids=str)
def test_reserved_arrays_can_be_written_and_read(shape: tuple[int, ...]) -> None:
    array = reserved(shape, np.uint64)
    array[-1] = 7
    assert array.shape == shape
    assert array.dtype == np.uint64
    assert np.all(array[-1] == 7)
    assert array.flags.c_contiguous


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say how memory is mapped")
def test_the_first_word_that_is_written_takes_no_large_page() -> None:
    array = reserved(20_000_000, np.int32)
    array[0] = 1
    assert "nh" in flags_of(array.ctypes.data)


@pytest.mark.skipif(not UNCOUNTED, reason="this system counts all that is set aside, or is no Linux")
def test_a_process_with_more_set_aside_than_there_is_memory_starts_others() -> None:
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    kept = [reserved(half, np.uint8) for _ in range(3)]
    # What is called in the child makes it a copy of this process, which the system then counts.
    assert subprocess.run([sys.executable, "-c", ""], preexec_fn=os.getpid).returncode == 0
    assert len(kept) == 3


@pytest.mark.skipif(not hasattr(mmap, "MADV_NOHUGEPAGE"), reason="other systems have no such advice")
def test_a_kernel_that_knows_no_large_pages_takes_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    class Memory(mmap.mmap):
        def madvise(self, *_: int) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(mmap, "mmap", Memory)
    array = reserved(2_000_000, np.uint64)
    array[-1] = 7
    assert array[-1] == 7


def flags_of(address: int) -> list[str]:
    """What the system says of the mapping that an address is in; "nh": no large pages."""
    for part in re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text())[1:]:
        first, end = (int(bound, 16) for bound in part.split(maxsplit=1)[0].split("-"))
        if first <= address < end:
            return part.partition("VmFlags:")[2].split()
    raise AssertionError(f"{address:x} is not mapped")
