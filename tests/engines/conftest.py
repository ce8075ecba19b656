"""A real OpenSearch node for the engine's tests, where `make test-opensearch` asks for it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harbor_search.config import Settings
from tests.support import opensearch_cluster


@pytest.fixture(scope="session")
def opensearch_address() -> Iterator[str]:
    """The address of a node: the one that HARBOR_TEST_OPENSEARCH names, or one that is started where it is "start"."""
    wanted = os.environ.get("HARBOR_TEST_OPENSEARCH", "")
    if not wanted:
        pytest.skip("OpenSearch is tested by `make test-opensearch`")
    if wanted != "start":
        yield wanted
        return
    reason = opensearch_cluster.unavailable()
    if reason:
        pytest.skip(reason)
    with opensearch_cluster.cluster(1) as nodes:
        yield nodes[0].address


@pytest.fixture(scope="module")
def three_nodes() -> Iterator[list[opensearch_cluster.Node]]:
    """A cluster of three nodes for a module that kills some, where OpenSearch is tested at all."""
    if not os.environ.get("HARBOR_TEST_OPENSEARCH"):
        pytest.skip("OpenSearch is tested by `make test-opensearch`")
    reason = opensearch_cluster.unavailable()
    if reason:
        pytest.skip(reason)
    with opensearch_cluster.cluster(3) as nodes:
        yield nodes


@pytest.fixture
def opensearch_settings(opensearch_address: str, tmp_path: Path) -> Callable[..., Settings]:
    """Settings for the engine, each test with indices of its own; others can be given by name."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"

    def settings(**values: object) -> Settings:
        given: dict[str, object] = {
            "index": tmp_path / "index",
            "engine": "opensearch",
            "opensearch_hosts": opensearch_address,
            "opensearch_prefix": prefix,
            "opensearch_replicas": 0,
            "opensearch_timeout": 30.0,
        }
        return Settings(**(given | values))  # type: ignore[arg-type]

    return settings
