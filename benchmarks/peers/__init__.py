"""The engines that can be measured, by the names the command line knows.

Each module has `PEER`, what the harness needs to know, and (where the worker is Python) `engine()`, what the worker
runs. A new engine is a module and a line here.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from benchmarks.protocol import Peer

__all__ = ["NAMES", "OURS", "engine_module_of", "module_of", "peer"]

OURS = "ours"

_MODULES = {
    OURS: "benchmarks.ours",
    "whoosh": "benchmarks.peers.stock_whoosh",
    "sqlite": "benchmarks.peers.sqlite_fts5",
    "xapian": "benchmarks.peers.xapian_glass",
    "bm25s": "benchmarks.peers.bm25s_numba",
    "tantivy": "benchmarks.peers.tantivy_py",
    "lucene": "benchmarks.peers.lucene_jvm",
}

NAMES = tuple(_MODULES)
"""In the order in which tables show them."""


def module_of(name: str) -> ModuleType:
    """The module of the peer `name`.

    Raises:
        ValueError: there is no such peer; the message lists those there are.
    """
    if name not in _MODULES:
        raise ValueError(f"there is no peer {name!r}; there are {', '.join(NAMES)}")
    return importlib.import_module(_MODULES[name])


def engine_module_of(worker: str) -> ModuleType:
    """The module whose `engine()` a worker runs: a peer's own, or for `<peer>:fielded` the one that makes pages."""
    name, _, kind = worker.partition(":")
    module = module_of(name)
    return importlib.import_module(f"benchmarks.fielded.{module.__name__.rpartition('.')[2]}") if kind else module


def peer(name: str) -> Peer:
    """What the harness knows about the peer `name`; raises as `module_of` does."""
    found: Peer = module_of(name).PEER
    return found
