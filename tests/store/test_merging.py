"""A merged segment is the one that would have been written from the articles that are left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article, Section
from harbor_search.errors import OperationalError
from harbor_search.store import SegmentReader, SegmentWriter
from harbor_search.store.columns import ColumnsFile
from harbor_search.store.inversion import text_writer
from harbor_search.store.merging.segments import merge_segments
from harbor_search.store.postings import merging as merging_lists
from harbor_search.store.postings import term_runs
from harbor_search.store.segment.deletions import write_deletions
from harbor_search.store.segment.word_list import read_words
from harbor_search.store.whoosh import segment_name
from tests.support.shared import medquad

WORDS = st.sampled_from([*"abcdefghijklmnopqrstuvwxyz", "iron", "ironing", "sleep", "Überall", "é", "the", "b12"])
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)
PATHS = st.sampled_from([("Health",), ("Health", "Sleep"), ("Family",), ()])


@st.composite
def articles(draw: st.DrawFn) -> list[Article]:
    ids = draw(st.lists(st.text("abé/-1", min_size=1, max_size=6), min_size=1, max_size=30, unique=True))
    return [
        Article(
            id=each,
            title=draw(TEXTS),
            lead=draw(TEXTS),
            body=tuple(Section(draw(TEXTS), "", draw(TEXTS)) for _ in range(draw(st.integers(0, 2)))),
            section=draw(PATHS),
            published=draw(st.none() | st.integers(0, 99).map(lambda n: date(2024, 1, 1) + timedelta(n))),
            views=draw(st.none() | st.integers(0, 9)),
            tags=tuple(draw(st.lists(WORDS, max_size=2))),
        )
        for each in ids
    ]


def written(folder: Path, own: Sequence[Article], gone: frozenset[str] = frozenset()) -> SegmentReader:
    """A segment of `own`, those in `gone` deleted."""
    writer = SegmentWriter(folder, segment_name(), get_analyzer("english"))
    writer.add(own)
    writer.finish()
    deleted = np.array([article.id in gone for article in own])
    if deleted.any():
        write_deletions(folder, writer.name, deleted)
    return SegmentReader(folder, writer.name, int(deleted.sum()))


def require_same_files(folder: Path, one: str, other: str) -> None:
    """`one` is as `other`; only its words may be more: those of deleted articles stay until a rebuild, unanswered."""
    for kind in ("documents", "spans"):
        assert (folder / f"{one}.{kind}").read_bytes() == (folder / f"{other}.{kind}").read_bytes(), kind
    ours, theirs = (ColumnsFile(folder / f"{each}.postings") for each in (one, other))
    assert list(ours) == list(theirs)
    assert [
        name for name in ours if not name.startswith("words/") and ours[name].tobytes() != theirs[name].tobytes()
    ] == []
    assert words_in(ours) >= words_in(theirs)


def words_in(columns: ColumnsFile) -> set[str]:
    text, ends = read_words(columns)
    return {text[first:end].tobytes().decode() for first, end in pairwise([0, *ends.tolist()])}


def merged_and_written(folder: Path, parts: Sequence[Sequence[Article]], gone: frozenset[str]) -> tuple[str, str]:
    readers = [written(folder, part, gone) for part in parts]
    merged = segment_name()
    left = [article for part in parts for article in part if article.id not in gone]
    assert merge_segments(readers, folder, merged) == len(left)
    return merged, written(folder, left).name


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(own=articles(), data=st.data())
def test_a_merged_segment_is_byte_for_byte_the_one_written_from_the_articles_that_are_left(
    own: list[Article], data: st.DataObject
) -> None:
    gone = frozenset(data.draw(st.lists(st.sampled_from([article.id for article in own]), max_size=len(own) - 1)))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(own) - 1), max_size=4))) if len(own) > 1 else []
    parts = [own[first:behind] for first, behind in zip([0, *cuts], [*cuts, len(own)], strict=True)]
    with TemporaryDirectory() as name:
        require_same_files(Path(name), *merged_and_written(Path(name), parts, gone))


@pytest.mark.parametrize(("terms", "postings"), [(1, 1), (3, 10), (16, 100)])
def test_terms_are_merged_in_chunks_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terms: int, postings: int
) -> None:
    monkeypatch.setattr(term_runs, "CHUNK_TERMS", terms)
    monkeypatch.setattr(merging_lists, "CHUNK_POSTINGS", postings)
    own = [
        Article(f"a{n}", f"title {n % 7}", (Section("", "", f"word{n} word{n * n % 11} and tea and iron {n}"),))
        for n in range(60)
    ]
    gone = frozenset(f"a{n}" for n in range(0, 60, 7))
    require_same_files(tmp_path, *merged_and_written(tmp_path, [own[:35], own[35:36], own[36:]], gone))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(own=articles(), size=st.integers(1, 9))
def test_a_segment_flushed_in_parts_is_byte_for_byte_the_same(own: list[Article], size: int) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_writer, "MIN_POSTINGS_BYTES", 0)
        writer = SegmentWriter(Path(name), segment_name(), get_analyzer("english"), memory_bytes=0)
        for first in range(0, len(own), size):
            writer.add(own[first : first + size])
        writer.finish()
        require_same_files(Path(name), writer.name, written(Path(name), own).name)
        assert not list(Path(name).glob("*.part*"))


def test_segments_of_real_articles_merge_into_the_segment_of_all_of_them(tmp_path: Path) -> None:
    own = medquad(600)
    gone = frozenset(article.id for article in own[100:250:3])
    require_same_files(tmp_path, *merged_and_written(tmp_path, [own[:300], own[300:310], own[310:]], gone))


def test_a_damaged_list_stops_the_merge_with_the_cure(tmp_path: Path) -> None:
    reader = written(tmp_path, [Article(f"a{n}", "iron and tea", (Section("", "", "iron " * n),)) for n in range(1, 9)])
    entry = reader.fields["body"].dictionary.find(b"iron")
    assert entry is not None
    path = tmp_path / f"{reader.name}.postings"
    damaged = bytearray(path.read_bytes())
    at = damaged.find(reader.fields["body"].buffer[entry.at : entry.at + entry.size].tobytes())
    damaged[at] = 200
    del reader
    path.write_bytes(damaged)
    with pytest.raises(OperationalError, match="posting list .* is damaged; roll back or rebuild"):
        merge_segments([SegmentReader(tmp_path, path.stem)], tmp_path, segment_name())
