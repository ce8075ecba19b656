"""Figures about an index that a publisher or an operator asks for: what is in it, where it lies, and what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.errors import OperationalError

__all__ = ["contents_of", "place_of"]

Json = dict[str, Any]

_MOST_NAMED = 12
"""Languages or sources of which the articles are told; the others are counted together."""


def contents_of(cluster: Cluster, index: str) -> dict[str, int | str]:
    """What the articles of an index are; nothing where it cannot be searched, so that the rest is told."""
    named = {name: {"terms": {"field": field, "size": _MOST_NAMED}} for name, field in _NAMED.items()}
    sections = {"cardinality": {"field": "sections"}}
    aggregations = {**named, "sections": sections, "undated": {"missing": {"field": "published"}}}
    try:
        with cluster.asking("read the index's figures") as client:
            found = client.search(index=index, body={"size": 0, "track_total_hits": False, "aggs": aggregations})
    except OperationalError:
        return {}
    counts: Json = found["aggregations"]
    texts = {name: text for name in _NAMED if (text := _listed(counts[name]))}
    return {
        "sections, with those above": int(counts["sections"]["value"]),
        "articles without a date": int(counts["undated"]["doc_count"]),
        **texts,
    }


def place_of(cluster: Cluster, index: str) -> dict[str, int | str]:
    """Where the shards of an index are, what they take, and how well caches serve them."""
    with cluster.asking("read the index's figures") as client:
        health = client.cluster.health(index=index)
        stats = client.indices.stats(index=index, level="shards")
    nodes, primaries = int(health["number_of_nodes"]), int(health["active_primary_shards"])
    own, every = stats["_all"]["primaries"], stats["_all"]["total"]
    shards = [each for copies in stats["indices"][index]["shards"].values() for each in copies]
    return {
        "index": index,
        "cluster": f"{health['cluster_name']}, {health['status']}, {nodes} node{'s' * (nodes != 1)}",
        "shards": primaries,
        "copies of shards": int(health["active_shards"]) - primaries,
        "largest shard": _size(max((int(each["store"]["size_in_bytes"]) for each in shards), default=0)),
        "disk with copies": _size(every["store"]["size_in_bytes"]),
        "segments": int(own["segments"]["count"]),
        "deleted articles not merged away yet": int(own["docs"]["deleted"]),
        **{name: text for name, field in _CACHES.items() if (text := _cache(every[field]))},
        **_heap(cluster),
    }


_NAMED = {"languages": "language", "sources": "source_name"}
"""By what articles are told apart, the field that says it."""

_CACHES = {"query cache": "query_cache", "request cache": "request_cache", "field data": "fielddata"}


def _heap(cluster: Cluster) -> dict[str, int | str]:
    """How much of their heap the nodes use; nothing where the user may not know it."""
    try:
        with cluster.asking("read the nodes' figures") as client:
            nodes = client.nodes.stats(metric="jvm")["nodes"].values()
    except OperationalError:
        return {}
    memory = [each["jvm"]["mem"] for each in nodes]
    used, most = (sum(int(each[name]) for each in memory) for name in ("heap_used_in_bytes", "heap_max_in_bytes"))
    return {"heap of all nodes": f"{_size(used)} of {_size(most)}"}


def _listed(found: Mapping[str, Any]) -> str:
    """The values of a field and how many articles have each."""
    counted = [f"{each['key'] or 'not known'} {each['doc_count']:,}" for each in found["buckets"]]
    more = found["sum_other_doc_count"]
    return ", ".join([*counted, *([f"others {more:,}"] if more else [])])


def _cache(stats: Mapping[str, Any]) -> str:
    """What a cache takes, and how often it had what was asked for; empty where nothing was."""
    asked = stats.get("hit_count", 0) + stats.get("miss_count", 0)
    share = f", {100 * stats['hit_count'] / asked:.0f} % of {asked:,} requests" if asked else ""
    return _size(stats["memory_size_in_bytes"]) + share if stats["memory_size_in_bytes"] or asked else ""


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
