"""Writes that wait at the same time reach the disk together, and each learns what became of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from harbor_search.journal import Change, GroupCommit, Outcome


class Disk:
    """Takes a group at a time, when it is let."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.writing = threading.Semaphore(0)
        self.free = threading.Event()
        self.fault: Exception | None = None

    def record(self, changes: Sequence[Change]) -> list[Outcome]:
        self.groups.append([each.id for each in changes])
        self.writing.release()
        self.free.wait()
        if self.fault:
            raise self.fault
        return ["created" if each.record else "absent" for each in changes]


def test_all_who_come_while_the_disk_writes_make_up_the_next_group() -> None:
    disk = Disk()
    commits = GroupCommit(disk.record)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(commits.submit, [Change("first", b"1")])
        disk.writing.acquire()
        others = [threads.submit(commits.submit, [Change(str(n), b"1"), Change("x", None)]) for n in range(8)]
        while len(commits._waiting) < 8:
            pass
        disk.free.set()
        assert first.result() == ["created"]
        assert [each.result() for each in others] == [["created", "absent"]] * 8
    assert [len(group) for group in disk.groups] == [1, 16]


def test_a_group_that_fails_fails_for_all_in_it_and_the_next_goes_on() -> None:
    disk = Disk()
    disk.free.set()
    commits = GroupCommit(disk.record)
    disk.fault = OSError("full")
    with pytest.raises(OSError, match="full"):
        commits.submit([Change("a", b"1")])
    disk.fault = None
    assert commits.submit([Change("a", b"1")]) == ["created"]
