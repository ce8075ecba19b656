"""An engine beside another, for searches that are not to wait for each other."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from threading import Thread

from harbor_search.config import Settings
from harbor_search.engines import Criteria
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.query import Everything, Term
from tests.support.articles import collection


def test_searches_of_an_engine_beside_another_do_not_wait_for_its_own(tmp_path: Path) -> None:
    with closing(EmbeddedEngine(Settings(index=tmp_path / "index"))) as engine:
        engine.rebuild(collection(), lambda *_: None)
        beside, expected = engine.beside(), engine.search(Term("iron"), Criteria()).hits
        answers: list[object] = []
        asking = Thread(target=lambda: answers.append(beside.search(Term("iron"), Criteria()).hits), daemon=True)
        with engine._searchers.current().snapshot.lock:
            asking.start()
            asking.join(timeout=60)
            assert answers == [expected]


def test_an_engine_beside_another_follows_a_rebuild_and_knows_replaced_generations(tmp_path: Path) -> None:
    articles = list(collection())
    with closing(EmbeddedEngine(Settings(index=tmp_path / "index"))) as engine:
        engine.rebuild(articles, lambda *_: None)
        beside, first = engine.beside(), engine.generation()
        assert beside.search(Everything(), Criteria()).total == len(articles)
        engine.rebuild(articles[1:], lambda *_: None)
        assert beside.search(Everything(), Criteria()).total == len(articles) - 1
        assert beside.search(Everything(), Criteria(generation=first)).total == len(articles)
        assert beside.generation() == engine.generation() != first
