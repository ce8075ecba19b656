"""An index that is built while it is searched, by processes that may be killed."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.results import SearchResults
from harbor_search.searching import SearchRequest, search
from tests.support.generations import number_of

__all__ = ["answers_while", "ask", "killed_at_any_moment", "quiet", "write_boats"]

_DEADLINE = 300.0
"""Seconds after which a build that is waited for has failed."""


def quiet(stage: str, done: int, total: int | None) -> None: ...


def write_boats(path: Path, editions: dict[int, int]) -> Path:
    """Articles a<number> that all say "harbour" and which edition they are told in, as JSON lines."""
    with path.open("w") as stream:
        for number, edition in editions.items():
            text = f"The harbour at dawn, told in edition{edition}. " + f"Boat {number} leaves with the tide. " * 20
            stream.write(json.dumps({"id": f"a{number}", "title": f"Boat {number}", "text": text}) + "\n")
    return path


def ask(engine: EmbeddedEngine, settings: Settings, words: str) -> SearchResults:
    return search(engine, SearchRequest(q=words, per_page=100), settings)


def answers_while(
    build: Callable[[], object], engine: EmbeddedEngine, settings: Settings, last: str
) -> Iterator[SearchResults]:
    """Answers of `engine` while a forked process builds, until it is done and the generation of number `last` was seen."""
    builder = os.fork()
    if not builder:
        code = 1
        try:
            build()
            code = 0
        finally:
            os._exit(code)
    generation, done, started = "", None, time.monotonic()
    while done is None or generation != last:
        assert time.monotonic() - started < _DEADLINE
        results = ask(engine, settings, "harbour tide")
        assert all(hit.snippets for hit in results.hits)
        generation = number_of(results.generation)
        yield results
        if done is None:
            ended, status = os.waitpid(builder, os.WNOHANG)
            done = os.waitstatus_to_exitcode(status) if ended else None
            assert done in (None, 0)


def killed_at_any_moment(build: Callable[[Path], object], sources: Iterable[Path], whole: float) -> Iterator[Path]:
    """Build from each of `sources` in a forked process that is killed within 1.2 times `whole` seconds."""
    chance = random.Random(20240229)
    for source in sources:
        builder = os.fork()
        if not builder:
            try:
                build(source)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 1.2 * whole))
        os.kill(builder, signal.SIGKILL)
        os.waitpid(builder, 0)
        yield source
