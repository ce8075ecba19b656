"""Compiled code that is kept between processes: found, renewed, shared, and done without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from harbor_search.compiled import keep_code_in, kernel, linking
from harbor_search.ranking.top_k_heap import score_of

ROOT = Path(__file__).parents[2]

ASK = """
import sys
from harbor_search.compiled import keep_code_in
keep_code_in(sys.argv[1])
from harbor_search.store.postings.bitpacking import block_bytes, width_of
import numpy as np
print(block_bytes(5, 3), width_of(np.array([5, 1], np.int32), 0, 2))
"""


def triple(number: int) -> int:
    return number * 3


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that this process keeps its code in."""
    keep_code_in(str(tmp_path / "code"))
    yield tmp_path / "code"
    keep_code_in("")


def ask(folder: Path | str, program: Path = ROOT, script: str = ASK, **environment: str) -> subprocess.Popen[str]:
    """A process that runs a kernel and prints what it answers."""
    variables = {**os.environ, "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    command = [sys.executable, "-c", script, str(folder)]
    return subprocess.Popen(
        command, env=variables, cwd=program, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def answer(process: subprocess.Popen[str]) -> tuple[str, str]:
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return output.strip(), errors


def compiled_anew(function: Callable[..., int]) -> bool:
    """Whether a process that calls `function` for the first time compiles it."""
    fresh = kernel(function)
    assert fresh(14) == 42
    misses: dict[object, int] = fresh.stats.cache_misses  # type: ignore[attr-defined]
    return bool(misses)


def test_code_is_compiled_once_and_found_by_the_next_process(folder: Path) -> None:
    assert compiled_anew(triple)
    assert not compiled_anew(triple)


def test_code_that_was_found_can_be_compiled_into_a_new_kernel(folder: Path) -> None:
    compiled_anew(triple)
    found = kernel(triple)
    assert found(14) == 42

    def outer(number: int) -> int:
        return found(number) + 1

    assert kernel(outer)(14) == 43


def test_code_that_only_runs_is_linked_without_what_compiling_needs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled_anew(triple)
    (file,) = folder.glob("*.code")
    assert b"BC\xc0\xde" not in file.read_bytes()  # as LLVM's intermediate code begins
    monkeypatch.setattr(linking.binding, "parse_bitcode", lambda code: pytest.fail("intermediate code was read"))
    assert not compiled_anew(triple)


def test_what_a_kernel_raises_and_returns_is_the_same_whether_it_was_compiled_or_found(folder: Path) -> None:
    """Errors, arrays and tuples go through numba's functions in C."""

    def halves(numbers):  # type: ignore[no-untyped-def]
        if numbers.size == 0:
            raise ValueError("nothing to halve")
        return numbers // 2, numbers.size

    for _ in range(2):
        fresh = kernel(halves)
        half, size = fresh(np.arange(10))
        assert (half.tolist(), size) == ([0, 0, 1, 1, 2, 2, 3, 3, 4, 4], 10)
        with pytest.raises(ValueError, match="nothing to halve"):
            fresh(np.arange(0))
    assert fresh.stats.cache_hits  # type: ignore[attr-defined]


PARTS = """
import sys
import numpy as np
from harbor_search.compiled import keep_code_in, kernel, part
keep_code_in(sys.argv[1])

@part
def inner(numbers):
    if numbers.size == 0:
        raise ValueError("nothing to count")
    room = np.zeros(numbers.size, np.int64)
    room[0] = 1
    return room

@part
def outer(numbers):
    return inner(numbers).sum() + numbers[:1].copy().size

@kernel
def counts(numbers):
    return outer(numbers)

print([counts(np.arange(size)) for size in range(1, 2000)][-1])
try:
    counts(np.arange(0))
except ValueError as error:
    print(error, len(counts.stats.cache_misses))
"""


def test_what_parts_of_a_kernel_call_is_kept_with_it(tmp_path: Path) -> None:
    """Numba's runtime, which allocates and frees, and what an error says."""
    assert answer(ask(tmp_path, script=PARTS))[0] == "2\nnothing to count 1"
    assert answer(ask(tmp_path, script=PARTS))[0] == "2\nnothing to count 0"


SHAPES = """
import sys
import numpy as np
from harbor_search.compiled import keep_code_in, kernel
keep_code_in(sys.argv[1])

@kernel
def assign(values, other):
    values[1:3] = other[::2]

try:
    assign(np.zeros(5), np.zeros(6))
except ValueError as error:
    print(error)
"""


def test_an_error_that_tells_of_values_is_the_same_whether_a_kernel_was_compiled_or_found(tmp_path: Path) -> None:
    compiled, found = (answer(ask(tmp_path, script=SHAPES))[0] for _ in range(2))
    assert found == compiled
    assert "(2,)" in found and "(3,)" in found


def test_kept_code_is_loaded_without_a_look_at_what_packages_are_installed(tmp_path: Path) -> None:
    script = ASK + "from numba.core.entrypoints import _already_initialized\nprint(_already_initialized)"
    answer(ask(tmp_path, script=script))
    assert answer(ask(tmp_path, script=script))[0].splitlines() == ["2 3", "False"]


def test_versions_of_numba_that_were_not_tried_keep_and_load_code_in_their_own_way(tmp_path: Path) -> None:
    others = "import harbor_search.compiled.linking as linking\nlinking._TRIED = ()\n" + ASK
    first, told = answer(ask(tmp_path, script=others))
    assert "first time only" in told
    assert answer(ask(tmp_path, script=others)) == (first, "")


@pytest.mark.parametrize(
    "damage",
    [lambda code: b"", lambda code: code[: len(code) // 2], lambda code: code[:-9] + bytes([code[-9] ^ 1]) + code[-8:]],
    ids=["empty", "cut short", "altered"],
)
def test_damaged_code_is_compiled_again_and_replaced(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    compiled_anew(triple)
    (file,) = folder.iterdir()
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)
    assert compiled_anew(triple)
    assert file.read_bytes() != damaged
    assert not compiled_anew(triple)


def test_code_that_an_edit_does_not_touch_is_used_again(tmp_path: Path) -> None:
    program = tmp_path / "program"
    shutil.copytree(ROOT / "harbor_search", program / "harbor_search", ignore=shutil.ignore_patterns("__pycache__"))
    first, told = answer(ask(tmp_path / "code", program))
    assert (first, "first time only" in told) == ("2 3", True)
    changed = program / "harbor_search/store/postings/bitpacking.py"
    changed.write_text(changed.read_text().replace("+ 7) >> 3", "+ 15) >> 3") + "\n# another edition\n")
    before = {file.name for file in (tmp_path / "code").iterdir()}
    again, told = answer(ask(tmp_path / "code", program))
    assert (again, "first time only" in told) == ("3 3", True)
    after = {file.name for file in (tmp_path / "code").iterdir()}
    renewed, outdated = after - before, before - after
    assert [name.rsplit(".", 3)[0] for name in renewed] == ["store.postings.bitpacking.block_bytes"]
    assert [name.rsplit(".", 3)[0] for name in outdated] == ["store.postings.bitpacking.block_bytes"]


def test_processors_of_several_kinds_share_a_folder(tmp_path: Path) -> None:
    ours, _ = answer(ask(tmp_path))
    others, told = answer(ask(tmp_path, NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES=""))
    assert (others, "first time only" in told) == (ours, True)
    for environment in ({}, {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}):
        assert answer(ask(tmp_path, **environment)) == (ours, "")


def test_processes_that_start_at_once_on_an_empty_folder_all_answer_and_leave_it_whole(tmp_path: Path) -> None:
    together = [answer(process)[0] for process in [ask(tmp_path) for _ in range(4)]]
    assert len(set(together)) == 1
    assert answer(ask(tmp_path)) == (together[0], "")
    assert {file.suffix for file in tmp_path.iterdir()} == {".code"}


def test_where_no_folder_can_be_written_kernels_work_and_the_user_is_told_why_it_takes_long(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    output, told = answer(ask(tmp_path / "file" / "code"))
    assert output
    assert "no folder can be written" in told
    assert "kernel_cache" in told


def test_code_that_others_could_have_written_is_not_run(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    answer(ask(theirs))
    theirs.chmod(0o777)
    _, told = answer(ask(theirs))
    assert "no folder can be written" in told


def test_code_beside_the_program_serves_users_who_may_not_write_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = tmp_path / "program"
    shutil.copytree(ROOT / "harbor_search", program / "harbor_search", ignore=shutil.ignore_patterns("__pycache__"))
    first, _ = answer(ask("", program, HOME=str(home), XDG_CACHE_HOME=str(home)))
    beside = program / "harbor_search" / "__pycache__" / "kernels"
    assert not home.exists()
    beside.chmod(0o555)
    assert answer(ask("", program, HOME=str(home), XDG_CACHE_HOME=str(home))) == (first, "")
    shutil.rmtree(beside)
    beside.touch()  # now even root cannot write there
    assert answer(ask("", program, HOME=str(home), XDG_CACHE_HOME=str(home)))[0] == first
    assert list(home.rglob("*.code"))


BESIDE = """
import sys
from harbor_search.compiled import parallel_compiling, compile_beside, keep_code_in
keep_code_in(sys.argv[1])
from harbor_search.store.postings.bitpacking import block_bytes
parallel_compiling.usable_processors = lambda: 2
{before}
compile_beside((block_bytes, "int64, int64"))
started = block_bytes._cache.maker is not None
{after}
print(block_bytes(5, 3), "started" if started else "not started", len(block_bytes.stats.cache_misses), "compiled here")
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", "2 started 0 compiled here"),
        ("", "block_bytes._cache.maker.process.stdin.close()", "2 started 1 compiled here"),
        ("", "block_bytes._cache.maker.process.kill()", "2 started 1 compiled here"),
        (
            "from harbor_search.compiled import compiling_process; compiling_process._PROGRAM = 'import nothing_of_that_name'",
            "",
            "2 started 1 compiled here",
        ),
        ("parallel_compiling.usable_processors = lambda: 1", "", "2 not started 1 compiled here"),
    ],
    ids=["waited for", "parent gone", "killed", "failed", "no processor left"],
)
def test_what_another_process_compiles_is_waited_for_and_else_compiled_here(
    folder: Path, before: str, after: str, expected: str
) -> None:
    said, _ = answer(ask(folder, script=BESIDE.format(before=before, after=after)))
    assert said == expected
    if expected.startswith("2 started 0"):
        again, _ = answer(ask(folder, script=BESIDE.format(before=before, after=after)))
        assert again == "2 not started 0 compiled here"


def test_the_process_that_compiled_is_not_left_behind(folder: Path) -> None:
    script = BESIDE.format(before="", after="maker = block_bytes._cache.maker; maker.process.wait()")
    said, _ = answer(ask(folder, script=script + "print(maker.process.returncode, block_bytes._cache.maker)"))
    assert said.endswith("0 None")


TWO_BESIDE = """
import sys
from harbor_search.compiled import parallel_compiling, compile_beside, keep_code_in
keep_code_in(sys.argv[1])
from harbor_search.store.postings.bitpacking import block_bytes
from harbor_search.ranking.bitmaps import count
parallel_compiling.usable_processors = lambda: {processors}
compile_beside((count, "uint64[::1]"), (block_bytes, "int64, int64"))
print(len({{count._cache.maker.process.pid, block_bytes._cache.maker.process.pid}}), "processes")
{after}
import numpy as np
for kernel, called in ((block_bytes, (5, 3)), (count, (np.array([7], np.uint64),))):
    print(kernel(*called), len(kernel.stats.cache_misses))
"""


@pytest.mark.parametrize(
    ("processors", "after", "expected"),
    [
        (2, "", ["1 processes", "2 0", "3 0"]),
        (3, "", ["2 processes", "2 0", "3 0"]),
        (2, "count._cache.maker.process.kill()", ["1 processes", "2 1", "3 1"]),
    ],
    ids=["one after the other", "at once", "killed"],
)
def test_several_kernels_are_shared_out_to_processes(
    folder: Path, processors: int, after: str, expected: list[str]
) -> None:
    said, _ = answer(ask(folder, script=TWO_BESIDE.format(processors=processors, after=after)))
    assert said.splitlines() == expected


def test_another_process_is_not_asked_for_what_is_loaded(folder: Path) -> None:
    script = BESIDE.format(before="block_bytes(5, 3)\nimport shutil; shutil.rmtree(sys.argv[1])", after="")
    assert answer(ask(folder, script=script))[0] == "2 not started 1 compiled here"


def test_what_only_kernels_can_call_says_so() -> None:
    with pytest.raises(TypeError, match="score_of is a part of kernels"):
        score_of(1 << 32)
