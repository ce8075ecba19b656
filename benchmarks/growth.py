"""`python -m benchmarks growth`: how cost grows with the number of documents.

Past the end of the documents' file, documents are made of its sentences, shuffled (`documents.prepare`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.documents import prepare
from benchmarks.engine import Comparison, Say, Tables, compare, gather_queries
from benchmarks.measuring import Effort

__all__ = ["SIZES", "by_size", "grow"]

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)


def grow(
    names: Sequence[str],
    docs: Path,
    queries: Path,
    sizes: Sequence[int],
    workloads: Sequence[str],
    effort: Effort,
    work_dir: Path,
    say: Say,
    *,
    sample: int | None,
    fresh: int = 0,
) -> Comparison:
    """Measure the engines at each size; rows of the tables are sizes.

    Raises:
        ValueError, OSError: as `documents.prepare` and `queries.load_queries` do.
    """
    measured: dict[int, Tables] = {}
    result = Comparison(())
    for size in sorted(sizes):
        corpus = prepare(docs, size, work_dir, grow=True)
        say(f"growth: {corpus.documents:,} documents")
        chosen = gather_queries(queries, corpus, sample)
        result = compare(names, corpus, chosen, workloads, effort, work_dir, say, fresh=fresh)
        measured[corpus.documents] = result.tables
    return Comparison(result.names, by_size(measured), result.skipped, result.notes)


def by_size(measured: Mapping[int, Tables]) -> Tables:
    """Tables of one size each, turned: "indexing" or "top10, union" -> size -> peer -> cell."""
    turned: Tables = {}
    for size, tables in measured.items():
        for workload, table in tables.items():
            for kind, row in table.items():
                heading = workload if kind == "1 process" else f"{workload}, {kind}"
                turned.setdefault(heading, {})[f"{size:,}"] = dict(row)
    return turned
