"""The table of contents: how plain Whoosh comes to our segments, and that it cannot change them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import index, query
from whoosh.filedb.filestore import FileStorage, copy_to_ram
from whoosh.writing import AsyncWriter, IndexingError

from harbor_search.analysis import get_analyzer
from harbor_search.errors import OperationalError, UserError
from harbor_search.store.segment.writer import SegmentWriter
from harbor_search.store.whoosh import segment_name, write_toc
from harbor_search.store.whoosh.codec import HarborCodec
from tests.store.whoosh_pairs import found_by, write_index
from tests.support.articles import COLLECTION, IRON, TEA, UNDATED

_ELSEWHERE = """
import json, sys
from whoosh import index, query
with index.open_dir(sys.argv[1]).searcher() as searcher:
    print(json.dumps([hit["title"] for hit in searcher.search(query.Term("body", "iron"))]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_index(tmp_path, [[IRON, TEA], [UNDATED]], frozenset(), "english")
    return tmp_path


def _segment(folder: Path, *articles: Any) -> str:
    writer = SegmentWriter(folder, segment_name(), get_analyzer("english"))
    writer.add(articles)
    writer.finish()
    return writer.name


def test_a_process_that_imports_only_whoosh_opens_the_index(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, str(folder)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["Signs of Low Iron"]


def test_names_of_segments_differ_and_are_such_as_whoosh_recognises() -> None:
    names = {segment_name() for _ in range(100)}
    assert len(names) == 100
    assert all(re.fullmatch("MAIN_[0-9a-z]{16}", name) for name in names)
    pattern = index.TOC._segment_pattern("MAIN")
    assert all(pattern.match(f"{name}.postings")[1] == name for name in names)


def test_a_name_that_whoosh_would_not_recognise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="segment_name"):
        write_toc(tmp_path, "english", [("first", 1, None)])
    assert not list(tmp_path.iterdir())


def test_a_new_table_of_contents_replaces_the_old(folder: Path) -> None:
    name = _segment(folder, *COLLECTION[:5])
    write_toc(folder, "english", [(name, 5, None)])
    assert len(list(folder.glob("_MAIN_*"))) == 1
    with index.open_dir(folder).searcher() as searcher:
        assert searcher.doc_count_all() == 5


def test_a_reader_that_was_open_keeps_what_it_saw(folder: Path) -> None:
    with index.open_dir(folder).searcher() as searcher:
        write_toc(folder, "english", [(_segment(folder, *COLLECTION[:5]), 5, None)])
        assert found_by(searcher, query.Every()) == ["family/toddlers", "food/iron", "food/tea"]


def test_deletions_may_be_given_in_any_integer_type_and_order(tmp_path: Path) -> None:
    name = _segment(tmp_path, *COLLECTION[:20])
    for deleted in (np.array([19, 3, 0], np.int64), np.array([0, 3, 19], np.uint32)):
        write_toc(tmp_path, "english", [(name, 20, deleted)])
        with index.open_dir(tmp_path).searcher() as searcher:
            assert (searcher.doc_count(), searcher.doc_count_all()) == (17, 20)
            left = [article.id for number, article in enumerate(COLLECTION[:20]) if number not in (0, 3, 19)]
            assert found_by(searcher, query.Every()) == sorted(left)


@pytest.mark.parametrize(
    "change",
    [
        lambda opened: opened.writer(),
        lambda opened: opened.writer(procs=2),
        lambda opened: opened.writer(codec=HarborCodec()),
        lambda opened: opened.optimize(),
        lambda opened: opened.delete_by_term("id", "food/tea"),
        lambda opened: opened.remove_field("title"),
        AsyncWriter,
    ],
    ids=["writer", "several processes", "our codec", "optimize", "delete", "remove field", "later"],
)
def test_whooshs_writers_are_refused_with_the_way_to_change_the_index(
    folder: Path, change: Callable[[index.FileIndex], object]
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(IndexingError, match="harbor-search update"):
        change(index.open_dir(folder))
    after = {path: path.read_bytes() for path in folder.iterdir()}
    assert after == before


def test_our_codec_writes_for_no_index(tmp_path: Path) -> None:
    opened = index.create_in(tmp_path, index.open_dir(_elsewhere(tmp_path)).schema)
    with pytest.raises(IndexingError, match="harbor-search rebuild"):
        opened.writer(codec=HarborCodec())


def _elsewhere(tmp_path: Path) -> Path:
    other = tmp_path / "other"
    other.mkdir()
    write_index(other, [[TEA]], frozenset(), "simple")
    return other


@pytest.mark.parametrize("damage", ["missing", "cut short", "empty"])
@pytest.mark.parametrize("suffix", [".postings", ".documents", ".spans"])
def test_a_damaged_segment_is_named_when_the_index_is_read(folder: Path, suffix: str, damage: str) -> None:
    path = next(folder.glob(f"*{suffix}"))
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "cut short" else b"")
    with pytest.raises(OperationalError, match=f"{path.name}.*rebuild"):
        index.open_dir(folder).reader()


def test_a_segment_of_another_size_than_the_table_of_contents_says_is_refused(tmp_path: Path) -> None:
    write_toc(tmp_path, "english", [(_segment(tmp_path, IRON, TEA), 3, None)])
    with pytest.raises(OperationalError, match="2 articles where the table of contents says 3"):
        index.open_dir(tmp_path).reader()


def test_an_index_copied_into_memory_is_refused_with_the_way_to_open_it(folder: Path) -> None:
    in_memory = copy_to_ram(FileStorage(str(folder)))
    with pytest.raises(UserError, match="open_dir"):
        in_memory.open_index().reader()
