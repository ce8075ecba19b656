"""What reading costs at start-up."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest.reading import page

PROGRAM = """
import sys
from pathlib import Path
from harbor_search.ingest import read_articles
for name in sys.argv[1:]:
    list(read_articles([Path(name)], max_bytes=10_000))
print([name for name in ("trafilatura", "lxml", "markdown_it", "yaml") if name in sys.modules])
"""


def loaded(*files: Path) -> str:
    """The libraries that are loaded once `files` are read."""
    command = [sys.executable, "-c", PROGRAM, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.parametrize(("name", "content", "libraries"), [
    ("a.txt", page("Text."), "[]"),
    ("a.jsonl", '{"title": "T", "text": "x"}', "[]"),
    ("a.md", "# T\n\nText.", "['markdown_it']"),
    ("a.md", "---\ntitle: T\n---\nText.", "['markdown_it', 'yaml']"),
    ("a.html", "<p>Text.</p>", "['trafilatura', 'lxml']"),
])  # fmt: skip
def test_a_library_is_loaded_only_for_the_files_that_need_it(
    tmp_path: Path, name: str, content: str, libraries: str
) -> None:
    (tmp_path / name).write_text(content)
    assert loaded(tmp_path / name) == libraries
