"""Writers that end in the middle, after each step in turn: what can be searched stays whole, and nothing stays behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from opensearchpy.exceptions import ConnectionError

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, open_engine
from harbor_search.engines.opensearch import OpenSearchEngine
from harbor_search.errors import OperationalError
from harbor_search.query import Everything
from tests.support.forwarding_server import forwarding

Make = Callable[..., Settings]
Write = Callable[[OpenSearchEngine, list[Article]], object]

READING = ("GET", "HEAD")


def quiet(stage: str, done: int, total: int | None) -> None:
    pass


def collection(name: str) -> list[Article]:
    """Some articles that all generations have, some that this one alone has."""
    texts = {"same-1": "Of iron.", "same-2": f"Of tea and {name}.", f"{name}-1": "Of zinc.", f"{name}-2": "Of sleep."}
    return [Article(key, key, (Section("", "", text),)) for key, text in texts.items()]


def rebuild(engine: OpenSearchEngine, articles: list[Article]) -> object:
    return engine.rebuild(articles, quiet)


def update(engine: OpenSearchEngine, articles: list[Article]) -> object:
    return engine.update(articles, lambda: None, quiet)


def write(engine: OpenSearchEngine, articles: list[Article]) -> object:
    known = {hit.id for hit in engine.search(Everything(), Criteria()).hits}
    return engine.write(articles, known - {each.id for each in articles}, "mark", quiet)


class Killed(BaseException):
    """The process is no more."""


def killed_after(engine: OpenSearchEngine, steps: int) -> Callable[[], int]:
    """Let nothing reach the cluster any more after so many requests that change it; what tells how many did."""
    changed, changing = 0, engine._cluster.client.transport
    for transport in (changing, engine._cluster._reader.transport):

        def perform(method: str, url: str, *rest: Any, own: Any = transport.perform_request, **named: Any) -> Any:
            nonlocal changed
            if changed >= steps:
                raise Killed
            answer = own(method, url, *rest, **named)
            changed += method not in READING and "_search" not in url and "_count" not in url
            return answer

        transport.perform_request = perform
    return lambda: changed


def engine_on(settings: Settings) -> OpenSearchEngine:
    engine = open_engine(settings)
    assert isinstance(engine, OpenSearchEngine)
    return engine


def forget_the_dead(engine: OpenSearchEngine) -> None:
    """As if so long had passed that a writer who says nothing counts as dead."""
    lease = {"index": f"{engine._settings.opensearch_prefix}-writer", "id": "lease"}
    client = engine._cluster.client
    if client.get(**lease, ignore=404).get("found"):
        client.index(**lease, body={"holder": "dead", "until": 0})


def found(engine: OpenSearchEngine) -> set[str]:
    engine._searchers.forget()
    return {hit.id for hit in engine.search(Everything(), Criteria()).hits}


def ids(articles: list[Article]) -> set[str]:
    return {each.id for each in articles}


@pytest.mark.parametrize("change", [rebuild, update, write])
def test_whenever_a_writer_is_killed_a_whole_generation_is_found_and_nothing_stays_behind(
    opensearch_settings: Make, change: Write
) -> None:
    settings = opensearch_settings()
    with closing(engine_on(settings)) as engine:
        engine.rebuild(collection("before-0"), quiet)
        live, steps, outcomes = ids(collection("before-0")), 0, set()
        while True:
            fresh, dying = collection(f"fresh-{steps}"), engine_on(settings)
            changed = killed_after(dying, steps)
            try:
                change(dying, fresh)
            except Killed:
                died = True
            else:
                died = False
            assert found(engine) in (live, ids(fresh))
            outcomes.add(found(engine) == ids(fresh))
            assert engine.verify() == ()
            if not died:
                break
            forget_the_dead(engine)
            live = nothing_stays_behind(engine, steps)
            steps += 1
        assert changed() == steps > 5
        assert outcomes == {False, True}


def nothing_stays_behind(engine: OpenSearchEngine, steps: int) -> set[str]:
    """See that the next writer goes on, and back again, and leaves no index but those of its generations; what is found
    then."""
    before, after = found(engine), collection(f"after-{steps}")
    engine.rebuild(after, quiet)
    prefix = engine._settings.opensearch_prefix
    indices = set(engine._cluster.client.indices.get(index=f"{prefix}-*", params={"expand_wildcards": "all"}))
    assert indices == {each.index for each in engine._generations.kept()} | {f"{prefix}-writer"}
    assert len(indices) == 3
    assert found(engine) == ids(after)
    engine.rollback()
    assert found(engine) == before
    return before


@pytest.mark.parametrize(
    ("last", "live"),
    [
        (r"PUT /[^/]+-\d{6}\?", False),
        ("POST /_bulk", False),
        ("POST /[^/]+/_refresh", False),
        ("PUT /[^/]+/_settings", False),
        ("POST /_aliases", True),
        (r"DELETE /[^/]+-\d{6}", True),
    ],
)
def test_a_process_that_rebuilds_and_is_killed_leaves_the_site_whole_and_nothing_behind(
    opensearch_settings: Make, tmp_path: Path, last: str, *, live: bool
) -> None:
    """The request `last` is done when the process is killed, and it does not know. The new index is `live` then, or
    what was before."""
    settings, source = opensearch_settings(), tmp_path / "articles"
    source.mkdir()
    (source / "fresh.md").write_text("# Fresh\n\nOf iron.\n")
    killed = []

    def answered(request: str) -> None:
        if re.match(last, request):
            process.send_signal(signal.SIGKILL)
            killed.append(process.wait())

    with closing(engine_on(settings)) as engine, forwarding(settings.opensearch_hosts, answered) as address:
        for name in ("older", "old"):
            engine.rebuild(collection(name), quiet)
        command = [sys.executable, "-m", "harbor_search", "rebuild", str(source)]
        process = subprocess.Popen(command, env=os.environ | environment_of(settings, address))
        process.wait(300)
        assert killed == [-signal.SIGKILL]
        assert found(engine) == ({"fresh"} if live else ids(collection("old")))
        forget_the_dead(engine)
        nothing_stays_behind(engine, 0)


def environment_of(settings: Settings, address: str) -> dict[str, str]:
    return {
        "HARBOR_ENGINE": "opensearch",
        "HARBOR_INDEX": str(settings.index),
        "HARBOR_OPENSEARCH_HOSTS": address,
        "HARBOR_OPENSEARCH_PREFIX": settings.opensearch_prefix,
        "HARBOR_OPENSEARCH_REPLICAS": "0",
        "HARBOR_OPENSEARCH_TIMEOUT": "60",
    }


@pytest.mark.parametrize("change", [rebuild, update, write])
@pytest.mark.parametrize("answered", [True, False])
def test_a_generation_whose_switch_was_made_but_not_answered_is_live(
    opensearch_settings: Make, change: Write, *, answered: bool
) -> None:
    """A node fails after it passed the switch on; where the cluster does not answer after that, nobody knows."""
    settings = opensearch_settings(opensearch_hosts=",".join([opensearch_settings().opensearch_hosts] * 2))
    with closing(engine_on(settings)) as engine:
        engine.rebuild(collection("old"), quiet)
        switched = False
        for connection in engine._cluster.client.transport.connection_pool.connections:

            def perform(method: str, url: str, *rest: Any, own: Any = connection.perform_request, **named: Any) -> Any:
                nonlocal switched
                if switched and not answered:
                    raise ConnectionError("N/A", "gone", OSError())
                answer = own(method, url, *rest, **named)
                if url == "/_aliases" and not switched:
                    switched = True
                    raise ConnectionError("N/A", "gone", OSError())
                return answer

            connection.perform_request = perform
        with suppress(OperationalError):
            change(engine, collection("new"))
        assert switched
    with closing(engine_on(settings)) as other:
        assert found(other) == ids(collection("new"))
        assert other.verify() == ()
