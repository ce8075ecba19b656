"""Files that would take a reader's memory, time or stack end in a clear outcome, and the others are read."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from harbor_search.ingest import Outcome, Read, Refused, Skipped, read_articles
from tests.ingest.reading import MAX_BYTES, outcomes, read_bytes, refusal


def test_a_line_that_unpacks_into_too_much_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    bomb = b'{"title": "Bomb", "text": "' + b"a" * 50_000_000 + b'"}\n{"title": "Iron", "text": "Greens."}\n'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(bomb, 1))
    first, second = outcomes(tmp_path / "a.jsonl.gz")
    assert isinstance(first, Refused) and "longer than" in first.reason
    assert isinstance(second, Read) and second.article.title == "Iron"


def test_a_csv_field_that_is_too_long_ends_the_file_with_the_line_at_fault(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title,text\nIron,Greens.\nBomb," + "a" * (MAX_BYTES + 10) + "\n")
    first, second = outcomes(tmp_path / "a.csv")
    assert isinstance(first, Read)
    assert isinstance(second, Refused) and "field larger than" in second.reason


@pytest.mark.parametrize("name", ["a.html", "a.md", "a.txt"])
def test_a_page_of_fifty_megabytes_is_refused_unread(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as stream:
        stream.write(b"<p>Text.")
        stream.truncate(50_000_000)
    [outcome] = outcomes(tmp_path / name)
    assert isinstance(outcome, Refused) and "larger than" in outcome.reason


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_a_word_of_a_million_characters_is_text(tmp_path: Path, name: str) -> None:
    word = "a" * 900_000
    outcome = read_bytes(
        tmp_path, name, f"<h1>Title</h1><p>{word}</p>" if name.endswith("l") else f"# Title\n\n{word}\n"
    )
    assert isinstance(outcome, Read) and any(word in part.text for part in outcome.article.body)


def test_pages_nested_deeper_than_functions_can_be_have_an_outcome(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.html", "<div>" * 20_000 + "Text of the page." + "</div>" * 20_000)
    assert isinstance(outcome, Read | Refused | Skipped)


def test_folders_that_link_to_each_other_are_each_entered_once_on_each_way(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text(f"# {name}\n\nText.\n")
        (tmp_path / name / other).symlink_to(tmp_path / other)
    found = outcomes(tmp_path)
    assert len([each for each in found if isinstance(each, Read)]) == 2
    assert any("lies in" in each.reason for each in found if isinstance(each, Skipped))


def test_a_great_many_small_files_are_read_as_they_come(tmp_path: Path) -> None:
    for number in range(3_000):
        (tmp_path / f"page-{number}.md").write_text("")
    os.mkfifo(tmp_path / "pipe.md")
    found: list[Outcome] = []
    reading = read_articles([tmp_path], max_bytes=MAX_BYTES)
    found.append(next(reading))
    found.extend(reading)
    assert sum(isinstance(each, Refused) for each in found) == 3_000
    assert [each.reason for each in found if isinstance(each, Skipped)] == ["it is neither a file nor a directory"]


def test_an_empty_page_is_refused_by_name(tmp_path: Path) -> None:
    assert "empty" in refusal(tmp_path, "a.md", b"")
