"""A cluster that is not there, or not named, is said plainly."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, open_engine
from harbor_search.errors import OperationalError, UserError
from harbor_search.query import Term


def nowhere() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_a_cluster_that_does_not_answer_is_named_with_what_to_look_at() -> None:
    engine = open_engine(Settings(engine="opensearch", opensearch_hosts=nowhere(), opensearch_timeout=1.0))
    with pytest.raises(
        OperationalError, match=r"no node of the cluster answers at http://127.0.0.1:\d+ .*is it running"
    ):
        engine.generation()


def test_a_log_has_a_line_for_each_request_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    engine = open_engine(Settings(engine="opensearch", opensearch_hosts=nowhere(), opensearch_timeout=1.0))
    with pytest.raises(OperationalError):
        engine.generation()
    lines = caplog.text.splitlines()
    assert lines
    assert all("GET http://127.0.0.1" in line and line.endswith("NewConnectionError") for line in lines)


def test_after_failures_in_a_row_nothing_is_asked_for_a_while() -> None:
    engine = open_engine(Settings(engine="opensearch", opensearch_hosts=nowhere(), opensearch_timeout=1.0))
    for _ in range(5):
        with pytest.raises(OperationalError, match="no node of the cluster answers"):
            engine.generation()
    with pytest.raises(OperationalError, match=r"failed 5 times in a row; it is tried again in \d"):
        engine.generation()


def test_an_engine_that_does_not_exist_is_refused_with_the_choices() -> None:
    with pytest.raises(UserError, match="engine must be one of embedded, opensearch, not 'solr'"):
        open_engine(Settings(engine="solr"))
    with pytest.raises(UserError, match="opensearch_hosts names no host"):
        open_engine(Settings(engine="opensearch", opensearch_hosts=" , "))


def test_without_the_extra_the_message_names_it() -> None:
    program = (
        "import sys; sys.modules['opensearchpy'] = None\n"
        "from harbor_search import Settings\n"
        "from harbor_search.engines import open_engine\n"
        "open_engine(Settings(engine='opensearch'))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert "pip install 'harbor-search[opensearch]'" in result.stderr


def test_the_embedded_engine_loads_nothing_of_opensearch(tmp_path: Path) -> None:
    program = (
        "import sys; from harbor_search import open_index\n"
        f"open_index({str(tmp_path)!r})\n"
        "print([name for name in sys.modules if 'opensearch' in name])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert result.stdout == "[]\n", result.stderr


def test_a_node_that_does_not_answer_is_passed_over(opensearch_settings: Callable[..., Settings]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        made = open_engine(opensearch_settings())
        made.rebuild([Article("a", "Iron", (Section("", "", "Iron."),))], lambda *_: None)
        hosts = f"{address},{opensearch_settings().opensearch_hosts}"
        engine = open_engine(opensearch_settings(opensearch_hosts=hosts, opensearch_timeout=3.0))
        assert [hit.id for hit in engine.search(Term("iron"), Criteria()).hits] == ["a"]
