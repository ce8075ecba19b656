"""Nothing is compiled that no reader, publisher or program can reach through the interfaces."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from harbor_search.article import Article, article_to_dict
from tests.support.articles import collection, plain

ROOT = Path(__file__).parents[2]

KERNEL_DECORATORS = {"kernel", "part", "inlined", "intrinsic"}


def write(path: Path, articles: Iterable[Article]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(article_to_dict(each)) for each in articles), encoding="utf-8")


def many() -> list[Article]:
    """Enough articles for words of all frequencies and scripts, in more text than fits into a little memory, and two
    that are the same."""
    chosen = random.Random(7)
    words = ["iron", "tea", "sleep", "night", "low", "dark"]
    rare = [f"word{number}" for number in range(40_000)]
    texts = (
        " ".join([*chosen.choices(words, k=40), *chosen.choices(rare, k=20), "\u043c\u0438\u0440"]) for _ in range(3000)
    )
    twins = [plain(f"twin/{number}", "Twin", " ".join(rare[:200])) for number in range(2)]
    nights = (plain(f"many/{number:05}", f"Night {number}", text) for number, text in enumerate(texts))
    return [*collection(), *twins, *nights]


def test_readers_publishers_and_programs_reach_every_kernel(tmp_path: Path) -> None:
    """Ten editions make segments, deletions and a merge."""
    articles = many()
    for number in range(10):
        edition = tmp_path / "editions" / str(number)
        write(edition / "articles.jsonl", articles[: len(articles) - 3 * number])
        for new in range(number):
            write(edition / f"{new}.jsonl", [plain(f"new/{new}", "New", f"Iron and tea at night {new}.")])
    command = [sys.executable, "-m", "tests.compiled.interfaces_worker", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert (report["codes"], report["statuses"]) == ([0], [200])
    assert report["unreached"] == []


def test_only_kernels_go_without_types() -> None:
    untyped = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in (ROOT / "harbor_search").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.returns is None and not _is_kernel(node)
    ]
    assert untyped == []


def _is_kernel(node: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id in KERNEL_DECORATORS for each in node.decorator_list)
