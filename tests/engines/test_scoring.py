"""The engine's answers are those of the scoring definition, on generated collections and on a real one."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.query import FIELDS, Boolean, Everything, Fuzzy, Limits, Node, Phrase, Prefix, Term, parse
from tests.engines.reference import Reference, in_order

SHARED = Path(os.environ.get("HARBOR_SHARED", Path(__file__).parents[3] / "shared"))

# Few words, so that they meet; some share beginnings and some are one edit apart.
WORDS = st.sampled_from(
    ["sleep", "steep", "sleeping", "iron", "irons", "tea", "teas", "pain", "back", "night", "a", "the"]
)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join)
FIELD = st.sampled_from([None, None, *FIELDS])
PATHS = st.sampled_from([("Health",), ("Health", "Sleep"), ("Health", "Food"), ("Family",), ()])
DAYS = st.one_of(st.none(), st.integers(0, 1000).map(lambda n: date(2023, 1, 1) + timedelta(days=n)))


@st.composite
def collections(draw: st.DrawFn) -> list[Article]:
    ids = draw(st.lists(st.text("abcé/-1", min_size=1, max_size=5), min_size=1, max_size=40, unique=True))
    return [
        Article(
            id=each,
            title=draw(TEXTS),
            lead=draw(TEXTS),
            body=tuple(
                Section(h, f"s{i}", t) for i, (h, t) in enumerate(draw(st.lists(st.tuples(TEXTS, TEXTS), max_size=3)))
            ),
            section=draw(PATHS),
            published=draw(DAYS),
            views=draw(st.one_of(st.none(), st.integers(0, 5))),
        )
        for each in ids
    ]


LEAVES = st.one_of(
    st.builds(Term, WORDS, FIELD),
    st.builds(Term, WORDS, FIELD),
    st.builds(Phrase, st.lists(WORDS, min_size=1, max_size=3).map(" ".join), FIELD, st.integers(0, 6)),
    st.builds(Prefix, st.sampled_from(["sl", "ir", "te", "t", "zz"]), FIELD),
    st.builds(Fuzzy, st.sampled_from(["slep", "irno", "tae", "xyz"]), st.integers(1, 2), FIELD),
)


def groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(children, max_size=3).map(tuple)

    def build(must: tuple[Node, ...], should: tuple[Node, ...], must_not: tuple[Node, ...], minimum: int) -> Node:
        if not must and not should:
            return Boolean(must=(Everything(),), must_not=must_not)
        return Boolean(must, should, must_not, min(minimum, len(should)))

    return st.builds(build, some, some, st.lists(children, max_size=1).map(tuple), st.integers(0, 2))


NODES = st.recursive(LEAVES, groups, max_leaves=6)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    articles=collections(),
    nodes=st.lists(NODES, min_size=1, max_size=12),
    analyzer=st.sampled_from(["english", "simple"]),
)
def test_any_query_gives_the_articles_order_and_scores_of_the_definition(
    articles: list[Article], nodes: list[Node], analyzer: str
) -> None:
    reference = Reference(articles, analyzer)
    with TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Settings(index=Path(folder) / "index", analyzer=analyzer))
        engine.rebuild(articles, lambda *_: None)
        for node in nodes:
            expected = list(in_order(reference.scores(node)))
            for limit in (1, 10, 100):
                assert_same(engine, node, expected, limit)
        engine.close()


def test_titles_that_are_to_count_nothing_keep_no_index_from_being_built(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path, title_weight=0.0))
    engine.rebuild([Article("tea", "Tea", (Section("", "", "Hot water."),))], lambda *_: None)
    assert engine.search(Term("water"), Criteria()).total == 1
    engine.close()


@pytest.mark.parametrize("minimum", [0, 1, 2])
def test_what_a_group_matches_but_does_not_score_makes_no_difference(tmp_path: Path, minimum: int) -> None:
    """Articles about tea are worth the same whether or not they lack milk, and those that only lack milk nothing."""
    texts = {"a": "tea milk", "b": "tea iron", "c": "tea milk", "d": "iron milk", "e": "iron night"}
    articles = [Article(id=key, title="", body=(Section("", "", text),)) for key, text in texts.items()]
    engine = EmbeddedEngine(Settings(index=tmp_path / "index", analyzer="simple"))
    engine.rebuild(articles, lambda *_: None)
    reference = Reference(articles, "simple")
    lacking = Boolean((), (Everything(),), (Term("milk"),), 1)
    partly = Boolean((), (Term("night"), lacking), (), 1)
    for group in (lacking, partly):
        for must in ((), (Term("tea"),), (group,)):
            for should in ((Term("tea"), group), (group, group, Term("iron")), (group,)):
                node = Boolean(must, should, (), min(minimum, len(should)))
                assert_same(engine, node, list(in_order(reference.scores(node))), 10)
    engine.close()


def assert_same(engine: EmbeddedEngine, node: Node, expected: list[tuple[str, float]], limit: int) -> None:
    """Top `limit` as the definition has it, whether all matches are counted or not."""
    for exact in (True, False):
        answer = engine.search(node, Criteria(limit=limit, facets=False, total="exact" if exact else "bounded"))
        assert [hit.score for hit in answer.hits] == pytest.approx([score for _, score in expected[:limit]], abs=1e-4)
        assert_order([(hit.id, hit.score) for hit in answer.hits], dict(expected))
        if exact:
            assert (answer.total, answer.total_relation) == (len(expected), "eq")
        else:
            assert answer.total <= len(expected)


def assert_order(found: list[tuple[str, float]], scores: dict[str, float]) -> None:
    """Each article is no worse than the next by the definition, and of equals the one with the lower id comes first."""
    assert len({key for key, _ in found}) == len(found)
    for (one, _), (other, _) in zip(found, found[1:], strict=False):
        assert scores[one] > scores[other] - 1e-5
        if abs(scores[one] - scores[other]) < 1e-9:
            assert one.encode() < other.encode()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    articles=collections(),
    node=NODES,
    section=PATHS,
    first=DAYS,
    last=DAYS,
    sort=st.sampled_from(["relevance", "date", "views"]),
    offset=st.integers(0, 5),
)
def test_filters_orders_pages_and_facets_are_those_of_the_matching_articles(
    articles: list[Article],
    node: Node,
    section: tuple[str, ...],
    first: date | None,
    last: date | None,
    sort: str,
    offset: int,
) -> None:
    scores = Reference(articles, "english").scores(node)
    matching = [each for each in articles if each.id in scores]
    placed = [each for each in matching if each.section[: len(section)] == section]
    dated = [each for each in matching if _within(each, first, last)]
    both = [each for each in placed if each in dated]
    orders = {
        "relevance": lambda each: -round(scores[each.id], 9),
        "date": lambda each: -(each.published.toordinal() if each.published else -1),
        "views": lambda each: -(each.views if each.views is not None else -1),
    }
    both.sort(key=lambda each: (orders[sort](each), each.id.encode()))
    with TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Settings(index=Path(folder) / "index"))
        engine.rebuild(articles, lambda *_: None)
        criteria = Criteria(offset, 10, sort, section, date_from=first, date_to=last)  # type: ignore[arg-type]
        answer = engine.search(node, criteria)
        engine.close()
    assert answer.total == len(both)
    if sort == "relevance":
        assert_order([(hit.id, hit.score) for hit in answer.hits], scores)
        expected = [scores[each.id] for each in both[offset : offset + 10]]
        assert [hit.score for hit in answer.hits] == pytest.approx(expected, abs=1e-4)
    else:
        assert [hit.id for hit in answer.hits] == [each.id for each in both[offset : offset + 10]]
    levels = [" > ".join(each.section[:n]) for each in dated for n in range(1, len(each.section) + 1)]
    assert {v.value: v.count for v in answer.facets["section"]} == {each: levels.count(each) for each in set(levels)}
    years = [str(each.published.year) for each in placed if each.published]
    assert {v.value: v.count for v in answer.facets["year"]} == {each: years.count(each) for each in set(years)}


def _within(article: Article, first: date | None, last: date | None) -> bool:
    if first is None and last is None:
        return True
    day = article.published
    return day is not None and (first is None or day >= first) and (last is None or day <= last)


@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the shared data (HARBOR_SHARED) are not here")
def test_real_queries_on_real_text_give_the_top_hundred_of_the_definition(tmp_path: Path) -> None:
    with gzip.open(SHARED / "data/enwiki-100k.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line, _ in zip(stream, range(400), strict=False)]
    articles = [Article(str(row["id"]), row["title"], (Section("", "", row["text"]),)) for row in rows]
    lines = (SHARED / "data/bench-queries.jsonl").read_text(encoding="utf-8").splitlines()
    engine = EmbeddedEngine(Settings(index=tmp_path / "index", analyzer="simple"))
    engine.rebuild(articles, lambda *_: None)
    reference = Reference(articles, "simple")
    for line in lines[::12]:
        node = parse(json.loads(line)["query"], limits=Limits(64, 8, 2), strict=False).node
        assert_same(engine, node, list(in_order(reference.scores(node))), 100)
    engine.close()
