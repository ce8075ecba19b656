"""What a search takes inside one process: `searching.search`, everything a page needs, nothing of HTTP."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.http.collection import first_lines, questions, texts
from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.searching import SearchRequest, search

__all__ = ["search_only"]

ROUNDS = 3


def search_only(source: Path, limit: int | None, folder: Path, say: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds of a search of ten hits with snippets, facets and exact total: mean, median, p95, p99.

    Of each question's runs the fastest counts: a busy machine only adds to the others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "articles.jsonl"
    part.write_text("".join(first_lines(source, limit)), encoding="utf-8")
    say("building the index")
    program = (sys.executable, "-m", "harbor_search", "--index", folder / "index", "rebuild", part)
    subprocess.run([str(each) for each in program], check=True, stdout=subprocess.DEVNULL)
    settings = Settings(index=folder / "index")
    asked = [SearchRequest(q=each.written) for each in questions(list(texts(source, limit)), 400)]
    with closing(open_engine(settings)) as engine:
        engine.warm()
        for request in asked:
            tuple(search(engine, request, settings).hits)
        best = []
        for request in asked:
            runs = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                tuple(search(engine, request, settings).hits)
                runs.append(time.perf_counter() - begun)
            best.append(min(runs) * 1000)
    cuts = statistics.quantiles(best, n=100)
    return {"mean": statistics.fmean(best), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
