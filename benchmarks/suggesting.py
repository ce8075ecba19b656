"""How long suggestions take: titles of the collection, typed letter by letter, in process and over HTTP."""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.http.collection import texts
from benchmarks.http.ours import HarborSearch
from harbor_search import open_index
from harbor_search.searching import suggest

__all__ = ["beginnings", "measure_suggestions"]

_TITLES = 250

_LONGEST = 12
"""Letters after which nearly everybody has found what was meant."""

_SEED = 20_261_128


def measure_suggestions(source: Path, limit: int | None, folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds by percentile, "in process" and over "HTTP", for the first `limit` articles of `source`.

    Raises:
        OSError: the source cannot be read, or the server does not start.
    """
    typed = beginnings([text.title for text in texts(source, limit) if text.title])
    server = HarborSearch(folder)
    try:
        server.start(source, limit, ())
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        over_http = _times(typed, lambda text: _ask(connection, text))
        connection.close()
    finally:
        server.stop()
    with open_index(folder / "index") as index:
        return {"in process": _times(typed, lambda text: suggest(index.engine, text)), "HTTP": over_http}


def beginnings(titles: Sequence[str]) -> list[str]:
    """What a box asks while some of the titles are typed, in an order by chance."""
    chance = random.Random(_SEED)
    chosen = chance.sample(titles, min(_TITLES, len(titles)))
    typed = [title[:size] for title in chosen for size in range(2, min(len(title), _LONGEST) + 1)]
    chance.shuffle(typed)
    return typed


def _ask(connection: http.client.HTTPConnection, text: str) -> None:
    connection.request("GET", "/api/v1/suggest?" + urlencode({"q": text}))
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise OSError(f"suggestions for {text!r} were answered with {answer.status}")


def _times(typed: Sequence[str], ask: Callable[[str], object]) -> dict[str, float]:
    """Each is asked once, so that all is in memory, and once more to be measured."""
    for text in typed:
        ask(text)
    taken = []
    for text in typed:
        began = time.perf_counter()
        ask(text)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {name: taken[int(len(taken) * share)] for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}
