"""Articles can be written by those who have a key, and an answer means that they are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.indexing import Follower, journal_path
from harbor_search.journal import Journal
from harbor_search.keys import KEYS, Keys
from harbor_search.web import create_app
from harbor_search.web.write_service import WriteService
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

RECORD = {"title": "Quokkas", "text": "A quokka smiles."}


class Site:
    """A site that nobody brings up to date but `follow`."""

    def __init__(self, index: Path, **settings: Any) -> None:
        self.settings = Settings(index=index, **settings)
        self.engine = MemoryEngine(collection())
        self.client: FlaskClient = create_app(self.settings, self.engine).test_client()
        self.keys = Keys(index / KEYS)
        self.secret = self.keys.create("our CMS", ["articles:write"])[1]

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", **headers}
        return self.client.open(f"/api/v1/articles{path}", method=method, data=data, headers=sent)

    def bulk(self, *lines: str | bytes) -> Any:
        body = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
        return self.send("POST", "", body, **{"Content-Type": "application/x-ndjson"})

    def kept(self) -> dict[str, Any]:
        journal = Journal.open_existing(journal_path(self.settings))
        entries = journal.since("") if journal else []
        return {each.id: None if each.record is None else json.loads(each.record) for each in entries}

    def follow(self) -> None:
        Follower(self.engine, self.settings).catch_up()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(WriteService, "begin", lambda self: None)
    return Site(tmp_path / "index")


def test_a_written_article_is_kept_and_then_found(site: Site) -> None:
    answer = site.send("PUT", "/animals/quokka", RECORD)
    assert (answer.status_code, answer.json) == (201, {"id": "animals/quokka", "result": "created"})
    assert site.kept() == {"animals/quokka": RECORD}
    site.follow()
    assert site.client.get("/api/v1/articles/animals/quokka").json["title"] == "Quokkas"
    assert site.client.get("/api/v1/search?q=quokka").json["total"] == 1


def test_an_article_for_later_is_kept_with_the_moment_from_which_it_is_found(site: Site) -> None:
    answer = site.send("PUT", "/q", {**RECORD, "publishDate": "2999-01-01T08:00:00Z"})
    assert (answer.status_code, answer.json["visible_from"]) == (201, "2999-01-01T08:00:00+00:00")
    site.follow()
    assert site.client.get("/api/v1/articles/q").status_code == 404


def test_writing_is_idempotent(site: Site) -> None:
    results = [site.send("PUT", "/q", RECORD), site.send("PUT", "/q", dict(reversed(RECORD.items())))]
    assert [each.status_code for each in results] == [201, 200]
    results = [site.send("PUT", "/q", RECORD), site.send("PUT", "/q", b" " + json.dumps(RECORD, indent=2).encode())]
    assert [each.json["result"] for each in results][-1] == "unchanged"


def test_a_deleted_article_is_gone_whatever_source_it_is_from(site: Site) -> None:
    there = collection()[0].id
    assert site.send("DELETE", f"/{there}").status_code == 204
    assert site.send("DELETE", f"/{there}").status_code == 204
    site.follow()
    assert site.client.get(f"/api/v1/articles/{there}").status_code == 404


def test_what_an_article_is_answered_as_can_be_written_back(site: Site) -> None:
    there = site.client.get(f"/api/v1/articles/{collection()[0].id}").json
    answer = site.send("PUT", f"/{there['id']}", there)
    assert (answer.status_code, answer.json["result"]) == (200, "replaced")
    site.follow()
    assert site.client.get(f"/api/v1/articles/{there['id']}").json == there | {"source": "written"}


@pytest.mark.parametrize(("method", "path"), [("PUT", "/q"), ("DELETE", "/q"), ("POST", "")])
def test_a_write_needs_a_key_with_the_right_scope(site: Site, method: str, path: str) -> None:
    _, reading = site.keys.create("reader", ["insights"])
    headers = {"Content-Type": "application/json" if method == "PUT" else "application/x-ndjson"}
    body = json.dumps({"id": "q", **RECORD}).encode()
    for given, status in [("", 401), ("Bearer x", 401), (f"Bearer {reading}", 403)]:
        answer = site.send(method, path, body, **headers, Authorization=given)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert site.send(method, path, body, **headers, Authorization="").headers["WWW-Authenticate"].startswith("Bearer")
    site.keys.revoke(next(iter(site.keys.all())))
    assert site.send(method, path, body, **headers).status_code == 401
    assert site.kept() == {}


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"", 400, "empty"),
        (b"{", 422, "not valid JSON"),
        (b"[]", 422, "not a JSON object"),
        (b'{"title": "Only a title"}', 422, "no field for an article's text"),
        (b'{"text": ""}', 422, "no text"),
        (b'{"id": "other", "text": "x"}', 422, "'other'"),
        (b'{"text": "x", "draft": true}', 422, "draft"),
        (b'{"text": "x", "expires": "1999-01-01"}', 422, "1999"),
        (b'{"text": "x", "expires": "1999-01-01", "date": "2999-01-01"}', 422, "1999"),
        (b'{"text": "", "date": "2999-01-01"}', 422, "2999"),
        (b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}", 422, "nested too deep"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(site: Site, body: bytes, status: int, told: str) -> None:
    answer = site.send("PUT", "/q", body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert told in answer.json["detail"]
    assert site.kept() == {}


def test_a_body_of_another_content_type_is_refused(site: Site) -> None:
    assert site.send("PUT", "/q", RECORD, **{"Content-Type": "text/plain"}).status_code == 415
    assert site.send("POST", "", RECORD).status_code == 415


def test_a_body_over_the_bound_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path / "index", max_write_bytes=500)
    assert site.send("PUT", "/q", {"text": "x" * 600}).status_code == 413


def test_an_article_may_be_larger_than_what_other_addresses_take(site: Site) -> None:
    assert site.send("PUT", "/q", {"text": "word " * 100_000}).status_code == 201


@pytest.mark.parametrize("name", ["a/../b", "x" * 1025])
def test_an_id_that_no_article_can_have_is_refused(site: Site, name: str) -> None:
    answer = site.bulk(json.dumps({"id": name, **RECORD}), json.dumps({"delete": name}))
    assert answer.status_code == 422
    assert [each["line"] for each in answer.json["errors"]] == [1, 2]


def test_valid_lines_are_written_and_the_others_named(site: Site) -> None:
    answer = site.bulk(
        '{"id": "a", "text": "One."}',
        "",
        "nonsense",
        '{"id": "b", "text": "Two."}\r',
        '{"delete": "a"}',
        '{"text": "Nobody."}',
        b'{"id": "c", "text": "\xff\xfe"}',
        '{"delete": "never"}',
        '{"id": "d", "text": ""}',
    )
    assert answer.status_code == 200
    assert {name: answer.json[name] for name in ("created", "deleted", "absent", "failed")} == {
        "created": 3,
        "deleted": 1,
        "absent": 1,
        "failed": 3,
    }
    assert [(each["line"], each["id"]) for each in answer.json["errors"]] == [(3, None), (6, None), (9, "d")]
    assert list(site.kept()) == ["b", "a", "c", "never"]


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("date", "2025-02-30", "'2025-02-30'"),
        ("views", -5, "a number"),
        ("views", "12k", "'12k'"),
        ("tags", {"a": 1}, "an object"),
        ("tags", ["sound", {"a": 1}], "an object"),
        ("url", "javascript:alert(1)", "'javascript:alert(1)'"),
    ],
)
def test_the_answer_to_a_write_says_what_was_left_out_and_why(
    site: Site, field: str, value: object, shown: str
) -> None:
    record = {**RECORD, field: value}
    [note] = site.send("PUT", "/q", record).json["noted"]
    assert f"'{field}' cannot be used and was left out: {shown}." in note
    site.follow()
    assert site.client.get("/api/v1/articles/q").json["title"] == "Quokkas"
    # Whoever repeats a write whose answer was lost is told as well.
    assert site.send("PUT", "/q", record).json == {"id": "q", "result": "unchanged", "noted": [note]}


def test_an_article_for_later_is_written_with_what_was_left_out(site: Site) -> None:
    answer = site.send("PUT", "/q", {**RECORD, "publishDate": "2999-01-01T08:00:00Z", "views": -5}).json
    assert answer["visible_from"].startswith("2999") and "'views'" in answer["noted"][0]


def test_lines_that_are_written_in_part_are_named_with_what_was_left_out(site: Site) -> None:
    answer = site.bulk(
        json.dumps({"id": "a", **RECORD}),
        json.dumps({"id": "b", **RECORD, "views": "12k", "date": "soon"}),
        "nonsense",
        json.dumps({"id": "c", **RECORD, "tags": {"a": 1}}),
        '{"delete": "a"}',
    ).json
    assert (answer["created"], answer["failed"], answer["mended"]) == (3, 1, 2)
    assert [(each["line"], each["id"], len(each["noted"])) for each in answer["noted"]] == [(2, "b", 2), (4, "c", 1)]
    assert "'12k'" in " ".join(answer["noted"][0]["noted"])


def test_lines_of_which_nothing_was_left_out_have_no_notes(site: Site) -> None:
    answer = site.bulk(json.dumps({"id": "a", **RECORD}), '{"delete": "b"}').json
    assert (answer["mended"], answer["noted"]) == (0, [])


def test_lines_none_of_which_can_be_used_are_a_fault_of_the_caller(site: Site) -> None:
    answer = site.bulk("nonsense", "more")
    assert (answer.status_code, answer.json["failed"]) == (422, 2)


def test_clients_with_a_key_are_not_rate_limited(tmp_path: Path) -> None:
    site = Site(tmp_path / "index", client_requests=3)
    here = {"REMOTE_ADDR": "203.0.113.7"}
    site.client.environ_base.update(here)
    assert [site.send("PUT", "/q", RECORD).status_code for _ in range(6)] == [201, 200, 200, 200, 200, 200]
    wrong = [site.send("PUT", "/q", RECORD, Authorization="Bearer guess").status_code for _ in range(5)]
    assert wrong == [401, 401, 401, 429, 429]


def test_scripts_of_other_sites_may_write_only_where_the_settings_name_them(tmp_path: Path) -> None:
    asked = {"Origin": "https://cms.example.org", "Access-Control-Request-Method": "PUT"}
    for origins, allowed in [("*", False), ("https://cms.example.org", True)]:
        client = create_app(Settings(index=tmp_path, cors_origins=origins), MemoryEngine(collection())).test_client()
        methods = client.options("/api/v1/articles/q", headers=asked).headers["Access-Control-Allow-Methods"]
        assert ("PUT" in methods) is allowed


def test_a_site_that_was_given_its_engine_brings_it_up_to_date_itself(tmp_path: Path) -> None:
    site = Site(tmp_path / "index")
    site.send("PUT", "/q", RECORD)
    while site.client.get("/api/v1/articles/q").status_code != 200:
        pass


@pytest.mark.parametrize("article_id", ["food/related", "food/similar", "https://example.org/related", "plain"])
def test_an_article_of_any_id_is_written_read_and_deleted_with_its_id_as_a_parameter(
    site: Site, article_id: str
) -> None:
    place = f"?id={article_id}"
    assert site.send("PUT", place, RECORD).json == {"id": article_id, "result": "created"}
    site.follow()
    assert site.client.get(f"/api/v1/articles{place}").json["title"] == "Quokkas"
    assert site.send("DELETE", place).status_code == 204
    site.follow()
    assert site.client.get(f"/api/v1/articles{place}").status_code == 404


def test_a_parameter_that_names_no_article_or_two_is_refused(site: Site) -> None:
    for place in ("", "?id=", "?id=a&id=b"):
        for method in ("GET", "PUT", "DELETE"):
            answer = site.send(method, place, RECORD)
            assert (answer.status_code, answer.json["parameter"]) == (400, "id")
