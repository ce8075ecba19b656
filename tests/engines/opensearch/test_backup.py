"""Backups of what is in a cluster, on a real node."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.article import Article, Section
from harbor_search.cli.program import program
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.errors import OperationalError
from harbor_search.indexing import backup, restore
from harbor_search.journal import JOURNAL, Change, Journal

ARTICLES = [Article(f"a{n}", f"Article {n}", (Section("", "", f"It is about iron{n}."),)) for n in range(250)]


@pytest.fixture
def settings(opensearch_settings: Callable[..., Settings]) -> Settings:
    return opensearch_settings()


@pytest.fixture
def engine(settings: Settings) -> Iterator[SearchEngine]:
    with closing(open_engine(settings)) as engine:
        engine.rebuild(ARTICLES, lambda *_: None)
        yield engine


def test_a_restored_backup_is_the_same_generation_and_a_rollback_returns_to_what_was_live(
    engine: SearchEngine, settings: Settings, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.tar"
    first = engine.generation()
    assert backup(engine, saved, settings).articles == 250
    engine.rebuild(ARTICLES[:3], lambda *_: None)
    assert restore(engine, saved, settings, replace=False).articles == 250
    assert (engine.generation(), engine.article("a249")) == (first, ARTICLES[249])
    assert engine.rollback().articles == 3


def test_a_folder_takes_the_backup_of_a_cluster(engine: SearchEngine, settings: Settings, tmp_path: Path) -> None:
    backup(engine, tmp_path / "saved.tar", settings)
    folder = Settings(index=tmp_path / "folder")
    with closing(open_engine(folder)) as embedded:
        assert restore(embedded, tmp_path / "saved.tar", folder, replace=False).articles == 250
        assert embedded.article("a7") == ARTICLES[7]


def test_an_index_that_goes_while_it_is_read_makes_no_backup(
    engine: SearchEngine, settings: Settings, tmp_path: Path
) -> None:
    live = engine._generations.live()  # type: ignore[attr-defined]
    stored = engine.stored()  # type: ignore[attr-defined]
    next(stored.articles)
    engine._generations.remove(live.index)  # type: ignore[attr-defined]
    with pytest.raises(OperationalError, match="read"):
        list(stored.articles)


def test_articles_that_are_not_those_that_were_indexed_are_no_backup(
    engine: SearchEngine, settings: Settings, tmp_path: Path
) -> None:
    live = engine._generations.live()  # type: ignore[attr-defined]
    client = engine._cluster.client  # type: ignore[attr-defined]
    client.indices.put_settings(index=live.index, body={"index.blocks.write": False})
    client.delete_by_query(index=live.index, body={"query": {"term": {"id": "a3"}}}, refresh=True)
    with pytest.raises(OperationalError, match="harbor-search rebuild"):
        backup(engine, tmp_path / "saved.tar", settings)
    assert not list(tmp_path.glob("*saved*"))


def test_the_commands_do_it_with_what_was_written(settings: Settings, tmp_path: Path) -> None:
    def call(*arguments: str | Path) -> Result:
        given = {
            "HARBOR_ENGINE": "opensearch",
            "HARBOR_OPENSEARCH_HOSTS": settings.opensearch_hosts,
            "HARBOR_OPENSEARCH_PREFIX": settings.opensearch_prefix,
            "HARBOR_OPENSEARCH_REPLICAS": "0",
            "HARBOR_INDEX": str(settings.index),
        }
        return CliRunner().invoke(program, list(map(str, arguments)), env=given)

    folder, saved = tmp_path / "articles", tmp_path / "saved.tar"
    folder.mkdir()
    (folder / "tea.md").write_text("# Tea\n\nTea hinders iron.\n")
    settings.index.mkdir()
    with closing(Journal(settings.index / JOURNAL)) as journal:
        journal.record([Change("quokka", json.dumps({"title": "Quokka", "text": "It smiles."}).encode())])
    assert call("rebuild", folder).exit_code == 0
    result = call("backup", saved)
    assert (result.exit_code, "2 articles" in result.stdout) == (0, True), result.output
    (settings.index / JOURNAL).unlink()
    (folder / "tea.md").write_text("# Coffee\n\nCoffee wakes.\n")
    assert call("rebuild", folder).exit_code == 0
    result = call("restore", saved)
    assert (result.exit_code, "2 articles" in result.stdout) == (0, True), result.output
    assert json.loads(call("search", "--json", "smiles").stdout)["total"] == 1
    assert "quokka" in call("written", "list").stdout
