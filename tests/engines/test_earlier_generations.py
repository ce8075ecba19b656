"""A generation that was replaced is still searched for those who ask for it, as long as it is kept."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines import Criteria
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.errors import GenerationGone
from harbor_search.query import Everything
from tests.support.articles import collection


def test_a_replaced_generation_answers_until_it_is_removed(tmp_path: Path) -> None:
    articles = list(collection())
    with closing(EmbeddedEngine(Settings(index=tmp_path / "index"))) as engine:
        engine.rebuild(articles, lambda *_: None)
        first = engine.generation()
        engine.rebuild(articles[1:], lambda *_: None)
        assert engine.search(Everything(), Criteria(generation=first)).total == len(articles)
        assert engine.search(Everything(), Criteria()).total == len(articles) - 1
        # Held open by the search above, it survives one more rebuild; then the engine lets go of it.
        engine.rebuild(articles[2:], lambda *_: None)
        engine.search(Everything(), Criteria())
        engine.rebuild(articles[3:], lambda *_: None)
        engine.search(Everything(), Criteria())
        with pytest.raises(GenerationGone, match="begin again"):
            engine.search(Everything(), Criteria(generation=first))
