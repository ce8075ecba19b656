"""No acknowledged write is ever lost, wherever a kill strikes: in the journal, in a commit of the index, in a merge.

`python -m tests.indexing.test_killed_writers 200` kills two hundred times.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.indexing import Follower, journal_path, rebuild
from harbor_search.journal import Journal
from tests.indexing.writer_to_be_killed import THREADS, groups

ROUNDS = 4
"""Each takes two seconds or three, most of them to load what indexing needs."""

MOST_ACKNOWLEDGED = 200
"""Groups of writes that are acknowledged before the kill, at the most."""

LONGEST = 0.5
"""Seconds more until it, at the most: a commit takes some tenths."""


def quiet(stage: str, done: int, total: int | None) -> None: ...


def acknowledged_until_killed(index: Path, number: int, drawn: random.Random) -> Counter[int]:
    """How many groups of each thread were acknowledged before the kill."""
    command = [sys.executable, str(Path(__file__).with_name("writer_to_be_killed.py")), str(index), str(number)]
    acknowledged: Counter[int] = Counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        wanted = drawn.randrange(MOST_ACKNOWLEDGED)
        try:
            for count, line in enumerate(process.stdout):
                acknowledged[int(line)] += 1
                if count == wanted:
                    # Where exactly it strikes is up to chance; what is checked holds wherever that is.
                    time.sleep(drawn.random() * LONGEST)
                    process.kill()
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL, "it ended before it was killed"
    return acknowledged


def in_the_journal(settings: Settings) -> dict[str, int]:
    """By id, the version that the journal has; 0: deleted."""
    journal = Journal(journal_path(settings))
    entries = journal.since("")
    journal.close()
    return {each.id: version_of(json.loads(each.record)["text"]) if each.record else 0 for each in entries}


def version_of(text: str) -> int:
    return int(text.split()[1])


def in_the_index(engine: SearchEngine, names: list[str]) -> dict[str, int]:
    found = {name: engine.article(name) for name in names}
    return {name: version_of(article.lead) if article else 0 for name, article in found.items()}


def kill_again_and_again(rounds: int, folder: Path, drawn: random.Random) -> None:
    (folder / "articles").mkdir()
    (folder / "articles" / "rock.md").write_text("# Rock\n\nVersion 7 of what is in a folder.\n")
    settings = Settings(index=folder / "index")
    engine = open_engine(settings)
    rebuild(engine, [folder / "articles"], settings, quiet)
    before: dict[str, int] = {}
    for number in range(1, rounds + 1):
        acknowledged = acknowledged_until_killed(settings.index, number, drawn)
        kept = in_the_journal(settings)
        for thread in range(THREADS):
            own = {name: version for name, version in kept.items() if name.startswith(f"{thread}-")}
            assert own in possible(before, thread, number, acknowledged[thread]), f"round {number}, thread {thread}"
        before = kept
        if number % 2:
            follower = Follower(engine, settings)
            while follower.catch_up():
                pass
        else:
            rebuild(engine, [folder / "articles"], settings, quiet)
        assert in_the_index(engine, [*kept, "rock"]) == kept | {"rock": 7}, f"round {number}"
        assert engine.verify() == ()
    engine.close()


def possible(before: dict[str, int], thread: int, number: int, acknowledged: int) -> list[dict[str, int]]:
    """What the journal may have of a thread: what was acknowledged, and perhaps the group that was under way, whole."""
    state = {name: version for name, version in before.items() if name.startswith(f"{thread}-")}
    written = groups(thread, number)
    for wanted in islice(written, acknowledged):
        state |= wanted
    return [state, state | next(written)]


def test_no_acknowledged_write_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    kill_again_and_again(ROUNDS, tmp_path, random.Random(19))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        kill_again_and_again(int(sys.argv[1]), Path(made), random.Random(19))
    sys.stdout.write(f"killed {sys.argv[1]} times; nothing that was acknowledged is lost\n")
