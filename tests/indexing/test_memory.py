"""Indexing holds no more memory than the setting allows, however many words there are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_REBUILD = """
import random, re, sys
from pathlib import Path
from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.store.inversion import text_writer
from harbor_search.store.inversion.memory import resident_bytes

def articles(count):
    letters = random.Random(7)
    for number in range(count):
        words = " ".join("%x" % letters.getrandbits(40) for _ in range(100))
        yield Article(f"a{number}", f"Title {number}", (Section("", "", words),))

def rebuild(count, **settings):
    engine = EmbeddedEngine(Settings(index=Path(sys.argv[1]), **settings))
    engine.rebuild(articles(count), lambda *_: None)

minimum, text_writer.MIN_POSTINGS_BYTES = text_writer.MIN_POSTINGS_BYTES, 0
rebuild(3000, memory_mb=1)  # what is loaded and compiled once, merging included
text_writer.MIN_POSTINGS_BYTES = minimum
Path("/proc/self/clear_refs").write_text("5")  # forget the peak
limit = resident_bytes() // 1_000_000 + 170
rebuild(14_000, memory_mb=limit)
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
print(limit * 1_000_000, peak)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the system does not tell the peak of memory")
def test_a_rebuild_with_more_words_than_fit_stays_within_the_setting(tmp_path: Path) -> None:
    # All in one part, the lists of these 1.4 million words take 200 MB more than there is.
    command = [sys.executable, "-c", _REBUILD, str(tmp_path / "index")]
    # Compiling, which happens once for each kernel, takes memory that indexing does not.
    subprocess.run(command, capture_output=True, check=True)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    limit, peak = map(int, done.stdout.split())
    assert peak <= limit, done.stderr
