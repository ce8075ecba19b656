"""Plain Whoosh, opening a published generation, finds the articles that the engine finds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import index, query
from whoosh.writing import IndexingError

from harbor_search.analysis import fold, get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import Criteria
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.query import FIELDS, Boolean, Everything, Node, Nothing, Phrase, Prefix, Term
from harbor_search.store import Generations
from tests.engines.test_scoring import FIELD, WORDS, collections

_LEAVES = st.one_of(
    st.builds(Term, WORDS, FIELD),
    st.builds(Phrase, st.lists(WORDS, min_size=1, max_size=3).map(" ".join), FIELD, st.just(0)),
    st.builds(Prefix, st.sampled_from(["sl", "ir", "te", "t", "zz"]), FIELD),
    st.just(Everything()),
)


def _groups(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(parts, min_size=1, max_size=3).map(tuple)
    barred = st.lists(parts, max_size=2).map(tuple)
    return st.one_of(
        st.builds(lambda should, must_not: Boolean((), should, must_not, 1), some, barred),
        st.builds(lambda must, should, must_not: Boolean(must, should, must_not, 0), some, some, barred),
    )


_NODES = st.recursive(_LEAVES, _groups, max_leaves=6)


def _whoosh(node: Node) -> query.Query:
    """The Whoosh query that asks for the same articles."""
    match node:
        case Term(text, field) | Phrase(text, field):
            words = [token.text for token in get_analyzer("english").analyze(text)]
            return _in_any(query.Phrase(name, words) for name in _fields(field))
        case Prefix(text, field):
            return _in_any(query.Prefix(name, fold(text)) for name in _fields(field))
        case Boolean():
            wanted = [_whoosh(each) for each in node.must] or [_in_any(map(_whoosh, node.should))]
            return query.And([*wanted, *(query.Not(_whoosh(each)) for each in node.must_not)])
        case Nothing():
            return query.NullQuery
        case _:
            return query.Every()


def _fields(field: str | None) -> tuple[str, ...]:
    return (field,) if field else FIELDS


def _in_any(queries: object) -> query.Query:
    return query.Or(list(queries))  # type: ignore[call-overload]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(collections(), collections(), st.lists(_NODES, min_size=1, max_size=12))
def test_whoosh_finds_in_a_generation_what_the_engine_finds(
    before: list[Article], after: list[Article], nodes: Sequence[Node]
) -> None:
    with TemporaryDirectory() as folder:
        chosen = Settings(index=Path(folder) / "index", analyzer="english")
        engine = EmbeddedEngine(chosen)
        engine.rebuild(before, lambda *_: None)
        engine.update(after, lambda: None, lambda *_: None)
        with Generations(chosen.index, keep=2).pin_live() as pin, index.open_dir(pin.path).searcher() as searcher:
            for node in nodes:
                answer = engine.search(node, Criteria(limit=1000, facets=False))
                found = [searcher.stored_fields(number)["id"] for number in searcher.docs_for_query(_whoosh(node))]
                assert sorted(found) == sorted(hit.id for hit in answer.hits), node
        engine.close()


def test_a_refused_writer_leaves_the_generation_sound(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path / "index"))
    engine.rebuild([Article("a", "Tea")], lambda *_: None)
    with (
        Generations(tmp_path / "index", keep=2).pin_live() as pin,
        pytest.raises(IndexingError, match="harbor-search update"),
    ):
        index.open_dir(pin.path).writer()
    assert engine.verify() == ()
    engine.close()
