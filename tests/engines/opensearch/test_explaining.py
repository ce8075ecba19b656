"""What explains a score on a cluster is what explains it in the embedded engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.searching import explain, parse_request, search
from tests.engines.test_explaining import ARTICLES, QUERIES

MORE = ("tea OR (section:drinks iron)", "(tag:offal iron) OR (date:2024 tea)", "tea -(tag:offal)", "cup tea")

Engines = dict[str, tuple[SearchEngine, Settings]]


@pytest.fixture
def engines(opensearch_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Engines]:
    """Both engines with the same articles, of which the best have no say: that goes by other terms on a cluster."""
    collection = [*ARTICLES, Article("cup", "Cup", (), section=("Drinks",), lead="Iron.", published=date(2024, 5, 1))]
    more = {"feedback_weight": 0.0}
    both = opensearch_settings(**more), Settings(index=tmp_path / "embedded", **more)  # type: ignore[arg-type]
    with closing(open_engine(both[0])) as cluster, closing(open_engine(both[1])) as embedded:
        for engine in (cluster, embedded):
            engine.rebuild(collection, lambda *_: None)
        yield {"cluster": (cluster, both[0]), "embedded": (embedded, both[1])}


def nearly(value: Any) -> Any:
    """A value in which numbers may differ a little: the cluster has frequencies in thousandths."""
    if isinstance(value, float):
        return pytest.approx(value, rel=3e-3, abs=3e-4)
    if isinstance(value, dict):
        return {name: nearly(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [nearly(each) for each in value]
    return value


def listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: listed(each) for name, each in value.items()}
    return [listed(each) for each in value] if isinstance(value, list | tuple) else value


def by_text(explanation: dict[str, Any]) -> dict[str, Any]:
    """An explanation whose parts are in an order that nearly equal scores do not change."""
    for part in explanation["parts"]:
        part["fields"] = sorted(part["fields"], key=lambda each: str(each["field"]))
    explanation["parts"] = sorted(explanation["parts"], key=lambda part: (part["kind"], part["text"]))
    return explanation


def test_each_part_and_proposal_is_that_of_the_embedded_engine(engines: Engines) -> None:
    for q in (*QUERIES, *MORE):
        if "~4" in q:
            continue  # a cluster counts words that stand apart the less the farther they do
        found: dict[str, list[Any]] = {}
        for name, (engine, settings) in engines.items():
            request = parse_request({"q": q, "explain": "1"}, settings)
            hits = search(engine, request, settings).hits
            pages = [by_text(asdict(hit.explanation)) for hit in hits if hit.explanation]
            each = (explain(engine, request, article.id, settings) for article in ARTICLES)
            alone = [by_text(asdict(one.explanation)) for one in each if one]
            found[name] = [[(hit.id, hit.words) for hit in hits], pages, alone]
        assert listed(found["cluster"]) == nearly(found["embedded"]), q


def test_an_article_far_behind_has_its_place_its_parts_and_what_would_rank_it_higher(
    opensearch_settings: Callable[..., Settings],
) -> None:
    settings = opensearch_settings(near_duplicates=0.0)
    texts = ("Iron. " * (1 + (number < 70)) for number in range(90))
    articles = [Article(f"a{n:03d}", f"Tea {n}", (Section("", "", text),)) for n, text in enumerate(texts)]
    with closing(open_engine(settings)) as engine:
        engine.rebuild(articles, lambda *_: None)
        found = explain(engine, parse_request({"q": "iron"}, settings), "a080", settings)
    assert found is not None and found.explanation.position == 81
    ((part,), (change, *_)) = found.explanation.parts[:1], found.explanation.changes
    assert (part.articles, [(each.field, each.count) for each in part.fields]) == (90, [("body", 1)])
    assert (change.text, change.field, change.position) == ("iron", "title", 1)
