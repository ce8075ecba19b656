"""How much memory decoded postings may take where no setting says it."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from harbor_search.config import Settings

__all__ = ["cache_bytes", "usable_memory"]

_SHARE = 4
"""One part in so many of the memory, for all workers together: the rest is for the index's own pages, which the system
keeps, and for other programs."""

_LEAST = 128_000_000
_UNKNOWN = 4_000_000_000
"""What a machine is taken to have that does not say."""


def cache_bytes(settings: Settings) -> int:
    """What a searching process may hold of decoded postings; it takes no more than the lists of what is asked for."""
    return settings.cache_mb * 1_000_000 or max(_LEAST, usable_memory() // _SHARE // settings.workers)


def usable_memory(root: Path = Path("/")) -> int:
    """Bytes that processes here can have: what the machine has, or what a limit allows.

    Limits are those of the container's control group, of this process, and of a system that counts what is set aside.
    `root` is where the system's files are.
    """
    found = [*_limits(root), *_free_to_set_aside(root)]
    own, _ = resource.getrlimit(resource.RLIMIT_AS)
    if own != resource.RLIM_INFINITY:
        found.append(own)
    with suppress(ValueError, OSError, AttributeError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=_UNKNOWN)


def _free_to_set_aside(root: Path) -> Iterator[int]:
    """What is left where memory counts that is set aside but not used, as it does for a postings cache."""
    with suppress(OSError, ValueError, KeyError):
        if int((root / "proc/sys/vm/overcommit_memory").read_text()) == 2:
            lines = (line.split() for line in (root / "proc/meminfo").read_text().splitlines())
            kilobytes = {line[0].rstrip(":"): int(line[1]) for line in lines if len(line) > 1}
            yield max(0, kilobytes["CommitLimit"] - kilobytes["Committed_AS"]) * 1024


def _limits(root: Path) -> Iterator[int]:
    """The limits of the control groups that this process is in, of either version; inner ones are within outer ones."""
    with suppress(OSError, ValueError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, controllers, group = line.split(":", 2)
            if not controllers or "memory" in controllers.split(","):
                base, name = ("memory", "memory.limit_in_bytes") if controllers else ("", "memory.max")
                folder = root / "sys/fs/cgroup" / base
                within = folder / group.lstrip("/")
                # In a container the group may be named as it is outside, where no folder here is.
                for place in (within, *within.parents) if within.is_dir() else (folder,):
                    if place.is_relative_to(folder):
                        with suppress(OSError, ValueError):  # "max" is no limit
                            yield int((place / name).read_text())
