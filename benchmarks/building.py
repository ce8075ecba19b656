"""Building the peers' indexes, measured, and keeping them for the next run.

A built index lies in `<work dir>/indexes/<peer>-<key>/`; the key is of the texts, the peer's version and the options,
so what is found there is what would be built. `built.json` beside the index holds the measurements.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.documents import Corpus
from benchmarks.process import MemoryWatch, Worker
from benchmarks.protocol import Peer

__all__ = ["MEMORY_MB", "Built", "build", "find_built", "folder_bytes"]

MEMORY_MB = 512
"""What engines that have such a setting may buffer while indexing: harbor_search's own default."""

_KEPT = 12
"""Indexes of each engine: five sizes of growth, with one thread and two, and a little more."""


@dataclass(frozen=True)
class Built:
    """One build: `seconds` until the index is durable and the processors' seconds for it, `optimise_seconds` for
    merging it afterwards (one thread only), the size that is then on disk, and the most memory its processes held."""

    folder: str
    seconds: float
    cpu_seconds: float
    optimise_seconds: float
    index_bytes: int
    peak_bytes: int


def find_built(peer: Peer, corpus: Corpus, work_dir: Path, threads: int = 1) -> Built | None:
    """The kept index of `peer` for `corpus`, or None."""
    record = _place(peer, corpus, work_dir, threads) / "built.json"
    return Built(**json.loads(record.read_text(encoding="utf-8"))) if record.exists() else None


def build(peer: Peer, corpus: Corpus, work_dir: Path, threads: int = 1) -> Built:
    """Build afresh in a process of its own, then put the index in the place of a kept one.

    Several runs may build at the same time: each does so in a folder of its own.

    Raises:
        WorkerError: the engine failed; nothing is kept.
        PeerUnavailable: its worker cannot be started.
    """
    place = _place(peer, corpus, work_dir, threads)
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{place.name}.", dir=place.parent, ignore_cleanup_errors=True) as name:
        unfinished = Path(name) / "built"
        folder = unfinished / "index"
        folder.mkdir(parents=True)
        with Worker(peer, work_dir, threads) as worker, MemoryWatch(worker.pid) as watch:
            reply = worker.ask("index", corpus.path.resolve(), folder.resolve(), threads, MEMORY_MB)
        peak = max(int(reply["peak_bytes"]), watch.peak)
        times = (reply["seconds"], reply["cpu_seconds"], reply["optimise_seconds"])
        built = Built(str(place / "index"), *times, folder_bytes(folder), peak)
        (unfinished / "built.json").write_text(json.dumps(dataclasses.asdict(built), indent=1), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        unfinished.rename(place)
    _forget_oldest(peer, place.parent)
    return built


def _forget_oldest(peer: Peer, folder: Path) -> None:
    """Indexes of versions past: every change of our own sources makes another."""
    kept = [place for place in folder.glob(f"{peer.name}-*") if (place / "built.json").exists()]
    for place in sorted(kept, key=lambda place: place.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(place, ignore_errors=True)


def _place(peer: Peer, corpus: Corpus, work_dir: Path, threads: int) -> Path:
    options = f"{corpus.key}/{peer.version()}/{threads}/{MEMORY_MB}"
    return work_dir / "indexes" / f"{peer.name}-{hashlib.sha256(options.encode()).hexdigest()[:12]}"


def folder_bytes(folder: Path) -> int:
    """The bytes of all files below `folder`."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
