"""What of a folder is read: ignore files, patterns of a source, patterns in its address."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.errors import UserError
from harbor_search.ingest import Outcome, Read, Skipped, Source, read_articles
from tests.ingest.reading import MAX_BYTES, outcomes


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    for name in ("guide.md", "notes/old.md", "notes/new.md", "build/made.md", "notes/build/inner.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"# {name}\n\nText of {name}.\n")
    return root


def ids(found: list[Outcome]) -> list[str]:
    return [each.article.id for each in found if isinstance(each, Read)]


def read(source: Source) -> list[Outcome]:
    return list(read_articles([source], max_bytes=MAX_BYTES))


def test_an_ignore_file_keeps_files_and_folders_out_and_the_report_names_it(docs: Path) -> None:
    (docs / ".harborignore").write_text("# drafts\nold.md\n/build/\n")
    found = outcomes(docs)
    assert ids(found) == ["guide", "notes/build/inner", "notes/new"]
    skipped = {
        Path(each.source).relative_to(docs).as_posix(): each.reason for each in found if isinstance(each, Skipped)
    }
    assert set(skipped) == {"build", "notes/old.md"}
    assert all(reason == f"excluded by {docs / '.harborignore'}" for reason in skipped.values())


def test_an_inner_ignore_file_wins_over_an_outer_one(docs: Path) -> None:
    (docs / ".harborignore").write_text("*.md\n!guide.md\n")
    (docs / "notes" / ".harborignore").write_text("!new.md\n")
    assert ids(outcomes(docs)) == ["guide", "notes/new"]


def test_a_source_says_what_it_includes_and_excludes(docs: Path) -> None:
    assert ids(read(Source(str(docs), include=("notes/**",), exclude=("build/",)))) == ["notes/new", "notes/old"]


def test_an_address_may_be_a_pattern_below_a_folder(docs: Path) -> None:
    assert ids(read(Source(f"{docs}/notes/*.md"))) == ["new", "old"]
    assert ids(read(Source(f"{docs}/**/inner.md"))) == ["notes/build/inner"]


def test_a_pattern_below_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no file or directory"):
        read(Source(f"{tmp_path}/nowhere/*.md"))


def test_a_file_with_the_signs_of_a_pattern_in_its_name_is_itself(tmp_path: Path) -> None:
    (tmp_path / "what[1].md").write_text("# What\n\nText.\n")
    assert ids(read(Source(f"{tmp_path}/what[1].md"))) == ["what[1]"]
