"""Every installed engine answers the same queries on the same small collection in the same way."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.building import build, find_built
from benchmarks.checking import Verdict, check
from benchmarks.documents import Corpus, prepare
from benchmarks.engine import opened
from benchmarks.measuring import hand_over
from benchmarks.process import WorkerError
from benchmarks.queries import parse_query

QUERIES = [
    "iron",
    "iron tea",
    "+iron +tea",
    "+iron +tea +sleep",
    '"iron tea"',
    '"sleep back pain"',
    "+iron -tea",
    "+iron -tea -coffee",
    "+pain back",
    '+"back pain" +iron',
    "+unicorn +iron",
    "to be or not to be",
]
WORDS = ["iron", "tea", "sleep", "back", "pain", "coffee", "milk", "walk", "to", "be", "or", "not", "rest", "water"]

Judge = Callable[[str], Verdict]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("bench")
    chance = random.Random(7)
    lines = [f'{{"id": "d{i}", "text": "{" ".join(chance.choices(WORDS, k=5 + i % 20))}"}}' for i in range(150)]
    source = folder / "docs.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    return prepare(source, None, folder)


@pytest.fixture(scope="module")
def judge(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The verdict on an engine, given once: some compile for many seconds."""
    return cache(lambda name: _verdict(name, corpus, tmp_path_factory.mktemp(name)))


def _verdict(name: str, corpus: Corpus, work_dir: Path) -> Verdict:
    peer = peers.peer(name)
    if name == "lucene":
        pytest.skip("its jars are fetched from the network by `make bench` only")
    if reason := peer.available():
        pytest.skip(reason)
    built = build(peer, corpus, work_dir)
    queries = [parse_query(text) for text in QUERIES]
    with opened({name: peer}, {name: built.folder}, work_dir) as workers:
        hand_over(workers, {name: peer}, queries)
        (verdict,) = check(workers, {name: peer}, queries, corpus, lambda message: None)
    return verdict


@pytest.mark.parametrize("name", peers.NAMES)
def test_an_engine_finds_what_brute_force_finds(name: str, judge: Judge) -> None:
    verdict = judge(name)
    assert verdict.counted_right == verdict.counted, str(verdict)
    assert verdict.counted == (len(QUERIES) if peers.peer(name).counts else 0)
    assert verdict.shared >= 0.6, str(verdict)  # engines that round lengths order near ties in their own way


@pytest.mark.parametrize("name", [peers.OURS, "bm25s"])
def test_an_engine_with_exact_lengths_has_the_very_scores_of_brute_force(name: str, judge: Judge) -> None:
    verdict = judge(name)
    assert verdict.ranked_right == verdict.ranked > 0, str(verdict)


def test_a_built_index_is_found_again_until_the_texts_change(corpus: Corpus, tmp_path: Path) -> None:
    peer = peers.peer("sqlite")
    if reason := peer.available():
        pytest.skip(reason)
    assert find_built(peer, corpus, tmp_path) is None
    built = build(peer, corpus, tmp_path)
    assert find_built(peer, corpus, tmp_path) == built
    assert built.index_bytes > 0
    assert built.peak_bytes > 1_000_000
    assert find_built(peer, Corpus(corpus.path, 1, 1, "other"), tmp_path) is None


def test_a_build_that_fails_keeps_the_index_there_was_and_leaves_nothing(corpus: Corpus, tmp_path: Path) -> None:
    peer = peers.peer("sqlite")
    if reason := peer.available():
        pytest.skip(reason)
    built = build(peer, corpus, tmp_path)
    with pytest.raises(WorkerError, match="missing.tsv"):
        build(peer, Corpus(tmp_path / "missing.tsv", 1, 1, corpus.key), tmp_path)
    assert find_built(peer, corpus, tmp_path) == built
    assert list((tmp_path / "indexes").iterdir()) == [Path(built.folder).parent]


def test_indexes_of_versions_past_are_forgotten_oldest_first(corpus: Corpus, tmp_path: Path) -> None:
    peer = peers.peer("sqlite")
    if reason := peer.available():
        pytest.skip(reason)
    versions = [replace(peer, version=partial(str, number)) for number in range(14)]
    for each in versions:
        build(each, corpus, tmp_path)
    assert [find_built(each, corpus, tmp_path) is not None for each in versions] == [False] * 2 + [True] * 12
