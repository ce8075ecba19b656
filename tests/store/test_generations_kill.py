"""SIGKILL at any instant leaves the old or the new generation live, and the next build clears what was left."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harbor_search.errors import OperationalError
from harbor_search.store.generations import Generations

from .generations_made import ended, fill, in_child, kill, publish

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")

STEPS = (
    "open",
    "os.rename",
    "os.mkdir",
    "os.link",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "os.truncate",
    "shutil.rmtree",
)


def die_at(step: int) -> None:
    """Have this process killed just before its `step`-th change of, or look at, the file system.

    Python's audit events announce such calls before they happen; syncs have no event and are wrapped.
    """
    left = step

    def count(event: str, _: object = None) -> None:
        nonlocal left
        if event in STEPS or event == "sync":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    real_sync = os.fsync

    def sync(descriptor: int) -> None:
        count("sync")
        real_sync(descriptor)

    os.fsync = sync
    sys.addaudithook(count)


def require_sound(index: Path, allowed: tuple[str, ...]) -> str:
    """Whoever looks now finds one of `allowed` live and sound ("" for none); returns which."""
    generations = Generations(index, keep=2)
    try:
        live = generations.live()
    except OperationalError:
        assert "" in allowed
        return ""
    assert live.name in allowed
    assert live.verify() == ()
    return live.name


def require_clean(index: Path) -> None:
    assert list((index / "staging").iterdir()) == []
    assert not (index / "CURRENT.new").exists()
    kept = Generations(index, keep=2).kept()
    assert [each.name for each in kept] == sorted(os.listdir(index / "generations"), key=int, reverse=True)
    assert len(kept) <= 2
    assert all(each.verify() == () for each in kept)


def every_step(index: Path, action: Callable[[], object], outcome: Callable[[Generations], str]) -> int:
    """Run `action` again and again in a process killed at its 1st, 2nd, 3rd ... step until it gets through.

    After each kill what was live, or the generation that `outcome` foretold, is live. Returns the number of steps.
    """
    generations = Generations(index, keep=2)
    for step in range(1, 10_000):
        before, after = generations.live_name(), outcome(generations)

        def doomed(at: int = step) -> None:
            die_at(at)
            action()

        code = ended(in_child(doomed))
        if code == 0:
            assert require_sound(index, (after,))
            return step
        assert code == -signal.SIGKILL
        require_sound(index, (before, after))
        build_and_require_clean(index)
    raise AssertionError("it never got through")


def build_and_require_clean(index: Path) -> None:
    """The next build finds what is live untouched by its sweeping, and ends with nothing left over."""
    generations = Generations(index, keep=2)
    live = generations.live() if (index / "CURRENT").exists() else None
    with generations.stage() as staged:
        assert len(list((index / "staging").iterdir())) == 1, "nothing but this build"
        assert live is None or (generations.live() == live and live.verify() == ())
        fill(staged.path, "after")
        staged.seal(articles=1, fingerprint="", extra={})
        staged.publish()
    require_clean(index)


def next_number(generations: Generations) -> str:
    return str(int(generations.kept()[0].name) + 1)


def test_killed_at_every_step_of_a_build_the_index_stays_whole(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)
    steps = every_step(tmp_path, lambda: publish(generations), next_number)
    assert steps > 30, "the hook sees the build's steps"


def test_killed_at_every_step_of_a_build_on_a_base_the_base_stays_whole(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)

    def update() -> None:
        with generations.stage() as staged:
            staged.inherit(generations.live())
            (staged.path / "added.bin").write_bytes(b"added")
            staged.seal(articles=2, fingerprint="", extra={})
            staged.publish()

    assert every_step(tmp_path, update, next_number) > 30


def test_killed_at_every_step_of_a_rollback_the_index_stays_whole(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)
    publish(generations)
    assert every_step(tmp_path, generations.rollback, lambda made: made.kept()[1].name) > 8


def test_killed_at_every_step_of_the_first_build_the_next_build_succeeds(tmp_path: Path) -> None:
    step, code = 0, -signal.SIGKILL
    while code:
        step += 1
        index = tmp_path / str(step)

        def doomed(at: int = step, where: Path = index) -> None:
            die_at(at)
            publish(Generations(where, keep=2))

        code = ended(in_child(doomed))
        assert code in (0, -signal.SIGKILL)
        require_sound(index, ("", "1"))
        build_and_require_clean(index)
    assert step > 30


def test_killed_after_random_delays_the_index_stays_whole(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)

    def build_for_ever() -> None:
        while True:
            publish(generations)

    chance = random.Random(20240229)
    for _ in range(25):
        child = in_child(build_for_ever)
        time.sleep(chance.uniform(0.0, 0.12))
        assert kill(child) == -signal.SIGKILL
        live = generations.live()
        assert live.verify() == ()
        assert int(publish(generations).name) > int(live.name)
        require_clean(tmp_path)


def test_a_generation_that_never_was_live_is_not_rolled_back_to(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)

    def die_before_naming_it() -> None:
        real = os.replace

        def replace(source: Path, target: Path) -> None:
            if Path(target).name == "CURRENT":
                os.kill(os.getpid(), signal.SIGKILL)
            real(source, target)

        os.replace = replace
        publish(generations)

    assert ended(in_child(die_before_naming_it)) == -signal.SIGKILL
    assert sorted(os.listdir(tmp_path / "generations")) == ["1", "2"]
    assert generations.live_name() == "1"
    with pytest.raises(OperationalError, match="no older generation"):
        generations.rollback()
    require_clean(tmp_path)
    assert os.listdir(tmp_path / "generations") == ["1"]
