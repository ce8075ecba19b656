"""Sources: directories and files, in one order every time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.errors import UserError
from harbor_search.ingest import Outcome, Read, Refused, Skipped, count_hint, file_reading, read_articles
from harbor_search.ingest.outcome import Origin
from harbor_search.ingest.readers import Reader
from tests.ingest.reading import MAX_BYTES, outcomes, page


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A directory with articles, other files, hidden ones and folders."""
    root = tmp_path / "site"
    for name in ("b.txt", "a/z.txt", "a/a.txt", "c/d/e.TXT", ".git/x.txt", "a/.hidden.txt", "a.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(page("Text."))
    (root / "logo.png").write_bytes(b"\x89PNG")
    (root / "Makefile").write_text("all:")
    return root


def names(found: list[Outcome], root: Path) -> list[str]:
    """Ids of articles, and of other things what they are and where below `root`."""
    return [
        each.article.id if isinstance(each, Read) else f"{type(each).__name__} {Path(each.source).relative_to(root)}"
        for each in found
    ]


def test_a_directory_is_read_with_all_below_it_in_order_without_hidden_files(site: Path) -> None:
    assert names(outcomes(site), site) == [
        "Skipped Makefile", "a/a", "a/z", "a", "b", "c/d/e", "Skipped logo.png",
    ]  # fmt: skip
    assert outcomes(site) == outcomes(site)


def test_a_file_of_another_kind_is_skipped_and_the_known_kinds_are_named(site: Path) -> None:
    [skipped] = outcomes(site / "logo.png")
    assert isinstance(skipped, Skipped)
    assert ".txt" in skipped.reason and ".jsonl.gz" in skipped.reason


def test_a_single_file_is_called_by_its_name_without_folders(site: Path) -> None:
    [outcome] = outcomes(site / "a" / "z.txt")
    assert isinstance(outcome, Read)
    assert (outcome.article.id, outcome.article.source) == ("z", "z.txt")


def test_the_source_of_an_article_says_nothing_of_the_machine(site: Path) -> None:
    assert [each.article.source for each in outcomes(site) if isinstance(each, Read)][:2] == ["a/a.txt", "a/z.txt"]


def test_a_hidden_file_that_is_named_is_read(site: Path) -> None:
    assert names(outcomes(site / ".git"), site) == ["x"]


def test_a_source_that_is_not_there_is_the_callers_mistake_at_once(tmp_path: Path) -> None:
    for function in (lambda: read_articles([tmp_path, tmp_path / "gone"], max_bytes=1), lambda: count_hint([tmp_path / "gone"])):  # fmt: skip
        with pytest.raises(UserError, match="there is no file or directory .*gone") as error:
            function()
        assert error.value.where == "source"


def test_reading_is_lazy(site: Path) -> None:
    found = read_articles([site], max_bytes=MAX_BYTES)
    next(found), next(found)
    (site / "b.txt").unlink()
    assert "b" not in names(list(found), site)


def test_links_in_a_circle_are_followed_once(site: Path) -> None:
    (site / "a" / "up").symlink_to(site)
    found = names(outcomes(site), site)
    assert "Skipped a/up" in found
    assert found.count("a/a") == 1


def test_one_file_by_two_names_is_one_article(site: Path) -> None:
    (site / "a" / "link.txt").symlink_to(site / "a" / "a.txt")
    assert "Skipped a/link.txt" in names(outcomes(site), site)
    again = outcomes(site / "a", site / "a" / "a.txt")[-1]
    assert again == Skipped(f"{site}/a/a.txt", f"it is the same file as {site}/a/a.txt")


def test_a_link_to_nothing_is_refused_and_reading_goes_on(site: Path) -> None:
    (site / "a" / "b.txt").symlink_to(site / "gone")
    found = names(outcomes(site), site)
    assert "Refused a/b.txt" in found and "c/d/e" in found


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_refused_by_name(site: Path) -> None:
    (site / "b.txt").chmod(0)
    (site / "c").chmod(0)
    try:
        refused = [each for each in outcomes(site) if isinstance(each, Refused)]
    finally:
        (site / "c").chmod(0o700)
    assert [each.reason for each in refused] == ["the file cannot be read: Permission denied"] * 2


def test_a_file_that_fails_while_it_is_read_is_refused_by_name(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Path.open

    def failing(path: Path, mode: str) -> object:
        if path.name == "z.txt":
            raise PermissionError(13, "Permission denied")
        return usual(path, mode)

    monkeypatch.setattr(Path, "open", failing)
    assert Refused(f"{site}/a/z.txt", "the file cannot be read: Permission denied", passing=True) in outcomes(site)


def test_pipes_and_devices_are_skipped_and_not_waited_for(site: Path) -> None:
    os.mkfifo(site / "pipe.txt")
    assert "Skipped pipe.txt" in names(outcomes(site), site)


def test_a_file_beyond_the_limit_is_refused_with_the_cure(site: Path) -> None:
    size = (site / "b.txt").stat().st_size
    [outcome] = outcomes(site / "b.txt", max_bytes=size - 1)
    assert isinstance(outcome, Refused)
    assert outcome.reason == f"the file is larger than {size - 1} bytes; split it or raise max_source_bytes"
    assert isinstance(outcomes(site / "b.txt", max_bytes=size)[0], Read)


@pytest.fixture
def shallow_functions() -> Iterator[int]:
    """Functions may call each other less deeply than usual, and so deeper folders are made sooner; the limit."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    yield 400
    sys.setrecursionlimit(before)


def test_folders_may_nest_deeper_than_functions(tmp_path: Path, shallow_functions: int) -> None:
    depth = shallow_functions + 50
    here = os.getcwd()
    os.chdir(tmp_path)
    for _ in range(depth):
        os.mkdir("deep")
        os.chdir("deep")
    Path("a.txt").write_text(page("Text."))
    os.chdir(here)
    deepest = tmp_path / ("deep/" * depth)
    try:
        [outcome] = outcomes(tmp_path)
    finally:
        # Not left to the temporary directory's own cleaning, which is recursive.
        (deepest / "a.txt").unlink()
        for level in range(depth, 0, -1):
            os.rmdir(tmp_path / ("deep/" * level))
    assert isinstance(outcome, Refused) and "its id is" in outcome.reason


def test_names_in_any_bytes_are_read(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.txt"
    try:
        with open(path, "w") as stream:
            stream.write(page("Text."))
    except OSError:
        pytest.skip("the file system takes only valid names")
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Read)
    assert outcome.article.id == r"caf\xe9\n"


def test_an_id_that_comes_again_is_refused_and_names_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page("Text."))
    (tmp_path / "b.jsonl").write_text('{"id": "a", "title": "T", "text": "x"}\n{"id": "b", "title": "T", "text": "x"}')
    (tmp_path / "c.md").write_text("---\nid: b\n---\n# C\n\nText.")
    first, second, third, fourth = outcomes(tmp_path)
    assert isinstance(first, Read) and isinstance(third, Read)
    assert second == Refused(f"{tmp_path}/b.jsonl:1", f"its id 'a' is taken by {tmp_path}/a.txt")
    assert fourth == Refused(f"{tmp_path}/c.md", f"its id 'b' is taken by {tmp_path}/b.jsonl:2")


def test_an_id_too_long_for_an_address_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "%s", "title": "T", "text": "x"}' % ("i" * 1025))
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Refused) and "its id is 1025 characters long" in outcome.reason


def test_the_count_is_that_of_files_with_articles_and_of_lines(site: Path, tmp_path: Path) -> None:
    assert count_hint([site]) == 5
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"a": 1}\n{"b": 2}\n{"c": 3}')
    assert count_hint([lines]) == 3
    assert count_hint([site, lines]) == 8
    assert count_hint([]) == 0


def test_what_would_take_long_to_count_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harbor_search.ingest.jsonlines.MAX_COUNTED", 1000)
    (tmp_path / "lines.jsonl").write_text('{"a": 1}\n' * 1000)
    assert count_hint([tmp_path]) is None


def test_a_fault_that_nobody_foresaw_costs_the_file_alone(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = file_reading.reader_for

    def failing(suffix: str) -> Reader:
        def read(data: bytes, origin: Origin) -> Read:
            if origin.name == "a/z.txt":
                raise IndexError("list index out of range")
            return reader(suffix)(data, origin)

        return read

    monkeypatch.setattr(file_reading, "reader_for", failing)
    found = list(read_articles([site], max_bytes=MAX_BYTES))
    [refused] = [each for each in found if isinstance(each, Refused)]
    assert refused.source.endswith("a/z.txt") and "IndexError" in refused.reason and "please report" in refused.reason
    assert sum(isinstance(each, Read) for each in found) > 1
