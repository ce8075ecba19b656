"""`python -m benchmarks ingest` tells what reading an article costs in each format."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ingest import FORMATS, measure_formats


def test_every_format_is_written_and_read_back_whole(tmp_path: Path) -> None:
    rows = list(measure_formats(3, tmp_path, FORMATS, tmp_path / "nowhere"))
    assert [(row.format, row.articles) for row in rows] == [(name, 3) for name in FORMATS]
    assert all(row.kilobytes > 0 and row.one_ms > 0 and row.all_ms > 0 for row in rows)
