"""One index of the sample corpus for all behaviour tests; they only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.indexing import rebuild
from harbor_search.ingest import Read, read_articles
from tests.behaviour.collection import CORPUS, Collection


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    settings = Settings(index=tmp_path_factory.mktemp("behaviour"), corpus=CORPUS)
    engine = EmbeddedEngine(settings)
    try:
        rebuild(engine, [CORPUS], settings, lambda stage, done, total: None)
        outcomes = read_articles([CORPUS], max_bytes=settings.max_source_bytes)
        articles = {each.article.id: each.article for each in outcomes if isinstance(each, Read)}
        yield Collection(engine, settings, articles)
    finally:
        engine.close()
