"""Files are extracted by several processes in the order in which they lie, and one that kills its reader is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from harbor_search.ingest import Read, Refused, Skipped, read_articles
from harbor_search.ingest.extraction import Extraction, Labelled
from harbor_search.ingest.sources.files import SourceFile
from tests.ingest.extracting import answer
from tests.ingest.reading import MAX_BYTES
from tests.ingest.sources.web import html


def files(count: int) -> Iterator[SourceFile | Labelled]:
    for number in range(count):
        yield SourceFile(Path(f"{number}"), f"{number}", f"{number}")
        if number % 10 == 0:
            yield f"{number}b", Skipped(f"{number}b", "known")


def extracted(extraction: Extraction, count: int) -> list[Labelled]:
    with closing(extraction):
        return list(extraction.outcomes(files(count)))


def test_outcomes_come_in_the_order_of_the_files_whoever_reads_them() -> None:
    found = extracted(Extraction(answer, 2), 300)
    assert [label for label, _ in found] == [
        each.label if isinstance(each, SourceFile) else each[0] for each in files(300)
    ]
    assert all(outcome.source == label for label, outcome in found if isinstance(outcome, Skipped))
    readers = {outcome.reason for _, outcome in found if isinstance(outcome, Skipped)}
    assert f"read by {os.getpid()}" in readers and len(readers) > 2


def test_one_process_reads_everything_itself() -> None:
    found = extracted(Extraction(answer, 1), 100)
    assert {outcome.reason for _, outcome in found if isinstance(outcome, Skipped)} == {
        f"read by {os.getpid()}",
        "known",
    }


def test_a_file_that_ends_the_process_that_reads_it_is_refused_and_the_others_are_read() -> None:
    found = dict(extracted(Extraction(partial(answer, deadly="80"), 2), 100))
    assert isinstance(found["80"], Refused) and "ended the process" in found["80"].reason
    assert sum(isinstance(each, Skipped) for each in found.values()) == len(found) - 1


def test_a_folder_of_pages_is_read_alike_by_one_process_and_by_two(tmp_path: Path) -> None:
    for number in range(80):
        (tmp_path / f"{number:02}.html").write_text(html(f"Page {number}"))
    one, two = (list(read_articles([tmp_path], max_bytes=MAX_BYTES, processes=count)) for count in (1, 2))
    assert one == two
    assert sum(isinstance(each, Read) for each in two) == 80
