"""Every engine makes the same page of results of the same small collection with fields."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks import peers
from benchmarks.documents import read_flat
from benchmarks.fielded.comparison import FIELDED
from benchmarks.fielded.documents import prepare_fielded
from benchmarks.queries import parse_query

TOPICS = ["iron", "tea", "sleep", "pain", "milk"]


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    documents = [
        {
            "id": f"d{i}",
            "title": f"About {TOPICS[i % 5]}",
            "text": f"Some words on {TOPICS[i % 3]} and more on {TOPICS[i % 4]}. Number {i}.",
        }
        for i in range(60)
    ]
    source = folder / "docs.jsonl"
    source.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    return prepare_fielded(source, None, folder).path


def _engine(name: str) -> Any:
    if name == "lucene":
        pytest.skip("its jars are fetched from the network by `make bench` only")
    peer = peers.peer(name)
    if reason := peer.available():
        pytest.skip(reason)
    try:
        return peers.engine_module_of(f"{name}:fielded").engine()
    except ImportError as error:
        pytest.skip(f"{name} is installed for another interpreter only: {error}")


@pytest.mark.parametrize("name", FIELDED)
@pytest.mark.parametrize("text", ["tea", "iron milk", "+iron +tea", '"words on sleep"', "+tea -iron"])
def test_a_page_has_the_right_total_facets_and_snippets(name: str, text: str, flat: Path, tmp_path: Path) -> None:
    engine = _engine(name)
    engine.index(read_flat(flat), str(tmp_path), 1, 64)
    engine.open(str(tmp_path))
    query = parse_query(text)
    page = engine.top(engine.parse(peers.peer(name).translate(query)), 10)

    def has(clause: tuple[str, ...], row: tuple[str, ...]) -> bool:
        return any(f" {' '.join(clause)} " in f" {row[i].lower().replace('.', ' ')} " for i in (1, 4))

    expected = [
        row
        for row in read_flat(flat)
        if all(has(c.words, row) for c in query.must)
        and not any(has(c.words, row) for c in query.must_not)
        and (query.must or any(has(c.words, row) for c in query.should))
    ]
    assert expected
    assert page.total == len(expected)
    assert page.sections == Counter(row[2] for row in expected)
    assert page.years == Counter(row[3] for row in expected)
    assert len(page.hits) == min(10, len(expected))
    assert {hit.id for hit in page.hits} <= {row[0] for row in expected}
    assert all(hit.title.startswith("About") for hit in page.hits)
    assert any("words" in hit.snippet for hit in page.hits)
