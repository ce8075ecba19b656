"""Files are extracted by several processes in the order in which they lie, and one that kills its reader is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from harbor_search.errors import OperationalError
from harbor_search.ingest import Outcome, Read, Refused, Skipped, read_articles
from harbor_search.ingest.extraction import Extraction, Labelled
from harbor_search.ingest.reading_processes import Awaited, ReadingProcesses
from harbor_search.ingest.sources.files import SourceFile
from tests.ingest.extracting import EndsWhereItIsRead, answer
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


def test_files_between_others_are_read_by_other_processes_too_and_keep_their_places() -> None:
    def mixed() -> Iterator[SourceFile | Labelled]:
        for number in range(400):
            yield SourceFile(Path(f"{number}"), f"{number}", f"{number}")
            # Many in a row, too, more than a batch waits for.
            yield from ((f"{number}b", Skipped(f"{number}b", "known")) for _ in range(100 if number == 200 else 2))

    with closing(Extraction(partial(answer, deadly="201"), 2)) as extraction:
        found = list(extraction.outcomes(mixed()))
    assert [label for label, _ in found] == [
        each.label if isinstance(each, SourceFile) else each[0] for each in mixed()
    ]
    assert [label for label, outcome in found if isinstance(outcome, Refused)] == ["201"]
    here = f"read by {os.getpid()}"
    assert sum(isinstance(outcome, Skipped) and outcome.reason == here for _, outcome in found) == 64


def test_a_file_whose_process_ended_for_another_reason_is_read_the_second_time(tmp_path: Path) -> None:
    found = dict(extracted(Extraction(partial(answer, deadly="80", once=tmp_path / "died"), 2), 100))
    assert (tmp_path / "died").exists()
    assert isinstance(found["80"], Skipped)


def test_a_process_gives_way_to_another_after_so_many_files() -> None:
    with closing(ReadingProcesses(answer, 1, retire=10)) as processes:
        read = [outcome for _ in range(4) for outcome in handed_over(processes, "a", "b", "c", "d", "e", "f")]
        readers = {outcome.result().reason for outcome in read}
    assert len(readers) == 2


def test_closing_ends_a_process_in_the_middle_of_a_file(tmp_path: Path) -> None:
    processes = ReadingProcesses(partial(answer, endless="slow"), 1)
    first, slow, last = handed_over(processes, "first", "slow", "last")
    assert isinstance(first.result(), Skipped)
    processes.close()
    for outcome in (slow, last):
        with pytest.raises(OperationalError, match="ended"):
            outcome.result()


def test_a_process_that_cannot_be_started_is_no_fault_of_a_file() -> None:
    with closing(ReadingProcesses(EndsWhereItIsRead(), 1)) as processes:
        [outcome] = handed_over(processes, "a")
        with pytest.raises(OperationalError, match="extract_processes = 1"):
            outcome.result()


def handed_over(processes: ReadingProcesses, *names: str) -> list[Future[Outcome]]:
    files: list[Awaited] = [(SourceFile(Path(name), name, name), Future()) for name in names]
    processes.hand_over(files)
    return [outcome for _, outcome in files]


def test_a_folder_of_pages_is_read_alike_by_one_process_and_by_two(tmp_path: Path) -> None:
    for number in range(80):
        (tmp_path / f"{number:02}.html").write_text(html(f"Page {number}"))
    one, two = (list(read_articles([tmp_path], max_bytes=MAX_BYTES, processes=count)) for count in (1, 2))
    assert one == two
    assert sum(isinstance(each, Read) for each in two) == 80
