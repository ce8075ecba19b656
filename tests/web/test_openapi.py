"""The description of the API is true: what it promises is what is answered, and a generated client works."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance, unsupported_method
from werkzeug.serving import make_server

from harbor_search.config import Settings
from harbor_search.keys import KEYS, Keys
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


@schemathesis.serializer("application/x-ndjson")
def lines(context: schemathesis.SerializationContext, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


FOLDER = tempfile.TemporaryDirectory()
INDEX = Path(FOLDER.name)
KEY = Keys(INDEX / KEYS).create("for tests", ["articles:write"])[1]
SITE = create_app(Settings(index=INDEX), MemoryEngine(collection()))
SCHEMA = schemathesis.openapi.from_wsgi("/openapi.json", SITE)


@SCHEMA.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_keep_the_promises_of_the_description(case: schemathesis.Case) -> None:
    # Addresses take HEAD and OPTIONS besides what is described. And what one parameter forbids another (`page` beside
    # `cursor`, days in the wrong order) has no words in OpenAPI: such requests are refused with 400.
    # An empty value of any type means the default, as forms send it.
    # Without a server in between, nothing would undo the compression that is asked for by default.
    case.call_and_validate(
        headers={"Accept-Encoding": "identity", "Authorization": f"Bearer {KEY}"},
        excluded_checks=[unsupported_method, positive_data_acceptance, negative_data_rejection],
    )


def test_the_description_knows_the_bounds_of_the_settings() -> None:
    site = create_app(Settings(max_per_page=7, per_page=5, max_query_length=99), MemoryEngine(collection()))
    described = site.test_client().get("/openapi.json").get_json()
    parameters = {each["name"]: each["schema"] for each in described["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert (parameters["per_page"]["maximum"], parameters["per_page"]["default"]) == (7, 5)
    assert parameters["q"]["maxLength"] == 99


def test_the_page_shows_what_is_typed_as_code(client: FlaskClient) -> None:
    page = client.get("/openapi").text
    assert "`" not in page
    assert "<code>&#34;phrases&#34;</code>" in page


def test_the_page_names_every_operation_and_parameter(client: FlaskClient) -> None:
    page = client.get("/openapi").text
    for methods in client.get("/openapi.json").get_json()["paths"].values():
        for operation in methods.values():
            assert operation["summary"] in page
            assert all(f"<code>{each['name']}</code>" in page for each in operation.get("parameters", ()))


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The site on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_a_generated_client_searches_and_reads(
    client: FlaskClient, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(client.get("/openapi.json").get_json()))
    (tmp_path / "config.yml").write_text(
        "package_name_override: generated_client\npost_hooks: []\n"
        "content_type_overrides:\n  application/x-ndjson: application/octet-stream\n"
    )
    command = ("generate", "--path", "openapi.json", "--config", "config.yml", "--meta", "none", "--fail-on-warning")
    subprocess.run([sys.executable, "-m", "openapi_python_client", *command], cwd=tmp_path, check=True)
    monkeypatch.syspath_prepend(tmp_path)
    searching = importlib.import_module("generated_client.api.search.search")
    reading = importlib.import_module("generated_client.api.articles.article")
    api = importlib.import_module("generated_client").Client(base_url=address)
    found = searching.sync(client=api, q="sleep", per_page=1)
    assert found.total > 1 and len(found.hits) == 1
    assert found.hits[0].snippets[0].ranges
    assert reading.sync(client=api, id=found.hits[0].id).title == found.hits[0].title
    assert searching.sync(client=api, q="sleep", page=9999).parameter == "page"
