"""Small generations for the tests: a few files with known words in them, as an engine would write."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from harbor_search.store.generations import Generation, Generations


def fill(folder: Path, word: str) -> None:
    """What an engine does: some files, one of them deeper."""
    (folder / "terms.bin").write_bytes(word.encode() * 50)
    (folder / "segment").mkdir(exist_ok=True)
    (folder / "segment" / "postings.bin").write_bytes(os.urandom(3000))


def publish(generations: Generations, word: str = "word") -> Generation:
    """Build and publish one generation."""
    with generations.stage() as staged:
        fill(staged.path, word)
        staged.seal(articles=1, fingerprint="plain", extra={"word": word})
        return staged.publish()


def names(generations: Generations) -> list[str]:
    return [generation.name for generation in generations.kept()]


def in_child(action: Callable[[], None]) -> int:
    """Start `action` in a forked process and return its id; it exits with 0, or with 1 after an exception."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        action()
        code = 0
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a forked process; its exit code, negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill(child: int) -> int:
    os.kill(child, signal.SIGKILL)
    return ended(child)
