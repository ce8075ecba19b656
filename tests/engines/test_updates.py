"""After any updates an index answers as one that was built anew from the same articles, to the last digit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.query import Every
from whoosh.query import Term as WhooshTerm

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, EngineAnswer, Update
from harbor_search.engines.embedded import EmbeddedEngine, segment_building
from harbor_search.errors import OperationalError
from harbor_search.query import Everything, Node, Prefix, Term
from harbor_search.store import Generations
from harbor_search.store.inversion import text_writer
from harbor_search.store.merging import policy as merge_policy
from tests.engines.test_scoring import DAYS, NODES, PATHS, WORDS, collections
from tests.support.articles import plain
from tests.support.generations import number_of

SORTS = st.sampled_from(["relevance", "date", "views"])


def quiet(stage: str, done: int, total: int | None) -> None: ...


def nothing() -> None: ...


def changed_at(index: Path, **values: object) -> EmbeddedEngine:
    return EmbeddedEngine(dataclasses.replace(Settings(index=index), **values))  # type: ignore[arg-type]


def update(engine: EmbeddedEngine, articles: Iterable[Article]) -> Update:
    return engine.update(articles, nothing, quiet)


@st.composite
def editions(draw: st.DrawFn) -> list[list[Article]]:
    """A collection as it changes: articles come, go, come back and are rewritten, in any order."""
    pool = draw(collections())
    found = []
    for _ in range(draw(st.integers(2, 6))):
        present = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=len(pool), unique_by=lambda each: each.id))
        found.append(present)
        for number in draw(st.sets(st.integers(0, len(pool) - 1), max_size=6)):
            title = " ".join(draw(st.lists(WORDS, max_size=8)))
            pool[number] = pool[number]._replace(
                title=title, views=draw(st.integers(0, 5)), section=draw(PATHS), published=draw(DAYS)
            )
    return found


def same_content(one: EngineAnswer, other: EngineAnswer) -> None:
    assert [dataclasses.replace(hit, score=0.0) for hit in one.hits] == [
        dataclasses.replace(hit, score=0.0) for hit in other.hits
    ]
    assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in other.hits], abs=1e-6)
    assert (one.total, one.total_relation, one.facets) == (other.total, other.total_relation, other.facets)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    collection=editions(),
    nodes=st.lists(NODES, min_size=1, max_size=5),
    section=PATHS,
    first=DAYS,
    sort=SORTS,
    expansions=st.integers(1, 4),
    most=st.integers(1, 4),
)
def test_after_any_updates_every_answer_is_that_of_a_rebuild(
    collection: list[list[Article]],
    nodes: list[Node],
    section: tuple[str, ...],
    first: date | None,
    sort: str,
    expansions: int,
    most: int,
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge_policy, "MAX_SEGMENTS", most)
        updated = changed_at(Path(folder) / "updated", max_expansions=expansions)
        rebuilt = changed_at(Path(folder) / "rebuilt", max_expansions=expansions)
        for articles in collection:
            update(updated, articles)
            rebuilt.rebuild(articles, quiet)
            assert updated.verify() == ()
            for node in [*nodes, Everything(), Prefix("s"), Term("sleep")]:
                for criteria in (
                    Criteria(limit=50),
                    Criteria(1, 3, sort, section, date_from=first),  # type: ignore[arg-type]
                    Criteria(limit=2, facets=False, total="bounded"),
                ):
                    same_content(updated.search(node, criteria), rebuilt.search(node, criteria))
            for article in articles:
                assert updated.article(article.id) == article
        updated.close()
        rebuilt.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(collection=editions())
def test_after_any_updates_plain_whoosh_finds_the_articles_that_are_there(collection: list[list[Article]]) -> None:
    with TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        engine = EmbeddedEngine(settings)
        for articles in collection:
            update(engine, articles)
        live = Generations(settings.index, keep=2).live()
        with whoosh_index.open_dir(live.path).searcher() as searcher:
            assert found(searcher, Every()) == sorted(each.id for each in articles)
            for word in ("sleep", "iron", "tea"):
                having = sorted(each.id for each in articles if word in words_of(each.title))
                assert found(searcher, WhooshTerm("title", word)) == having
        engine.close()


def words_of(text: str) -> set[str]:
    return {token.text for token in get_analyzer("english").analyze(text)}


def found(searcher: whoosh_index.Searcher, query: object) -> list[str]:
    return sorted(searcher.stored_fields(number)["id"] for number in searcher.docs_for_query(query))


def article(number: int, word: str = "iron", **values: object) -> Article:
    body = (Section("", "", f"A text of {word} number {number}."),)
    return Article(f"a{number:03}", f"Title {number}", body)._replace(**values)


def ids(engine: EmbeddedEngine, word: str) -> list[str]:
    return [hit.id for hit in engine.search(Term(word), Criteria(limit=1000)).hits]


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    made = EmbeddedEngine(Settings(index=tmp_path / "index"))
    made.rebuild([article(number) for number in range(100)], quiet)
    return made


def test_an_update_counts_what_was_added_changed_and_removed(engine: EmbeddedEngine) -> None:
    now = [article(number) for number in range(3, 100)] + [article(200), article(201)]
    now[10] = article(13, "zinc")
    done = update(engine, now)
    assert (done.added, done.changed, done.removed) == (2, 1, 3)
    assert (number_of(done.generation.name), done.generation.articles, done.rebuilt) == ("2", 99, "")
    assert ids(engine, "zinc") == ["a013"]
    assert len(ids(engine, "iron")) == 98
    assert engine.article("a001") is None
    assert engine.stats().live.articles == 99


def test_an_update_writes_only_what_changed(engine: EmbeddedEngine, tmp_path: Path) -> None:
    update(engine, [article(number, "zinc" if number == 7 else "iron") for number in range(100)])
    before, after = (
        {each.name: each.stat().st_ino for each in (tmp_path / "index/generations" / name).iterdir()} for name in "12"
    )
    shared = [name for name, inode in before.items() if after.get(name) == inode]
    assert sorted(Path(name).suffix for name in shared) == [".documents", ".postings", ".spans"]


def test_where_nothing_changed_nothing_is_published(engine: EmbeddedEngine, tmp_path: Path) -> None:
    done = update(engine, [article(number) for number in reversed(range(100))])
    assert not done.published
    assert (number_of(done.generation.name), done.generation.articles) == ("1", 100)
    assert number_of(engine.generation()) == "1"
    assert list((tmp_path / "index/staging").iterdir()) == []


def test_an_article_may_be_kept_that_is_no_longer_given(engine: EmbeddedEngine) -> None:
    given = [article(number) for number in range(2, 100)]
    done = engine.update(given, lambda: lambda gone: gone.id == "a001", quiet)
    assert (done.removed, done.kept) == (1, ("a001",))
    assert "a001" in ids(engine, "iron")
    assert "a000" not in ids(engine, "iron")


def test_an_update_where_nothing_was_built_builds(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path / "index"))
    done = update(engine, [article(1), article(2)])
    assert (done.added, done.changed, done.removed) == (2, 0, 0)
    assert done.rebuilt == "there was no index yet"
    assert ids(engine, "iron") == ["a001", "a002"]


def test_an_index_of_another_analyzer_is_built_anew_and_the_reason_told(engine: EmbeddedEngine, tmp_path: Path) -> None:
    simple = EmbeddedEngine(Settings(index=tmp_path / "index", analyzer="simple"))
    done = update(simple, [article(number, "irons") for number in range(3)])
    assert "analysed by" in done.rebuilt
    assert done.published
    assert ids(simple, "irons") == ["a000", "a001", "a002"]
    assert ids(simple, "iron") == []


def test_an_index_of_another_format_is_built_anew_and_the_reason_told(engine: EmbeddedEngine, tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index", keep=2)
    with generations.stage() as staged:
        staged.inherit(generations.live())
        segments = staged.path / "segments.json"
        older = segments.read_text().replace('"format": 6', '"format": 4')
        segments.unlink()
        segments.write_text(older)
        staged.seal(articles=100, fingerprint="", extra={})
        staged.publish()
    done = update(engine, [article(1)])
    assert "has format 4, not 6" in done.rebuilt
    assert ids(engine, "iron") == ["a001"]
    with pytest.raises(OperationalError, match="generation 2 cannot be used .*has format 4, not 6"):
        engine.rollback()
    assert ids(engine, "iron") == ["a001"]


@pytest.mark.parametrize("twice", [[article(1), article(1)], [article(200), article(200)], [article(1, "zinc")] * 2])
def test_two_articles_with_one_id_are_refused_and_the_index_stays(
    engine: EmbeddedEngine, twice: Sequence[Article]
) -> None:
    with pytest.raises(ValueError, match="two articles have the id"):
        update(engine, twice)
    assert number_of(engine.generation()) == "1"
    assert len(ids(engine, "iron")) == 100


def test_an_update_that_fails_half_way_leaves_the_live_index_as_it_was(engine: EmbeddedEngine, tmp_path: Path) -> None:
    def broken() -> Iterable[Article]:
        yield from (article(number, "zinc") for number in range(50))
        raise OperationalError("the source broke off")

    with pytest.raises(OperationalError, match="broke off"):
        update(engine, broken())
    assert engine.verify() == ()
    assert ids(engine, "zinc") == []
    assert list((tmp_path / "index/staging").iterdir()) == []


def test_rolling_an_update_back_brings_the_articles_before_it_back(engine: EmbeddedEngine) -> None:
    update(engine, [article(number, "zinc") for number in range(50)])
    assert len(ids(engine, "zinc")) == 50
    engine.rollback()
    assert len(ids(engine, "iron")) == 100
    done = update(engine, [article(number, "zinc") for number in range(50)])
    assert (number_of(done.generation.name), done.changed, done.removed) == ("3", 50, 50)
    assert engine.verify() == ()


def test_many_small_updates_leave_few_segments(engine: EmbeddedEngine) -> None:
    now = {number: article(number) for number in range(100)}
    for round_ in range(20):
        now[round_] = article(round_, "zinc")
        update(engine, list(now.values()))
        assert int(engine.stats().details["segments"]) <= merge_policy.MAX_SEGMENTS
    assert ids(engine, "zinc") == [f"a{number:03}" for number in range(20)]
    assert engine.verify() == ()


def test_a_segment_that_lost_much_is_written_anew_without_it(engine: EmbeddedEngine) -> None:
    update(engine, [article(number) for number in range(76)])
    assert engine.stats().details["deleted articles not merged away yet"] == 24
    update(engine, [article(number) for number in range(74)])
    assert engine.stats().details["deleted articles not merged away yet"] == 0
    assert len(ids(engine, "iron")) == 74


def test_an_index_of_which_nothing_is_left_but_new_articles_has_no_trace_of_it(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    update(engine, [article(number, "zinc") for number in range(500, 510)])
    assert engine.stats().details["segments"] == 1
    assert ids(engine, "iron") == []
    assert len(list((tmp_path / "index/generations/2").glob("*.postings"))) == 1


def test_a_rebuild_in_little_memory_gives_the_very_segment_of_one_in_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [article(number, f"word{number % 13}") for number in range(1500)]
    EmbeddedEngine(Settings(index=tmp_path / "much")).rebuild(articles, quiet)
    monkeypatch.setattr(segment_building, "_BATCH_ARTICLES", 200)
    monkeypatch.setattr(text_writer, "MIN_POSTINGS_BYTES", 20_000)
    stages: list[str] = []
    little = EmbeddedEngine(Settings(index=tmp_path / "little", memory_mb=1))
    little.rebuild(articles, lambda stage, done, total: stages.append(stage))
    assert "merge" in stages
    assert little.verify() == ()
    much, same = (
        {
            each.suffix: each.read_bytes()
            for each in (tmp_path / name / "generations/1").iterdir()
            if "MAIN_" in each.name and each.suffix != ".toc"
        }
        for name in ("much", "little")
    )
    assert much == same


def test_a_search_that_began_before_an_update_ends_on_what_it_began_with(engine: EmbeddedEngine) -> None:
    other = EmbeddedEngine(engine._settings)
    assert len(ids(other, "iron")) == 100
    searcher = other._searchers.current()
    update(engine, [article(1)])
    update(engine, [article(2)])
    assert len(searcher.search(Term("iron"), Criteria(limit=200)).hits) == 100
    assert ids(other, "iron") == ["a002"]


@pytest.mark.parametrize("kind", ["segments.json", "*.deleted", "*.documents", "*.postings", "*.spans"])
def test_a_damaged_index_is_neither_searched_nor_updated(engine: EmbeddedEngine, tmp_path: Path, kind: str) -> None:
    update(engine, [article(number) for number in range(90)])
    (damaged, *_) = (tmp_path / "index/generations/2").glob(kind)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.unlink()
    damaged.write_bytes(content)
    other = EmbeddedEngine(engine._settings)
    with pytest.raises(OperationalError, match="generation 2 is damaged.*`harbor-search rollback`"):
        other.search(Term("iron"), Criteria())
    with pytest.raises(OperationalError, match="generation 2 is damaged"):
        update(other, [article(1)])
    assert number_of(other.rollback().name) == "1"
    assert len(ids(other, "iron")) == 100


def test_words_that_are_prefetched_are_counted_without_articles_that_left(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path))
    texts = {"one": "iron and teeth", "two": "iron and tea", "three": "tea"}
    engine.rebuild([plain(name, text=text) for name, text in texts.items()], quiet)
    update(engine, [plain(name, text=text) for name, text in texts.items() if name != "two"])
    words = ["iron", "tea", "tooth", "zinc"]
    vocabulary = engine.vocabulary()
    vocabulary.prefetch(words)
    assert [vocabulary.frequency(word) for word in words] == [1, 1, 1, 0]


def test_an_index_can_be_emptied_and_filled_again(tmp_path: Path) -> None:
    pages = [plain(str(number), f"Page {number} of words") for number in range(5)]
    with closing(changed_at(tmp_path)) as engine:
        update(engine, pages[:3])
        update(engine, pages)
        assert update(engine, []).removed == 5
        for node in (Everything(), Term("words"), Prefix("wo")):
            for sort in ("relevance", "date", "views"):
                assert engine.search(node, Criteria(sort=sort)).total == 0
        assert engine.article("1") is None
        assert engine.verify() == ()
        assert not update(engine, []).published
        assert update(engine, pages[1:]).added == 4
        assert engine.write([], {page.id for page in pages}, "mark", quiet).removed == 4
        assert engine.write(pages[:1], set(), "mark", quiet).added == 1
        assert engine.search(Term("words"), Criteria()).total == 1
        assert engine.stats().live.articles == 1
