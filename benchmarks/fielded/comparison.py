"""Timing pages of results on several engines side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents import Corpus
from benchmarks.engine import Comparison, Say, compare
from benchmarks.measuring import Effort
from benchmarks.protocol import Peer
from benchmarks.queries import Query

__all__ = ["FIELDED", "as_fielded", "compare_pages"]

FIELDED = ("ours", "whoosh", "sqlite", "xapian", "tantivy", "lucene")
"""Peers that have what a page needs in one package; bm25s has neither fields nor snippets."""


def as_fielded(peer: Peer) -> Peer:
    """The same peer with a worker that makes pages."""
    return dataclasses.replace(
        peer,
        version=lambda: f"{peer.version()}/fielded",
        command=lambda name, work_dir: peer.command(f"{name}:fielded", work_dir),
        threads=(1,),
    )


def compare_pages(
    names: Sequence[str],
    corpus: Corpus,
    queries: Sequence[Query],
    effort: Effort,
    work_dir: Path,
    say: Say,
    *,
    fresh: int = 0,
) -> Comparison:
    """As `engine.compare`, for pages; the workload is called `page`."""
    able = [name for name in names if name in FIELDED]
    result = compare(able, corpus, queries, ("top10",), effort, work_dir, say, fresh=fresh, adapt=as_fielded)
    result.tables = {"page" if name == "top10" else name: table for name, table in result.tables.items()}
    result.skipped |= {name: "it has no fields, facets or snippets of its own" for name in names if name not in FIELDED}
    return result
