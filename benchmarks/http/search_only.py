"""What a search takes inside one process: `searching.search`, everything a page needs, nothing of HTTP."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.http.collection import Text, first_lines, questions, texts
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.searching import SearchRequest, search

__all__ = ["Times", "search_only"]

ROUNDS = 3

QUESTIONS = 400

FORGET_EVERY = 20
"""Questions between which an engine is opened anew, so that nothing of what they need is in memory."""

STOP_WORDS = "the of and to in is a"

LONG = "a-long-book"
LONG_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of searches."""

    mean: float
    p50: float
    p95: float
    p99: float


def search_only(source: Path, limit: int | None, folder: Path, say: Callable[[str], None]) -> dict[str, Times]:
    """What searches take, all with snippets, facets and exact total, by what is asked for.

    Of each question's runs the fastest counts, as a busy machine only adds to the others; what is asked for the first
    time has one run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    articles = list(texts(source, limit))
    part = folder / "articles.jsonl"
    part.write_text("".join([*first_lines(source, limit), _long_article(articles)]), encoding="utf-8")
    say("building the index")
    program = (sys.executable, "-m", "harbor_search", "--index", folder / "index", "rebuild", part)
    subprocess.run([str(each) for each in program], check=True, stdout=subprocess.DEVNULL)
    settings = Settings(index=folder / "index")
    asked = [each.written for each in questions(articles, 4 * QUESTIONS)]
    again, once, cold, once_strictly = (asked[at : at + QUESTIONS] for at in range(0, len(asked), QUESTIONS))
    plain = [SearchRequest(q=each) for each in again]
    strict = [SearchRequest(q=each, strict=True) for each in again]
    whole = [SearchRequest(q=each, per_page=100) for each in again[:40]]
    stop_words = [SearchRequest(q=STOP_WORDS, strict=True, per_page=100)] * 10
    long = [SearchRequest(q=f"{LONG.replace('-', ' ')} {each}") for each in again[:40]]
    say("searching")
    with closing(open_engine(settings)) as engine:
        engine.warm()

        def fastest(requests: Sequence[SearchRequest]) -> Times:
            for request in requests:
                tuple(search(engine, request, settings).hits)
            return _times([min(_milliseconds(engine, each, settings) for _ in range(ROUNDS)) for each in requests])

        found = {
            "ten hits": fastest(plain),
            "ten hits, asked for the first time": _times(
                [_milliseconds(engine, SearchRequest(q=each), settings) for each in once]
            ),
            "ten hits, strictly as typed": fastest(strict),
            "ten hits, strictly as typed, asked for the first time": _times(
                [_milliseconds(engine, SearchRequest(q=each, strict=True), settings) for each in once_strictly]
            ),
            "100 hits": fastest(whole),
            "100 hits of stop words, all required": fastest(stop_words),
            "ten hits, one of 1 MB": fastest(long),
        }
    return found | {"ten hits, nothing in memory": _cold(cold, settings)}


def _cold(asked: Sequence[str], settings: Settings) -> Times:
    """Searches by engines that were just opened: kernels are loaded, but no list, no word and no text."""
    runs = []
    for first in range(0, len(asked), FORGET_EVERY):
        with closing(open_engine(settings)) as engine:
            engine.warm()
            for each in asked[first : first + FORGET_EVERY]:
                runs.append(_milliseconds(engine, SearchRequest(q=each), settings))
    return _times(runs)


def _milliseconds(engine: SearchEngine, request: SearchRequest, settings: Settings) -> float:
    begun = time.perf_counter()
    tuple(search(engine, request, settings).hits)
    return (time.perf_counter() - begun) * 1000


def _times(runs: Sequence[float]) -> Times:
    cuts = statistics.quantiles(runs, n=100)
    return Times(statistics.fmean(runs), cuts[49], cuts[94], cuts[98])


def _long_article(articles: Sequence[Text]) -> str:
    """An article as long as a book, made of the others."""
    text, at = "", 0
    while len(text) < LONG_CHARACTERS:
        text += articles[at % len(articles)].body + "\n\n"
        at += 1
    return json.dumps({"id": LONG, "title": LONG.replace("-", " "), "text": text[:LONG_CHARACTERS]}) + "\n"
