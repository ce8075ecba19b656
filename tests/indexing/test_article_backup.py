"""Backups of articles, from which any engine makes an index again."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harbor_search.article import Article, Section, article_from_dict, article_to_dict
from harbor_search.config import Settings
from harbor_search.engines import GenerationInfo, StoredArticles, open_engine
from harbor_search.errors import OperationalError, UserError
from harbor_search.index import open_index
from harbor_search.indexing import restore
from harbor_search.indexing.article_backup import has_articles, load, save
from harbor_search.indexing.backup_companions import restoring

TEA = Article(
    "tea",
    "Tea and Iron",
    (Section("", "", "Tea blocks iron."), Section("Why", "why", "Tannins.\n\nThey bind it.")),
    lead="Tea blocks iron.",
    url="https://example.org/tea",
    section=("Food", "Drinks"),
    published=date(2026, 3, 1),
    views=12,
    tags=("chai", "cuppa"),
    language="en",
    source="articles/tea.md",
    source_name="site",
)
ARTICLES = [TEA, Article("bare", "Bare", (Section("", "", "Nothing else is known."),), lead="Nothing else is known.")]


class Cluster:
    """Has articles, of which it says how many there are."""

    def __init__(self, articles: Sequence[Article], count: int = 2) -> None:
        self._articles, self._count = articles, count

    def stored(self) -> StoredArticles:
        info = GenerationInfo("abc", self._count, 1, datetime.now(UTC))
        return StoredArticles(info, "mark 7", iter(self._articles))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    target = tmp_path / "saved.tar"
    assert save(Cluster(ARTICLES), target, {"pins.txt": lambda path: path.write_text("a => tea")}).articles == 2
    return target


def test_an_article_comes_back_from_its_values_as_it_was() -> None:
    for article in ARTICLES:
        assert article_from_dict(json.loads(json.dumps(article_to_dict(article)))) == article
    for values in ({}, article_to_dict(TEA) | {"sections": [{"heading": "x"}]}, article_to_dict(TEA) | {"tags": None}):
        with pytest.raises(ValueError, match="not an article"):
            article_from_dict(values)


def test_what_a_cluster_had_is_found_in_a_folder_with_its_mark_and_companions(saved: Path, tmp_path: Path) -> None:
    engine = open_engine(Settings(index=tmp_path / "index"))
    brought: dict[str, str] = {}
    load(engine, saved, {"pins.txt": lambda path: brought.update(pins=path.read_text()), "synonyms.txt": brought.pop})
    assert [engine.article(each.id) for each in ARTICLES] == ARTICLES
    assert (engine.mark(), brought) == ("mark 7", {"pins": "a => tea"})
    engine.close()


def test_the_articles_in_it_are_a_source_for_rebuild(saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved) as tar:
        tar.extract("articles.jsonl.gz", tmp_path, filter="data")
    with open_index(tmp_path / "index") as index:
        index.rebuild_from([tmp_path / "articles.jsonl.gz"])
        found = index.article("tea")
    assert found is not None
    assert found._replace(source=TEA.source, source_name=TEA.source_name) == TEA


def test_fewer_articles_than_there_should_be_are_no_backup(tmp_path: Path) -> None:
    target = tmp_path / "saved.tar"
    target.write_text("what stood there")
    with pytest.raises(OperationalError, match="gave 2 articles, not 3"):
        save(Cluster(ARTICLES, 3), target, {})

    def failing() -> Iterator[Article]:
        yield TEA
        raise OperationalError("the cluster went away")

    cluster = Cluster([])
    cluster.stored = lambda: StoredArticles(GenerationInfo("a", 2, 1, datetime.now(UTC)), "", failing())  # type: ignore[method-assign]
    with pytest.raises(OperationalError, match="went away"):
        save(cluster, target, {})
    assert target.read_text() == "what stood there"
    assert [path.name for path in tmp_path.iterdir()] == ["saved.tar"]


def test_what_is_damaged_or_strange_is_named_and_changes_nothing(saved: Path, tmp_path: Path) -> None:
    engine = open_engine(Settings(index=tmp_path / "index"))
    engine.rebuild([TEA], lambda *_: None)
    with tarfile.open(saved) as tar:
        member = tar.getmember("articles.jsonl.gz")
    content = bytearray(saved.read_bytes())
    content[member.offset_data + member.size // 2] ^= 255
    (damaged := tmp_path / "damaged.tar").write_bytes(content)
    (cut := tmp_path / "cut.tar").write_bytes(saved.read_bytes()[: member.offset_data])
    (more := tmp_path / "more.tar").write_bytes(saved.read_bytes())
    with tarfile.open(more, "a") as tar:
        tar.add(damaged, "../elsewhere")
    for path, fault in ((damaged, "is not as it was"), (cut, "no whole backup"), (more, "does not belong there")):
        with pytest.raises(UserError, match=fault):
            load(engine, path, {"pins.txt": lambda _: pytest.fail("brought back")})
    assert engine.article("bare") is None
    engine.close()


def packed(target: Path, **members: bytes) -> Path:
    """A backup as anybody can make one, checksums and all."""
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in {"about.json": ABOUT, "articles.jsonl.gz": gzip.compress(b""), **members}.items():
            member = tarfile.TarInfo(name)
            member.size, member.pax_headers = len(content), {"HARBOR.sha256": hashlib.sha256(content).hexdigest()}
            tar.addfile(member, io.BytesIO(content))
    return target


ABOUT = b'{"format": 1, "articles": 1, "mark": ""}'

STRANGE = {
    "no gzip": {"articles.jsonl.gz": b"{}"},
    "damaged gzip": {"articles.jsonl.gz": gzip.compress(b"")[:10] + b"\xff" * 20},
    "no article": {"articles.jsonl.gz": gzip.compress(b"[]\n")},
    "a number for a title": {
        "articles.jsonl.gz": gzip.compress(json.dumps(article_to_dict(TEA) | {"title": 5}).encode())
    },
    "a text for views": {
        "articles.jsonl.gz": gzip.compress(json.dumps(article_to_dict(TEA) | {"views": "5"}).encode())
    },
    "an empty index": {"about.json": ABOUT.replace(b': 1, "mark', b': 0, "mark')},
    "no object": {"about.json": b"[]"},
    "no mark": {"about.json": b'{"format": 1, "articles": 1}'},
    "a later format": {"about.json": ABOUT.replace(b': 1, "art', b': 2, "art'), "new.bin": b""},
}


@pytest.mark.parametrize("members", STRANGE.values(), ids=STRANGE)
def test_a_file_that_says_that_it_is_sound_and_is_not_is_no_backup(members: dict[str, bytes], tmp_path: Path) -> None:
    engine = open_engine(Settings(index=tmp_path / "index"))
    with pytest.raises(UserError, match="format 2" if "new.bin" in members else "no whole backup"):
        load(engine, packed(tmp_path / "strange.tar", **members), {})
    engine.close()


def test_pins_come_back_where_the_index_has_no_folder_yet(saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved) as tar:
        tar.extract("pins.txt", tmp_path, filter="data")
    settings = Settings(index=tmp_path / "none" / "index")
    restoring(settings, replace=False)["pins.txt"](tmp_path / "pins.txt")
    assert (settings.index / "pins.txt").read_text() == "a => tea"


def test_an_engine_without_files_of_its_own_names_the_cure_for_the_backup_of_a_folder(
    saved: Path, tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index")
    with open_index(settings) as index:
        index.rebuild(ARTICLES)
        index.engine.backup(tmp_path / "folder.tar", {})  # type: ignore[attr-defined]
    assert (has_articles(saved), has_articles(tmp_path / "folder.tar")) == (True, False)
    with pytest.raises(UserError, match='engine = "embedded"'):
        restore(Cluster([]), tmp_path / "folder.tar", settings, replace=False)  # type: ignore[arg-type]
