"""`python -m benchmarks ingest` tells what reading an article costs in each format."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.ingest import FORMATS, measure_formats
from benchmarks.mixed_pages import write_pages
from harbor_search.ingest import Read, read_articles


def test_every_format_is_written_and_read_back_whole(tmp_path: Path) -> None:
    rows = list(measure_formats(3, tmp_path, FORMATS, tmp_path / "nowhere"))
    assert [(row.format, row.articles) for row in rows] == [(name, 3) for name in FORMATS]
    assert all(row.kilobytes > 0 and row.one_ms > 0 and row.all_ms > 0 for row in rows)


def test_mixed_pages_are_of_every_kind_and_each_its_own_but_for_one_of_a_hundred(tmp_path: Path) -> None:
    write_pages(200, tmp_path, tmp_path / "nowhere")
    files = sorted(path for path in tmp_path.rglob("*") if path.suffix)
    assert Counter(path.suffix for path in files) == {".html": 120, ".md": 60, ".txt": 20}
    assert len({path.read_bytes() for path in files}) == 198
    assert all(isinstance(each, Read) for each in read_articles([tmp_path], max_bytes=10**6))
