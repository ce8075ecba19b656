"""One engine at one size, each step in a process of its own, whose memory is then that step's alone."""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.documents import Corpus, read_flat
from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.searching import SearchRequest, search

__all__ = ["ENGINES", "Measured", "measure"]

ENGINES = ("embedded", "opensearch")
_TITLE = 60
"""Characters of a passage that stand in for its title."""


class Times(NamedTuple):
    """Milliseconds: on average, in the middle, and what 99 of 100 stay below."""

    mean: float
    median: float
    p99: float

    @classmethod
    def of(cls, times: Sequence[float]) -> Times:
        """What some times have in common."""
        ordered = sorted(times)
        return cls(sum(ordered) / len(ordered), ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100])


@dataclass(frozen=True)
class Measured:
    """What an engine took for some articles.

    Seconds of the rebuild; bytes on disk; bytes of memory after the queries (the searching process; OpenSearch's heap);
    the times of a page (ten hits, facets, two passages each, exact total) of new queries and of the same ones again.
    """

    engine: str
    articles: int
    seconds: float
    disk: int
    memory: int
    new: Times
    again: Times

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Measured:
        """One from its JSON."""
        return cls(**{**row, "new": Times(*row["new"]), "again": Times(*row["again"])})


def measure(engine: str, corpus: Corpus, queries: Sequence[str], folder: Path, hosts: str) -> Measured:
    """Index a corpus with an engine, and ask it for pages."""
    settings: dict[str, Any] = {"index": folder / f"scale-{corpus.key}", "engine": engine}
    if engine == "opensearch":
        name = f"bench-scale-{corpus.documents}"
        settings |= {"opensearch_hosts": hosts, "opensearch_prefix": name, "opensearch_replicas": 0}
        settings |= {"opensearch_timeout": 120.0}
    seconds, disk = _alone(_build, settings, corpus.path)
    new, again, memory = _alone(_ask, settings, list(queries))
    if engine == "opensearch":
        memory = _heap(hosts)
    return Measured(engine, corpus.documents, seconds, disk, memory, new, again)


def _alone(work: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _build(values: dict[str, Any], path: Path) -> tuple[float, int]:
    engine = open_engine(Settings(**values))
    engine.rebuild(
        islice(_articles(path), 100), lambda *_: None
    )  # compiles and opens what the first of all would wait for
    started = time.perf_counter()
    info = engine.rebuild(_articles(path), lambda *_: None)
    return time.perf_counter() - started, info.bytes


def _articles(path: Path) -> Iterator[Article]:
    for identifier, text in read_flat(path):
        yield Article(identifier, text[:_TITLE].rpartition(" ")[0] or text[:_TITLE], (Section("", "", text),))


def _ask(values: dict[str, Any], queries: Sequence[str]) -> tuple[Times, Times, int]:
    settings = Settings(**values)
    engine = open_engine(settings)
    engine.warm()
    new, again = ([_timed(engine, each, settings) for each in queries] for _ in range(2))
    return Times.of(new), Times.of(again), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _timed(engine: Any, query: str, settings: Settings) -> float:
    started = time.perf_counter()
    len(search(engine, SearchRequest(q=query), settings).hits)
    return (time.perf_counter() - started) * 1000


def _heap(hosts: str) -> int:
    """The heap that all nodes of a cluster use."""
    address = hosts.split(",")[0].strip()
    with urllib.request.urlopen(f"{address}/_nodes/stats/jvm", timeout=30) as answer:
        nodes = json.load(answer)["nodes"].values()
    return sum(int(node["jvm"]["mem"]["heap_used_in_bytes"]) for node in nodes)
