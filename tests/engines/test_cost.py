"""What a query will cost is told by the lengths of the lists it reads."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.query import Limits, parse


def article(number: int) -> Article:
    text = "common words of every article" + (" rare" if number == 7 else "")
    return Article(id=str(number), title=f"Title {number}", body=(Section("", "", text),))


def test_long_lists_phrases_and_expanded_words_cost_more(tmp_path: Path) -> None:
    with closing(EmbeddedEngine(Settings(index=tmp_path / "index"))) as engine:
        engine.rebuild([article(number) for number in range(300)], lambda *_: None)

        def cost(text: str) -> int:
            return engine.cost(parse(text, limits=Limits(64, 8, 2), strict=False).query)

        assert cost("rare") == 1
        assert cost("common") == cost("-common") == 300
        assert cost("common rare") == cost("+common +rare") == 301
        assert cost("nowhere") == 0
        assert cost('"common words"') > 2 * cost("common words")
        assert cost("rar*") > cost("common") < cost("rarre~")
        assert cost("(common OR rare) AND words") == 601
