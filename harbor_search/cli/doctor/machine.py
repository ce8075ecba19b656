"""The machine: disk, memory, compiled code, clock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings

__all__ = ["clock", "free_disk", "free_memory", "kernel_cache", "kernels"]

SPARE_DISK_MB = 200
"""Beside what a second index takes: logs, compiled code, what other programs write."""

SERVING_MB = 150
"""What a worker needs before it holds any postings."""

SKEW_SECONDS = 120
"""Clocks of machines that set themselves differ by less."""

_COMPILE = "import numba; f = numba.njit(lambda x: x + 1); assert f(1) == 2"
_PATIENCE = 120
"""Seconds to compile three instructions: a loaded machine takes ten."""


def free_disk(settings: Settings) -> Iterator[Finding]:
    """Whether a rebuild has room for another index beside the live one."""
    folder = _existing(settings.index)
    needed = _size(settings.index) + SPARE_DISK_MB * 1_000_000
    free = shutil.disk_usage(folder).free
    if free < needed:
        yield Finding(
            "disk",
            f"{free // 1_000_000:,} MB are free where the index lies ({folder}), and a rebuild needs "
            f"{needed // 1_000_000:,}",
            f"free some: du -xh '{folder}' | sort -h | tail; or move the index: harbor-search --index DIR rebuild",
        )


def free_memory(settings: Settings) -> Iterator[Finding]:
    """Whether there is memory for indexing, and for the workers that serve."""
    from harbor_search.engines.embedded.cache_size import usable_memory

    limit, free = usable_memory() // 1_000_000, _available_mb()
    needed = settings.memory_mb + settings.workers * SERVING_MB
    if min(limit, free) < needed:
        cure = max(128, settings.memory_mb - (needed - min(limit, free)))
        yield Finding(
            "memory",
            f"{min(limit, free):,} MB of memory can be had, and indexing beside {settings.workers} workers may need "
            f"{needed:,}",
            f"give it more, or less to do: HARBOR_MEMORY_MB={cure} HARBOR_WORKERS=1",
        )


def kernel_cache(settings: Settings) -> Iterator[Finding]:
    """Whether compiled code can be kept: without that each process compiles for a minute or two."""
    from harbor_search.compiled import code_kept_in, keep_code_in
    from harbor_search.compiled.folders import can_keep, folders

    before = code_kept_in()
    keep_code_in(settings.kernel_cache)
    try:
        if not can_keep():
            where = settings.kernel_cache or " or ".join(map(str, folders())) or "the usual folders"
            yield Finding(
                "compiled code",
                f"compiled code cannot be kept in {where}: each start compiles anew, for a minute or two",
                f"mkdir -p '{settings.kernel_cache or '/var/cache/harbor'}' && chmod u+rwx '"
                f"{settings.kernel_cache or '/var/cache/harbor'}', and name it in the setting kernel_cache",
            )
    finally:
        keep_code_in(before)


def kernels(settings: Settings) -> Iterator[Finding]:
    """Whether this machine can compile at all; tried in a process of its own, which may fail in any way."""
    fault = ""
    try:
        done = subprocess.run([sys.executable, "-c", _COMPILE], capture_output=True, text=True, timeout=_PATIENCE)
        if done.returncode:
            fault = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        fault = str(error)
    if fault:
        yield Finding(
            "compiler",
            f"kernels cannot be compiled here: {fault}",
            f"'{sys.executable}' -m pip install --force-reinstall numba llvmlite",
        )


def clock(settings: Settings) -> Iterator[Finding]:
    """Whether the clock runs behind: then the live generation, or a file of the index, is from the future."""
    newest, name = max([(_built(settings), "the live index"), *_dated(settings.index)])
    if newest - time.time() > SKEW_SECONDS:
        yield Finding(
            "clock",
            f"{name} is from the future ({datetime.fromtimestamp(newest, UTC):%Y-%m-%d %H:%M} UTC), so this clock or "
            "that of the machine that wrote it is wrong; articles may be published or expire at the wrong time",
            "timedatectl set-ntp true, then harbor-search rebuild",
        )


def _dated(index: Path) -> Iterator[tuple[float, str]]:
    """When each file of an index was written, and its path."""
    # Writers may remove files and folders meanwhile, which `walk` passes over.
    for folder, _, names in os.walk(index):
        for name in names:
            path = os.path.join(folder, name)
            with suppress(OSError):
                yield os.stat(path).st_mtime, path


def _built(settings: Settings) -> float:
    from harbor_search.errors import OperationalError
    from harbor_search.store import Generations

    try:
        return Generations(settings.index, keep=1).live().manifest.built.timestamp()
    except OperationalError:
        return 0.0


def _existing(folder: Path) -> Path:
    """`folder`, or the nearest above it that is there."""
    absolute = folder.absolute()
    return next(each for each in (absolute, *absolute.parents) if each.exists())


def _size(folder: Path) -> int:
    """Bytes of the files of the live generation, about: those of the largest generation."""
    sizes = [0]
    for generation in (folder / "generations").glob("*"):
        sizes.append(sum(each.stat().st_size for each in generation.rglob("*") if each.is_file()))
    return max(sizes)


def _available_mb() -> int:
    """Memory that programs can have without another's being moved to the disk."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) // 1000
    with suppress(ValueError, OSError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    return sys.maxsize
