"""Pages show hits whose HTML their engine wrote as they would show them otherwise."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.results import HitTable
from harbor_search.searching import ExplainedHits, SearchRequest, search
from harbor_search.web.highlighting import marked_html
from harbor_search.web.hit_views import highlighted

WORDS = [
    "iron",
    "tea",
    "<b>",
    "&amp;",
    "it's",
    '"so"',
    "na\u00efve",
    "\u9435",
    "\U0001f375",
    "iron-tea",
    "\0",
    "\x0b",
    ".",
]
BETWEEN = [" ", "-", "\u00a0", "\u2011", " & ", ", ", "/", "<", "\n"]


def text_of(chance: random.Random, most: int) -> str:
    return "".join(chance.choice(WORDS) + chance.choice(BETWEEN) for _ in range(chance.randint(1, most)))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    chance = random.Random(7)
    articles = [
        Article(
            id=f"a&{number}'<{number}>",
            title=text_of(chance, 6) if number % 9 else "",
            body=tuple(
                Section(text_of(chance, 3) if part else "", f"p&\0{part}" if part else "", text_of(chance, 60))
                for part in range(chance.randint(1, 4))
            ),
            tags=("tea & <iron>",) if number % 5 == 0 else (),
        )
        for number in range(120)
    ]
    engine = EmbeddedEngine(Settings(index=tmp_path_factory.mktemp("index")))
    engine.rebuild(articles, lambda *_: None)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    "query", ["iron", "tea iron", '"iron tea"', "it's na\u00efve", "ir*", "iron green", "b amp", ""]
)
def test_the_engine_writes_the_html_that_is_made_of_hits_one_by_one(engine: EmbeddedEngine, query: str) -> None:
    found = search(engine, SearchRequest(q=query, per_page=100), Settings())
    assert isinstance(found.hits, ExplainedHits | HitTable)
    ours = highlighted(found.hits)
    assert len(ours) == len(found.hits) > 20
    # The other way is asked for where hits are no table: of a list of the same hits.
    for mine, other in zip(ours, highlighted(list(found.hits)), strict=True):
        assert (mine.id, mine.title.replace("\ufffd", "\0")) == (other.id, other.title)
        assert (mine.lacks, mine.matched, mine.similar, mine.words) == (
            other.lacks, other.matched, other.similar, other.words,
        )  # fmt: skip
        for snippet, plain in zip(mine.snippets, other.snippets, strict=True):
            if snippet != plain:
                html = marked_html(plain.text, plain.ranges), marked_html(plain.heading, ())
                assert (snippet.text.replace("\ufffd", "\0"), snippet.heading.replace("\ufffd", "\0")) == html
                assert snippet.anchor.replace("\ufffd", "\0") == plain.anchor
