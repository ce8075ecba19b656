"""What decoded postings may take where no setting says it: a share of what the machine or its container has."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded.cache_size import cache_bytes, usable_memory

GROUP, COUNTING = "sys/fs/cgroup", "proc/sys/vm/overcommit_memory"
COMMITTED = {"proc/meminfo": "MemTotal: 9 kB\nCommitLimit:     100 kB\nCommitted_AS:    41 kB\nHugePages: 0\n"}

GROUPS = [
    pytest.param("0::/\n", {f"{GROUP}/memory.max": "64000000\n"}, 64_000_000, id="container"),
    pytest.param("0::/docker/abc\n", {f"{GROUP}/memory.max": "64000000\n"}, 64_000_000, id="named as it is outside"),
    pytest.param(
        "0::/web/site\n",
        {f"{GROUP}/web/site/memory.max": "max\n", f"{GROUP}/web/memory.max": "32000000\n"},
        32_000_000,
        id="outer group",
    ),
    pytest.param(
        "5:cpu,cpuacct:/a\n4:memory:/a\n0::/\n",
        {
            f"{GROUP}/memory/a/memory.limit_in_bytes": "48000000\n",
            f"{GROUP}/memory/memory.limit_in_bytes": "9223372036854771712\n",
        },
        48_000_000,
        id="version 1",
    ),
    pytest.param("0::/\n", {COUNTING: "1\n", **COMMITTED}, None, id="promises are free"),
    pytest.param("0::/\n", {COUNTING: "2\n", **COMMITTED}, 60_416, id="promises count"),
    pytest.param("nonsense\n", {f"{GROUP}/memory.max": "1"}, None, id="nonsense"),
    pytest.param("0::/\n", {f"{GROUP}/memory.max": "max\n"}, None, id="no limit"),
]


@pytest.mark.parametrize(("groups", "files", "expected"), GROUPS)
def test_a_container_has_what_its_control_group_allows(
    tmp_path: Path, groups: str, files: dict[str, str], expected: int | None
) -> None:
    for name, content in {"proc/self/cgroup": groups, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    machine = usable_memory(tmp_path / "nothing")
    assert usable_memory(tmp_path) == (expected or machine)
    assert machine > 256_000_000


def test_all_workers_together_take_a_quarter_and_what_is_set_goes_for_each() -> None:
    of_one, of_two = cache_bytes(Settings(workers=1)), cache_bytes(Settings(workers=2))
    assert of_one == usable_memory() // 4
    assert of_two == of_one // 2
    assert cache_bytes(Settings(workers=1000)) == 128_000_000
    assert cache_bytes(Settings(workers=2, cache_mb=300)) == 300_000_000
