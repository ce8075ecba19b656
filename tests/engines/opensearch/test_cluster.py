"""The engine on a real node: agreement with the embedded one, and what goes wrong."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.article import Article, Section
from harbor_search.cli.doctor import cluster, index, meaning
from harbor_search.cli.program import program
from harbor_search.config import Settings
from harbor_search.engines import Criteria, SearchEngine, open_engine
from harbor_search.engines.opensearch import vocabulary
from harbor_search.engines.opensearch.generations import Generations
from harbor_search.engines.opensearch.mapping import INDEX_VERSION
from harbor_search.errors import OperationalError, UserError
from harbor_search.evaluation import evaluate, read_qrels, read_queries
from harbor_search.indexing import Follower, journal_path, rebuild
from harbor_search.journal import Change, Journal
from harbor_search.query import Term
from tests.support.embedding_models import static_model

ROOT = Path(__file__).parents[3]
Make = Callable[..., Settings]


def quiet(stage: str, done: int, total: int | None) -> None:
    pass


def article(number: int, text: str = "An article about iron.") -> Article:
    return Article(f"a{number}", f"Article {number}", (Section("", "", text),))


@pytest.fixture
def engine(opensearch_settings: Make) -> SearchEngine:
    return open_engine(opensearch_settings())


def indices(engine: SearchEngine) -> list[str]:
    generations: Generations = engine._generations  # type: ignore[attr-defined]
    return sorted(each.index for each, _ in generations._all())


@pytest.mark.parametrize("shards", [1, 3])
def test_rankings_of_the_sample_are_those_of_the_embedded_engine(
    opensearch_settings: Make, tmp_path: Path, shards: int
) -> None:
    """With the settings that everybody has, and where the first results have no say."""
    queries, qrels = read_queries(ROOT / "corpus/queries.tsv"), read_qrels(ROOT / "corpus/qrels.tsv")
    embedded, cluster = Settings(index=tmp_path / "embedded"), opensearch_settings(opensearch_shards=shards)
    for settings in (embedded, cluster):
        with closing(open_engine(settings)) as engine:
            rebuild(engine, [ROOT / "corpus"], settings, quiet)
    for weight in (embedded.feedback_weight, 0.0):
        reports = []
        for settings in (replace(each, feedback_weight=weight) for each in (embedded, cluster)):
            with closing(open_engine(settings)) as engine:
                reports.append(evaluate(engine, queries, qrels, settings, k=10))
        ours, theirs = reports
        overlaps = [overlap(one.hits, two.hits) for one, two in zip(ours.queries, theirs.queries, strict=True)]
        assert sum(overlaps) / len(overlaps) >= 0.99
        assert abs(ours.means["nDCG@10"] - theirs.means["nDCG@10"]) < 0.002
        assert [each.total for each in ours.queries] == [each.total for each in theirs.queries]


def overlap(one: Sequence[str], two: Sequence[str], p: float = 0.9) -> float:
    """Rank-biased overlap (Webber, Moffat, Zobel 2010) of two rankings down to their length, at best 1."""
    depths = range(1, max(len(one), len(two)) + 1)
    shared = sum(p ** (depth - 1) * len({*one[:depth]} & {*two[:depth]}) / depth for depth in depths)
    return shared / sum(p ** (depth - 1) for depth in depths) if len(depths) else 1.0


def test_a_rebuild_that_fails_leaves_the_live_index_and_nothing_else(engine: SearchEngine) -> None:
    engine.rebuild([article(1)], quiet)
    before, generation = indices(engine), engine.generation()

    def failing() -> Iterator[Article]:
        yield article(2)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError):
        engine.rebuild(failing(), quiet)
    assert (indices(engine), engine.generation()) == (before, generation)


def test_what_a_dead_writer_left_is_removed_by_the_next(engine: SearchEngine) -> None:
    engine.rebuild([article(1)], quiet)
    client = engine._cluster.client  # type: ignore[attr-defined]
    orphan = engine._generations.next_index()  # type: ignore[attr-defined]
    client.indices.create(index=orphan)
    engine.rebuild([article(1), article(2)], quiet)
    described = client.indices.get_mapping(index=orphan)[orphan]["mappings"]
    assert described["_meta"]["complete"] is True


def test_a_clone_that_a_dead_writer_left_is_no_generation_and_goes(engine: SearchEngine) -> None:
    engine.rebuild([article(1)], quiet)
    generations: Generations = engine._generations  # type: ignore[attr-defined]
    engine._updater._clone(generations.live())  # type: ignore[attr-defined]
    assert [each.index for each in generations.kept()] == [generations.live().index]
    engine.write([article(2)], frozenset(), "two", quiet)
    assert indices(engine) == [generations.live().index]
    assert engine.verify() == ()


def test_two_writers_exclude_each_other(engine: SearchEngine) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[Article]:
        yield article(1)
        begun.set()
        go_on.wait(60)

    writing = threading.Thread(target=lambda: engine.rebuild(slow(), quiet))
    writing.start()
    try:
        assert begun.wait(60)
        with pytest.raises(OperationalError, match="another rebuild or update is running"):
            engine.update([article(2)], lambda: None, quiet)
    finally:
        go_on.set()
        writing.join(60)
    assert engine.update([article(1), article(2)], lambda: None, quiet).added == 1


def test_a_rebuild_waits_for_a_commit_of_what_was_written_and_not_for_another_rebuild(engine: SearchEngine) -> None:
    engine.rebuild([article(1)], quiet)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[Article]:
        begun.set()
        assert go_on.wait(60)
        yield article(2)

    writing = threading.Thread(target=lambda: engine.write(slow(), frozenset(), "two", quiet))
    rebuilding = threading.Thread(target=lambda: engine.rebuild([article(3)], quiet))
    writing.start()
    assert begun.wait(60)
    with pytest.raises(OperationalError, match="another rebuild or update is running"):
        engine.write([article(4)], frozenset(), "four", quiet)
    rebuilding.start()
    rebuilding.join(0.5)
    assert rebuilding.is_alive()
    go_on.set()
    for each in (writing, rebuilding):
        each.join(120)
    assert engine.article("a3") is not None and engine.article("a2") is None
    assert engine.rollback().articles == 2


def test_what_is_written_during_a_rebuild_is_found_after_it(opensearch_settings: Make, tmp_path: Path) -> None:
    settings = opensearch_settings()
    engine, source = open_engine(settings), tmp_path / "articles"
    source.mkdir()
    for name in ("tea", "iron"):
        (source / f"{name}.md").write_text(f"# {name}\n\nOf minerals.\n")
    rebuild(engine, [source], settings, quiet)
    journal, follower = Journal(journal_path(settings)), Follower(engine, settings)
    journal.record([Change("zinc", record("zinc"))])
    assert follower.catch_up()
    refused: list[str] = []

    def meanwhile(stage: str, done: int, total: int | None) -> None:
        # By now the new index has all that it will have, and the live one cannot be changed any more.
        if stage == "verify" and not refused:
            journal.record([Change("copper", record("copper")), Change("tea", None)])
            with pytest.raises(OperationalError) as refusal:
                follower.catch_up()
            refused.append(str(refusal.value))

    rebuild(engine, [source], settings, meanwhile)
    assert refused == ["another rebuild or update is running; try again when it is done"]
    assert found(engine) == ["iron", "tea", "zinc"]
    assert follower.catch_up()
    assert found(engine) == ["copper", "iron", "zinc"]
    assert not follower.catch_up()


def record(name: str) -> bytes:
    return json.dumps({"title": name, "text": "Of minerals."}).encode()


def found(engine: SearchEngine) -> list[str]:
    return sorted(hit.id for hit in engine.search(Term("minerals"), Criteria()).hits)


def test_an_update_goes_back_whole_and_equal_content_has_one_name(engine: SearchEngine) -> None:
    first = engine.rebuild([article(1), article(2)], quiet)
    change = engine.update([article(1), article(2, "Now about zinc."), article(3)], lambda: None, quiet)
    assert (change.added, change.changed, change.removed) == (1, 1, 0)
    assert [hit.id for hit in engine.search(Term("zinc"), Criteria()).hits] == ["a2"]
    assert engine.rollback().name == first.name
    assert engine.search(Term("zinc"), Criteria()).total == 0
    again = engine.rebuild([article(1), article(2, "Now about zinc."), article(3)], quiet)
    assert again.name == change.generation.name != first.name


def test_a_sound_index_has_no_fault_and_one_that_lost_articles_says_so(engine: SearchEngine) -> None:
    engine.rebuild([article(1), article(2)], quiet)
    assert engine.verify() == ()
    client = engine._cluster.client  # type: ignore[attr-defined]
    live = engine._generations.live().index  # type: ignore[attr-defined]
    client.indices.put_settings(index=live, body={"index.blocks.write": False})
    client.delete_by_query(index=live, body={"query": {"term": {"id": "a2"}}}, params={"refresh": "true"})
    assert engine.verify() == ("the index holds 1 articles, not 2",)


def test_an_article_that_the_cluster_does_not_take_is_named(engine: SearchEngine) -> None:
    huge = article(1)._replace(id="long", views=2**63)
    with pytest.raises(OperationalError, match=r"did not take the article 'long' .*"):
        engine.rebuild([article(1), huge], quiet)


def test_words_of_the_index_are_known_for_corrections(engine: SearchEngine) -> None:
    engine.rebuild([article(1, "Hypertension is common."), article(2, "Nothing of that kind.")], quiet)
    words = engine.vocabulary()
    assert words.frequency("hypertension") == 1
    assert words.together(["hypertension", "common"]) == 1
    assert words.together(["hypertension", "kind"]) == 0
    assert "hypertension" in [each.word for each in words.lexicon.similar("hypertention", 2)]


def test_an_index_of_another_format_is_refused_with_the_command_that_mends_it(engine: SearchEngine) -> None:
    engine.rebuild([article(1)], quiet)
    client, live = engine._cluster.client, engine._generations.live()  # type: ignore[attr-defined]
    client.indices.put_mapping(index=live.index, body={"_meta": live.meta | {"version": 1}})
    engine._searchers.forget()  # type: ignore[attr-defined]
    refused = r"has format 1, and this version of harbor_search reads format \d+; run `harbor-search rebuild`"
    for call in (engine.generation, engine.verify, lambda: engine.search(Term("iron"), Criteria())):
        with pytest.raises(OperationalError, match=refused):
            call()
    assert engine.update([article(1)], lambda: None, quiet).rebuilt == "the index has another format"
    assert engine.search(Term("iron"), Criteria()).total == 1


def test_a_cursor_goes_on_where_its_point_in_time_has_expired_and_takes_no_other(
    opensearch_settings: Make, engine: SearchEngine
) -> None:
    engine.rebuild([article(number) for number in range(5)], quiet)
    first = engine.search(Term("iron"), Criteria(limit=2, after=""))
    engine._cluster.client.delete_all_pits()  # type: ignore[attr-defined]
    going_on = Criteria(limit=2, offset=2, generation=first.generation, after=first.after)
    assert [hit.id for hit in engine.search(Term("iron"), going_on).hits] == ["a2", "a3"]
    other = open_engine(opensearch_settings(opensearch_prefix=f"other-{uuid.uuid4().hex[:8]}"))
    other.rebuild([article(number) for number in range(5)], quiet)
    theirs = other.search(Term("iron"), Criteria(limit=2, after=""))
    for after in (theirs.after, "[]", '[[],"a1",""]', '["x","a1",""]'):
        with pytest.raises(UserError, match="begin again with cursor"):
            engine.search(Term("iron"), going_on._replace(after=after))


def test_the_doctor_looks_at_the_cluster_and_not_at_the_folder(opensearch_settings: Make) -> None:
    settings = opensearch_settings()
    (missing,) = cluster.health(settings)
    assert (missing.fault, missing.cure) == ("there is no index yet", "harbor-search rebuild")
    engine = open_engine(settings)
    engine.rebuild([article(1), article(2)], quiet)
    looks = (cluster.health, index.generation, index.analysis)
    assert [finding for look in looks for finding in look(settings)] == []
    with_copies = opensearch_settings(opensearch_replicas=1, opensearch_prefix=f"{settings.opensearch_prefix}-copied")
    open_engine(with_copies).rebuild([article(1)], quiet)
    (lonely,) = cluster.health(with_copies)
    assert "copies of the index are missing" in lonely.fault
    (refused,) = cluster.health(opensearch_settings(opensearch_hosts="http://127.0.0.1:1"))
    assert "no node of the cluster answers" in refused.fault and "opensearch_hosts" in refused.cure


def test_the_doctor_says_that_the_cluster_was_filled_without_the_model(
    opensearch_settings: Make, tmp_path: Path
) -> None:
    settings = opensearch_settings(semantic_model=str(static_model(tmp_path / "model", {"tea": 0, "iron": 1})))
    for made_with, faults in (
        (replace(settings, semantic_model=""), ["the articles were not embedded yet: searches go by words alone"]),
        (settings, []),
    ):
        engine = open_engine(made_with)
        engine.rebuild([article(1)], quiet)
        engine.close()
        assert [finding.fault for finding in meaning.model(settings)] == faults


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        "HARBOR_ENGINE": "opensearch",
        "HARBOR_INDEX": str(settings.index),
        "HARBOR_OPENSEARCH_HOSTS": settings.opensearch_hosts,
        "HARBOR_OPENSEARCH_PREFIX": settings.opensearch_prefix,
        "HARBOR_OPENSEARCH_REPLICAS": "0",
        "HARBOR_OPENSEARCH_TIMEOUT": "30",
    }


def test_an_update_that_would_remove_most_articles_changes_nothing_unless_that_is_allowed(
    opensearch_settings: Make, tmp_path: Path
) -> None:
    settings, source = opensearch_settings(), tmp_path / "articles"
    source.mkdir()
    for number in range(20):
        (source / f"{number}.md").write_text(f"# Tea {number}\n\nOf iron.\n", encoding="utf-8")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(program, [*arguments, str(source)], env=environment_of(settings))

    assert run("rebuild").exit_code == 0
    for number in range(15):
        (source / f"{number}.md").unlink()
    with closing(open_engine(settings)) as engine:
        before = indices(engine), engine.generation()
        refused = run("update")
        assert (refused.exit_code, indices(engine), engine.generation()) == (1, *before)
        assert "15 of the 20 articles" in refused.output and "--allow-removals" in refused.output
        assert run("update", "--allow-removals").exit_code == 0
        engine._searchers.forget()  # type: ignore[attr-defined]
        assert engine.search(Term("iron"), Criteria(fold=False)).total == 5


def test_status_tells_what_the_last_rebuild_did_although_the_index_is_elsewhere(
    opensearch_settings: Make, tmp_path: Path
) -> None:
    settings = opensearch_settings()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "tea.md").write_text("# Tea\n\nTea hinders the uptake of iron.\n", encoding="utf-8")
    for arguments in (["rebuild", str(tmp_path / "articles")], ["status"]):
        done = CliRunner().invoke(program, arguments, env=environment_of(settings))
        assert done.exit_code == 0, done.output
    assert "read     1" in done.output


def test_very_long_values_stop_no_rebuild_and_are_found(opensearch_settings: Make) -> None:
    long = "l" * 40_000
    odd = article(1)._replace(id=long, section=(long, "b"), tags=(long,), source=long, source_name=long, language=long)
    with closing(open_engine(opensearch_settings())) as engine:
        engine.rebuild([odd, article(2)], quiet)
        assert engine.article(long) == odd
        (hit,) = engine.search(Term("iron"), Criteria(section=(long,), source=long)).hits
        assert hit.id == long
        first = engine.search(Term("iron"), Criteria(limit=1, after="", sort="date"))
        second = engine.search(Term("iron"), Criteria(limit=1, after=first.after, sort="date"))
        assert {first.hits[0].id, second.hits[0].id} == {long, "a2"}


def test_nothing_rolls_back_to_an_index_of_another_format(engine: SearchEngine) -> None:
    engine.rebuild([article(1)], quiet)
    generations: Generations = engine._generations  # type: ignore[attr-defined]
    older = generations.live()
    engine.rebuild([article(1), article(2)], quiet)
    meta = older.meta | {"version": INDEX_VERSION - 1}
    engine._cluster.client.indices.put_mapping(index=older.index, body={"_meta": meta})  # type: ignore[attr-defined]
    with pytest.raises(OperationalError, match="harbor-search rebuild"):
        engine.rollback()
    assert engine.article("a2") is not None


def test_a_single_node_is_green_when_something_was_written(engine: SearchEngine) -> None:
    engine.rebuild([article(1)], quiet)
    prefix = engine._generations.live().index.rpartition("-")[0]  # type: ignore[attr-defined]
    client = engine._cluster.client  # type: ignore[attr-defined]
    assert client.cluster.health(index=f"{prefix}*")["status"] == "green"


def test_stats_tell_what_the_articles_are_and_what_the_index_takes(opensearch_settings: Make) -> None:
    settings = opensearch_settings()
    engine = open_engine(settings)
    articles = [
        article(1)._replace(language="en", section=("Health", "Sleep"), source_name="blog"),
        article(2)._replace(language="de", section=("Health",), published=date(2024, 1, 1)),
        article(3)._replace(language="de"),
    ]
    engine.rebuild(articles, quiet)
    details = engine.stats().details
    assert details["languages"] == "de 2, en 1"
    assert details["sources"] == "blog 1"
    assert (details["sections, with those above"], details["articles without a date"]) == (2, 2)
    assert (details["shards"], details["deleted articles not merged away yet"]) == (1, 0)
    assert all(
        str(details[name]).endswith(" MB") for name in ("largest shard", "disk with copies", "heap of all nodes")
    )


def test_the_words_of_an_index_are_read_in_portions(opensearch_settings: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["insomnia keeps people awake", "a rested mind", "sleep comes late", "hydration matters"]
    settings = opensearch_settings()
    engine = open_engine(settings)
    engine.rebuild((Article(str(n), "", (Section("", "", text),)) for n, text in enumerate(texts)), quiet)
    whole = engine.vocabulary().lexicon
    monkeypatch.setattr(vocabulary, "PORTION", 2)
    with closing(open_engine(settings)) as other:
        parted = other.vocabulary().lexicon
    for word in ("insomia", "restd", "slep", "hydraton"):
        found = parted.similar(word, 2, 8, by_ear=True)
        assert found and found == whole.similar(word, 2, 8, by_ear=True)
