"""What a cluster refuses, and what stands in its place or before it, is said with the fault and the cure."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, nullcontext

import pytest

from harbor_search.cli.doctor import cluster as doctor
from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.engines.clauses import Phrase, Term
from harbor_search.engines.opensearch import OpenSearchEngine, building
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.mapping import INDEX_VERSION
from harbor_search.engines.opensearch.new_indices import create
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.errors import OperationalError, UserError
from tests.support.scripted_server import answering

JSON = {"error": {"root_cause": [{"type": "x", "reason": "no permissions for [read]"}]}}
NO_INDEX = "blocked by: [FORBIDDEN/10/cluster create-index blocked (api)];"
FULL = "index [i] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]"


@pytest.mark.parametrize(
    ("status", "value", "fault", "cure"),
    [
        (
            401,
            "Unauthorized",
            r"does not know the user \(401",
            "set `opensearch_user` and .*HARBOR_OPENSEARCH_PASSWORD",
        ),
        (403, JSON, r"does not allow it .*no permissions for \[read\]", "give `opensearch_user` the right"),
        (503, "<html><h1>No server</h1></html>", r"cannot answer now \(503: No server\)", "try again later"),
        (
            429,
            {"error": {"type": "t", "reason": "rejected"}},
            r"cannot answer now \(429: rejected\)",
            "try again later",
        ),
        (429, {"error": {"type": "t", "reason": FULL}}, "takes nothing more", "give it room, or add nodes"),
        (403, {"error": {"type": "t", "reason": NO_INDEX}}, "takes nothing more", "give it room, or add nodes"),
        (200, "<html>Log in</html>", "no OpenSearch", "is `opensearch_hosts` right"),
        (404, "", "no OpenSearch", "is `opensearch_hosts` right"),
    ],
)
def test_an_answer_that_is_none_is_named_with_what_mends_it(status: int, value: object, fault: str, cure: str) -> None:
    with answering([(status, value)]) as (address, _):
        settings = Settings(engine="opensearch", opensearch_hosts=address)
        with pytest.raises(OperationalError, match=f"{fault}.*; .*{cure}"):
            open_engine(settings).generation()
        (found,) = doctor.health(settings)
    assert "harbor-search rebuild" not in found.cure


def test_a_server_that_knows_no_page_is_no_cluster_whatever_it_is_asked() -> None:
    with answering([(404, "")]) as (address, _), closing(OpenSearchEngine(settings_for(address))) as engine:
        for ask in (engine.verify, engine.stats, engine.rollback, engine.require_health, lambda: engine.article("a")):
            with pytest.raises(OperationalError, match=r"no OpenSearch.*; is `opensearch_hosts` right"):
                ask()
        with pytest.raises(OperationalError, match=r"no OpenSearch.*; is `opensearch_hosts` right"):
            create(engine._cluster, "i", {})


def test_articles_are_sent_again_where_the_cluster_or_a_proxy_cannot_take_them_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(building, "_WAITS", (0, 0, 0, 0))
    taken = {"errors": False, "items": [{"index": {"_id": "1", "status": 201}}]}
    refused = {"items": [{"index": {"_id": "1", "status": 429, "error": {"reason": "busy"}}}]}
    action = {"_op_type": "index", "_index": "i", "_id": "1", "_source": {"id": "a"}}
    # A proxy's answer is asked for again at once, too, for there may be another node.
    with answering([(429, JSON), (503, "no"), (503, "no"), (503, "no"), (200, refused), (200, taken)]) as server:
        address, asked = server
        cluster = Cluster(Settings(engine="opensearch", opensearch_hosts=address))
        building.send(cluster, [action], lambda *_: None, 1)
        cluster.close()
    assert len(asked) == 6
    full = {"items": [{"index": {"_id": "1", "status": 429, "error": {"reason": FULL}}}]}
    with answering([(200, full)]) as (address, _):
        cluster = Cluster(Settings(engine="opensearch", opensearch_hosts=address))
        with pytest.raises(OperationalError, match="did not take the article 'a'.*give it room, or add nodes"):
            building.send(cluster, [action], lambda *_: None, 1)
        cluster.close()


def test_an_index_that_no_node_takes_is_refused_before_articles_are_sent_to_it() -> None:
    with answering([(200, {"acknowledged": True, "shards_acknowledged": False})]) as (address, asked):
        cluster = Cluster(Settings(engine="opensearch", opensearch_hosts=address))
        with pytest.raises(
            OperationalError, match=r"no node takes .*allocation/explain.*disk of a node is nearly full"
        ):
            create(cluster, "harbor-000001", {})
    assert asked == ["PUT /harbor-000001?timeout=50s"]


def test_a_search_of_which_a_node_failed_in_the_middle_is_asked_for_again_once() -> None:
    cut_off = (500, {"error": {"type": "t", "reason": "[n3][127.0.0.1:9303][search[phase/query/id]] disconnected"}})
    found = (200, {"hits": {"hits": []}, "_shards": {"failed": 0}})
    counted = {"hits": {"total": {"value": 7}}, "_shards": {"failed": 0}}
    lacking = (200, {"responses": [counted | {"_shards": {"failed": 1}}]})
    phrase = Phrase((b"a", b"b"), (0, 1), 0, "body")
    for failed, ask, fault in (
        (cut_off, lambda requests: requests.search({}), "the cluster answers 500: .*disconnected"),
        (lacking, lambda requests: requests._counted([phrase]), "parts of the index are on no node that answers"),
    ):
        answered = found if failed is cut_off else (200, {"responses": [counted]})
        for answers, refused in (((failed, answered), False), ((failed, failed, answered), True)):
            with answering(answers) as (address, _):
                cluster = Cluster(Settings(engine="opensearch", opensearch_hosts=address))
                with pytest.raises(OperationalError, match=fault) if refused else nullcontext():
                    ask(IndexRequests(cluster, "i", expansions=1, parts=1))
                cluster.close()


def test_who_may_search_but_not_monitor_has_words_counted_by_searches() -> None:
    counted = {"responses": [{"hits": {"total": {"value": 7}}, "_shards": {"failed": 0}}]}
    with answering([(403, JSON), (200, counted)]) as (address, asked):
        cluster = Cluster(Settings(engine="opensearch", opensearch_hosts=address))
        requests = IndexRequests(cluster, "i", expansions=1, parts=1)
        assert requests.counts([Term(b"iron", "body")]) == [7]
        cluster.close()
    assert [each.partition("?")[0] for each in asked] == ["GET /i/_stats/docs", "POST /i/_msearch"]


@pytest.mark.parametrize("host", ["ftp://x", "http://", "http://x:99999", "https://u:secret@x:y"])
def test_what_is_no_address_is_refused_without_its_password(host: str) -> None:
    with pytest.raises(UserError, match="opensearch_hosts must be addresses such as") as refusal:
        open_engine(Settings(engine="opensearch", opensearch_hosts=host))
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("prefix", ["Harbor", "_x", "-x", "a*", "a,b", "", "x y", "..", "a/b", "Ä", "x" * 101])
def test_a_prefix_that_no_index_may_have_is_refused(prefix: str) -> None:
    with pytest.raises(UserError, match="opensearch_prefix must begin with a letter or digit"):
        open_engine(Settings(engine="opensearch", opensearch_prefix=prefix))


def test_a_password_in_an_address_is_not_shown_and_slashes_do_no_harm() -> None:
    with answering([(503, "no")]) as (address, asked):
        hosts = f"{address.replace('//', '//user:secret@')}/search/"
        with pytest.raises(OperationalError) as refusal:
            open_engine(Settings(engine="opensearch", opensearch_hosts=hosts, opensearch_timeout=1.0)).generation()
        assert "cannot answer now" in str(refusal.value)
    assert asked[0].startswith("GET /search/harbor/_mapping")
    with pytest.raises(OperationalError) as refusal:
        open_engine(Settings(engine="opensearch", opensearch_hosts=hosts, opensearch_timeout=1.0)).generation()
    assert "no node of the cluster answers" in str(refusal.value) and "secret" not in str(refusal.value)


def test_readiness_is_told_by_the_node_that_is_asked_and_by_the_manager_where_that_node_knows_none() -> None:
    live = live_index("harbor-000001")
    green = {"cluster_name": "c", "number_of_nodes": 3, "unassigned_shards": 0, "status": "green"}
    no_manager: dict[str, object] = {"error": {"type": "t", "reason": "no cluster manager for 2s"}}
    known, unknown = green | {"discovered_cluster_manager": True}, green | {"discovered_cluster_manager": False}
    for told, by_manager, fault in (
        (known, None, ""),
        (unknown, (200, green), ""),
        (unknown, (503, no_manager), "cannot check the cluster: .*no cluster manager for 2s"),
        (known | {"status": "red", "unassigned_shards": 2}, None, r"is red: 2 of its parts are on no node \(3 nodes"),
        (known | {"status": "red"}, None, r"is red: parts of it are being opened \(3 nodes are there\)"),
    ):
        by_path = {"/harbor/_mapping": (200, live), "local=true": (200, told), "timeout=2s": by_manager or (500, "no")}
        with answering(lambda asked, ways=by_path: next(ways[way] for way in ways if way in asked)) as (address, asked):
            settings = Settings(engine="opensearch", opensearch_hosts=address)
            with closing(OpenSearchEngine(settings)) as engine:
                for _ in range(2):  # whatever was told before
                    with pytest.raises(OperationalError, match=fault) if fault else nullcontext():
                        engine.require_health()
        to_manager = [each for each in asked if "cluster_manager_timeout=2s" in each]
        assert bool(to_manager) == (by_manager is not None)


def live_index(name: str) -> dict[str, object]:
    """What a cluster says of an index that is live."""
    meta = {"version": INDEX_VERSION, "name": "n", "articles": 1, "analyzer": "english", "fingerprint": "f"}
    return {name: {"mappings": {"_meta": meta | {"averages": {}, "scoring": {"k1": 1.2, "fields": {}}}}}}


@pytest.mark.parametrize(("late", "told"), [(3, None), (99, "there is no index yet")])
def test_a_node_that_has_not_heard_of_a_switch_yet_is_asked_again(late: int, told: str | None) -> None:
    looks = iter([live_index("harbor-1")] * late)
    gone = {"error": {"type": "index_not_found_exception", "reason": "no such index [harbor-1]"}}

    def answer(request: str) -> tuple[int, object]:
        if "_mapping" in request:
            return 200, next(looks, live_index("harbor-2"))
        return (404, gone) if "harbor-1" in request else (404, {"found": False})

    refusal = pytest.raises(OperationalError, match=told) if told else nullcontext()
    with answering(answer) as (address, _), closing(OpenSearchEngine(settings_for(address))) as engine, refusal:
        assert engine.article("a") is None


def settings_for(address: str) -> Settings:
    return Settings(engine="opensearch", opensearch_hosts=address)


def test_a_writer_that_the_cluster_left_says_what_stopped_it_and_not_what_it_could_not_tidy_up(
    opensearch_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(opensearch_settings())
    generations = engine._generations  # type: ignore[attr-defined]

    def refused(*_: object) -> None:
        raise OperationalError("cannot remove an index")

    def stopped(*_: object) -> None:
        raise OperationalError("cannot send articles")

    monkeypatch.setattr(generations, "remove", refused)
    monkeypatch.setattr("harbor_search.engines.opensearch.writer.send", stopped)
    with pytest.raises(OperationalError, match="cannot send articles"):
        engine.rebuild([], lambda *_: None)
