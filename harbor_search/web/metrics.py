"""Prometheus metrics: those counted by each worker, and those collected when `/metrics` is read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from harbor_search.engines import SearchEngine
from harbor_search.errors import OperationalError
from harbor_search.indexing import last_run

__all__ = ["LANES", "REFUSED", "SECONDS", "exposition", "sample"]

# From a cheap JSON response to the slow lane's longest wait.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

SECONDS = Histogram(
    "harbor_search_request_seconds", "From a request's first look to its answer.", ["route", "status"], buckets=BUCKETS
)
LANES = Counter("harbor_search_slow_lane_requests", "Requests that were answered in the slow lane.")
REFUSED = Counter("harbor_search_refused_requests", "Requests refused because their client asked too often.")

CACHES = {
    "postings": Gauge("harbor_search_cache_postings", "Postings in memory.", ["lane"], multiprocess_mode="livesum"),
    "room": Gauge("harbor_search_cache_room", "Postings that fit.", ["lane"], multiprocess_mode="livesum"),
    "read": Gauge(
        "harbor_search_cache_lists_read",
        "Posting lists read into memory since the live generation was opened: what was asked for and not there.",
        ["lane"],
        multiprocess_mode="livesum",
    ),
    "emptied": Gauge(
        "harbor_search_cache_emptied",
        "How often memory was emptied to make room since then; grows all the time: raise cache_mb.",
        ["lane"],
        multiprocess_mode="livesum",
    ),
}

SAMPLED = 1.0
"""Seconds between two samples of the caches; a request in between costs one comparison."""

DUE = {"quick": 0.0, "slow": 0.0}
"""When the cache of each lane is sampled next."""


def sample(engine: SearchEngine, *, slow: bool) -> None:
    """Update the gauges of a lane's cache, at most once every `SAMPLED` seconds."""
    lane, now = "slow" if slow else "quick", time.monotonic()
    if now < DUE[lane]:
        return
    DUE[lane] = now + SAMPLED
    if isinstance(engine, _Caching):
        for name, value in engine.cache_use()._asdict().items():
            CACHES[name].labels(lane).set(value)


def exposition(engine: SearchEngine, index: Path) -> bytes:
    """All metrics as text; in one worker of several, what all of them have counted."""
    registry = CollectorRegistry()
    registry.register(_Index(engine))
    registry.register(_LastRun(index))
    looked_at: bytes = generate_latest(registry)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return looked_at + bytes(generate_latest(REGISTRY))
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return looked_at + bytes(generate_latest(together))


@runtime_checkable
class _Caching(Protocol):
    """An engine with caches of its own; a cluster has them elsewhere."""

    def cache_use(self) -> _CacheUse: ...


class _CacheUse(Protocol):
    def _asdict(self) -> dict[str, int]: ...


class _Index(Collector):
    """The live generation."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        try:
            live = self._engine.stats().live
        except OperationalError:
            yield GaugeMetricFamily("harbor_search_index_ready", "Whether there is an index.", value=0)
            return
        yield GaugeMetricFamily("harbor_search_index_ready", "Whether there is an index.", value=1)
        name = GaugeMetricFamily("harbor_search_index_generation", "The live generation, as a label.", labels=["name"])
        name.add_metric([live.name], 1)
        yield name
        yield GaugeMetricFamily("harbor_search_index_articles", "Articles in the live generation.", value=live.articles)
        yield GaugeMetricFamily("harbor_search_index_bytes", "Bytes of the live generation.", value=live.bytes)
        built = live.built.timestamp()
        yield GaugeMetricFamily("harbor_search_index_built_seconds", "When it was built, since the epoch.", value=built)
        age = time.time() - built
        yield GaugeMetricFamily("harbor_search_index_age_seconds", "How long ago that is.", value=age)


class _LastRun(Collector):
    """The last rebuild or update, which another process did."""

    def __init__(self, index: Path) -> None:
        self._index = index

    def collect(self) -> Iterator[Metric]:
        try:
            run = last_run(self._index)
        except OperationalError:
            return
        yield GaugeMetricFamily(
            "harbor_search_run_failed", "Whether the last rebuild or update could not be done.", value=bool(run.error)
        )
        yield GaugeMetricFamily(
            "harbor_search_run_ended_seconds", "When it ended, since the epoch.", value=run.ended.timestamp()
        )
        for name, says in _COUNTED.items():
            if name in run.report:
                yield GaugeMetricFamily(f"harbor_search_run_{name}_articles", says, value=len(run.report[name]))


_COUNTED = {
    "refused": "Articles that it could not read.",
    "skipped": "What it found that is no article, or not public.",
    "noted": "Articles with a fault that was mended.",
}
