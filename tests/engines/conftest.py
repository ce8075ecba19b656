"""Settings for the engines; a real OpenSearch node for tests, where `make test-opensearch` asks for it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from harbor_search.config import Settings
from tests.support import opensearch_cluster

# On a node, nothing is run again that `make test` has run.
ENGINES = ("opensearch",) if os.environ.get("HARBOR_TEST_OPENSEARCH") else ("embedded", "opensearch")

MakeSettings = Callable[..., Settings]


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
def opensearch_settings(opensearch_address: str, tmp_path: Path) -> MakeSettings:
    """Settings for the engine, each test with indices of its own; others can be given by name."""
    return _on_cluster(opensearch_address, tmp_path / "index")


@pytest.fixture(params=ENGINES)
def make_settings(request: pytest.FixtureRequest, tmp_path: Path) -> MakeSettings:
    """Settings for each engine in turn, each test with an index of its own; others can be given by name."""
    return _on(request, tmp_path / "index")


@pytest.fixture(scope="module", params=ENGINES)
def make_shared_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MakeSettings:
    """The same with one index for all tests of a module, which must not change it."""
    return _on(request, tmp_path_factory.mktemp("shared") / "index")


def _on(request: pytest.FixtureRequest, index: Path) -> MakeSettings:
    if request.param == "opensearch":
        return _on_cluster(request.getfixturevalue("opensearch_address"), index)
    return partial(Settings, index=index)


def _on_cluster(address: str, index: Path) -> MakeSettings:
    """What makes settings for indices of their own on a cluster; `index` is for what is kept beside them."""
    return partial(
        Settings,
        index=index,
        engine="opensearch",
        opensearch_hosts=address,
        opensearch_prefix=f"test-{uuid.uuid4().hex[:12]}",
        opensearch_replicas=0,
        opensearch_timeout=30.0,
    )
