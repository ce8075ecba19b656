"""A process that writes articles and makes them searchable until it is killed: `python FILE INDEX ROUND`.

For each group of writes that is acknowledged it prints the number of the thread. Version 0 is a deletion.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.indexing import Follower, journal_path
from harbor_search.journal import Change, GroupCommit, Journal

THREADS = 3
IDS = 12
"""Of each thread: few, so that articles are written again and deleted."""


def change(name: str, version: int) -> Change:
    if not version:
        return Change(name, None)
    return Change(name, json.dumps({"title": f"About {name}", "text": f"Version {version} of it. " * 20}).encode())


def groups(thread: int, number: int) -> Iterator[dict[str, int]]:
    """What a thread writes in a round, group by group: always the same, so that it is known what must be there."""
    drawn = random.Random(number * THREADS + thread)
    for version in count(number * 1_000_000 + 1):
        yield {f"{thread}-{drawn.randrange(IDS)}": version * drawn.choice((0, 1, 1, 1)) for _ in range(3)}


def write(commits: GroupCommit, thread: int, number: int) -> None:
    for wanted in groups(thread, number):
        commits.submit([change(name, version) for name, version in wanted.items()])
        try:
            # One call, so that a kill leaves whole groups.
            os.write(1, f"{thread}\n".encode())
        except OSError:
            os._exit(1)


def main(index: str, number: str) -> None:
    settings = Settings(index=Path(index))
    commits = GroupCommit(Journal(journal_path(settings)).record)
    for thread in range(THREADS):
        threading.Thread(target=write, args=(commits, thread, int(number)), daemon=True).start()
    never = threading.Event()
    Follower(open_engine(settings), settings).run(lambda seconds: never.wait(min(seconds, 0.01)))


if __name__ == "__main__":
    main(*sys.argv[1:])
