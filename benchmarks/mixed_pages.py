"""A whole rebuild from a folder of mixed pages: `python -m benchmarks ingest --rebuild 100000`.

Six of ten files are HTML (real pages where there are any), three Markdown and one plain text, each with the words of
its lines in an order of its own and some of them changed, so that no two are alike but for one of a hundred, which
repeats another.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.http.servers import own_memory
from benchmarks.ingest import ROOT, as_markdown, as_page, sample_articles

__all__ = ["RUNS", "Rebuilt", "rebuild_pages", "write_pages"]

RUNS: dict[str, dict[str, str]] = {
    "as it comes": {},
    "one process extracts": {"HARBOR_EXTRACT_PROCESSES": "1"},
    "near-duplicates not looked for": {"HARBOR_NEAR_DUPLICATES": "0"},
}
"""What is compared, each with the settings that make it."""

_KINDS = ("html", "md", "html", "html", "md", "html", "txt", "html", "md", "html")
_REPEATED = 100
_IN_FOLDER = 1000
_CHANGED = 0.2
"""Share of the words that give way to words of the sample articles."""
_SAMPLED = 0.5
"""Seconds between two looks at the memory of all processes."""

_PARAGRAPH = re.compile(r"(?<=>)[^<>{}]{12,}(?=<)")
_LINE = re.compile(r"(?m)^(?!#|title:)[^\n]{12,}$")
_IDENTITY = re.compile(r"<link[^>]*canonical[^>]*>|<meta[^>]*og:url[^>]*>")


class Rebuilt(NamedTuple):
    """Of one rebuild: articles indexed, seconds by the clock and of the processors, the most bytes of memory that all
    processes together had at one time for themselves (mapped files are the system's to take back), bytes of the index,
    and articles that are nearly the same as another."""

    articles: int
    seconds: float
    processor: float
    memory: int
    size: int
    near_duplicates: int


def write_pages(count: int, folder: Path, pages: Path) -> None:
    """Write `count` files below `folder`, made of the sample articles and of the real pages in `pages`.

    A folder that has them already is left as it is.
    """
    done = folder / f".{count}"
    if done.exists():
        return
    samples = sample_articles()
    real = [path.read_text("utf-8", "replace") for path in sorted(pages.rglob("*.html"))]
    given = {
        "html": [_IDENTITY.sub("", text) for text in real] or [as_page(each) for each in samples],
        "md": [as_markdown(each) for each in samples],
        "txt": [path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*/*.txt"))],
    }
    words = [word for each in samples for part in each.body for word in part.text.split()]
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        same = number - len(_KINDS) if number % _REPEATED == _REPEATED - 1 else number
        path = folder / f"{number // _IN_FOLDER:03}" / f"{number:06}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_shuffled(given[kind][same % len(given[kind])], same, kind, words), "utf-8")
    done.touch()


def _shuffled(text: str, seed: int, kind: str, others: Sequence[str]) -> str:
    order = random.Random(seed)

    def shuffle(found: re.Match[str]) -> str:
        words = [order.choice(others) if order.random() < _CHANGED else word for word in found[0].split()]
        order.shuffle(words)
        return " ".join(words)

    # Six hundred articles of one title would be a collection that nobody has.
    text = re.sub(r"(?=</(?:title|h1)>)|(?<=^---\ntitle: \")", f" {seed} ", text)
    return (_PARAGRAPH if kind == "html" else _LINE).sub(shuffle, text)


def rebuild_pages(folder: Path, index: Path, environment: Mapping[str, str]) -> Rebuilt:
    """Rebuild `index` from `folder` by the command line, with `environment` added to this process's.

    Raises:
        OSError: the rebuild failed.
    """
    command = [sys.executable, "-m", "harbor_search", "--index", str(index), "rebuild", str(folder), "--json"]
    report = index.with_suffix(".report")
    began = time.perf_counter()
    with report.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | dict(environment), cwd=ROOT, stdout=out)
        most = _watched(process, lambda: own_memory(process))
    seconds, used = time.perf_counter() - began, most[1]
    if process.returncode:
        raise OSError(f"the rebuild ended with {process.returncode}")
    told: dict[str, Any] = json.loads(report.read_bytes())
    return Rebuilt(told["indexed"], seconds, used, most[0], told["bytes"], told["near_duplicates"])


def _watched(process: subprocess.Popen[bytes], measured: Callable[[], int]) -> tuple[int, float]:
    """The most that was `measured` until the process ended, and the processors' seconds of it and those it started."""
    most = 0
    while True:
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return most, used.ru_utime + used.ru_stime
        most = max(most, measured())
        time.sleep(_SAMPLED)
