"""A file that would not fit into memory while it is read is refused before anything is parsed."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.ingest import Read, Refused, file_reading, html_tree, read_articles
from harbor_search.ingest.memory_need import bytes_to_read
from tests.ingest.reading import MAX_BYTES

TEXT = "Words of an article that goes on for a while. " * 40


def outcome(page: Path, allowance: int) -> Read | Refused:
    [found] = read_articles([page], max_bytes=MAX_BYTES, allowance=allowance)
    assert isinstance(found, Read | Refused)
    return found


def test_a_file_that_takes_too_much_memory_is_refused_with_what_to_set(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(f"<main><p>{TEXT * 100}</p></main>")
    refused = outcome(page, allowance=1_000_000)
    assert isinstance(refused, Refused)
    assert "would take about 5 MB" in refused.reason and "raise it by 5" in refused.reason
    assert isinstance(outcome(page, allowance=10_000_000), Read)
    assert isinstance(outcome(page, allowance=0), Read)


def test_what_a_page_takes_is_told_by_its_tags_too(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("<main>" + "<p>ab cd</p>" * 5_000 + "</main>")
    assert page.stat().st_size < 100_000
    assert isinstance(outcome(page, allowance=4_000_000), Refused)


def test_what_markdown_takes_is_told_by_its_lines_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("- ab\n" * 5_000)
    assert isinstance(outcome(tmp_path / "a.md", allowance=4_000_000), Refused)
    assert isinstance(outcome(tmp_path / "a.md", allowance=40_000_000), Read)


@pytest.mark.parametrize("mark", ["~~a~~ ", "\\a ", "<b>x</b> ", "&amp; "])
def test_what_markdown_takes_is_told_by_its_marks_too(mark: str) -> None:
    """As measured: each takes 600 bytes or more."""
    assert bytes_to_read((mark * 10_000).encode(), ".md") > 6_000_000


def test_large_files_are_read_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(80):
        (tmp_path / f"{number:02}.html").write_text(f"<main><p>{TEXT}</p></main>")
    (tmp_path / "99.html").write_text(f"<main><p>{TEXT * 20}</p></main>")
    monkeypatch.setattr(file_reading, "LARGE", 10_000)
    # What another process reads does not know of the change here.
    monkeypatch.setattr(file_reading, "bytes_to_read", lambda data, _: 10**9 if len(data) > 10_000 else 0)
    found = list(read_articles([tmp_path], max_bytes=MAX_BYTES, processes=2, allowance=10**8))
    assert [type(each) for each in found] == [Read] * 80 + [Refused]


@pytest.mark.parametrize(
    ("suffix", "part", "copies"),
    [
        (".html", "<p>" + "word " * 80 + "<a href=/x>link</a>.</p>\n", 12_000),
        (".html", "<p>" + "word " * 400 + "</p>\n", 2_500),
        (".md", "word " * 12 + "\n", 75_000),
    ],
)
def test_a_book_is_read_with_what_the_default_of_memory_mb_leaves(suffix: str, part: str, copies: int) -> None:
    data = (part * copies).encode()
    assert len(data) > 4_500_000
    assert bytes_to_read(data, suffix) < 88_000_000


def test_of_a_large_page_libraries_are_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They copy it several times; its whole text is taken, and the day in its markup."""
    monkeypatch.setattr(html_tree, "MAX_TEXT", 1_000)
    page = tmp_path / "a.html"
    page.write_text(
        f"<title>T</title><div><time pubdate datetime='2024-05-06'>May</time><p>{TEXT}</p><p>End.</p></div>"
    )
    found = outcome(page, allowance=0)
    assert isinstance(found, Read)
    assert str(found.article.published) == "2024-05-06"
    assert "End." in found.article.body[0].text
