"""`python -m benchmarks http`: what is asked, and how the outcome is shown."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.commandline import main
from benchmarks.http.attack import Attacked, expensive_queries
from benchmarks.http.collection import Text, questions
from benchmarks.http.comparison import Row
from benchmarks.http.load import Measured
from benchmarks.http.load import absent as no_wrk
from benchmarks.http.report import chart, table
from benchmarks.http.soak import Soaked
from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

ARTICLES = [
    Text(str(n), f"Iron and sleep number {n}", "Lentils and dark greens bring iron. " * 5, "Food") for n in range(30)
]


def run(throughput: float, failed: int = 0) -> Measured:
    return Measured(answers=int(throughput * 2), seconds=2.0, p50=1.0, p95=2.0, p99=3.0, failed=failed)


def test_questions_are_the_same_each_time_and_a_few_are_phrases() -> None:
    asked = questions(ARTICLES, 200)
    assert asked == questions(ARTICLES, 200)
    assert 4 <= sum(each.phrase for each in asked) <= 40
    assert all(each.written for each in asked)
    assert {each.written[0] == '"' for each in asked} == {True, False}


def test_the_table_and_the_chart_show_each_server_and_the_ratio() -> None:
    rows = [Row("harbor_search", 4, run(1000), 180_000_000), Row("other <one>", 4, run(250, 3), 50_000_000)]
    line = table(rows).splitlines()[-1]
    assert line.split() == ["other", "<one>", "4", "250", "4.00", "1.00", "2.00", "3.00", "3", "50"]
    texts = [each.text for each in ElementTree.fromstring(chart(rows, "a & b")).iter() if each.text]
    assert {"a & b", "harbor_search", "other <one>", "250/s, p99 3.0 ms"} <= set(texts)


def test_a_soak_tells_of_failed_requests_and_of_memory_that_grows() -> None:
    flat = (200_000_000,) * 6
    growing = tuple(200_000_000 + 40_000_000 * n for n in range(6))
    assert Soaked((run(10),) * 6, flat, 2).faults() == []
    assert Soaked((run(10, 1),) * 6, growing, 2).faults() == [
        "6 requests failed",
        "memory grew from 280 to 400 MB",
    ]


def test_an_attack_tells_whose_wait_rose_and_whose_was_too_long() -> None:
    calm = tuple(float(n) / 10 for n in range(1, 101))
    # What attackers ask for is kept like all else, within a bound; what grows after that has none.
    held = (200_000_000, 300_000_000, 301_000_000)
    assert Attacked(calm, calm, 0, {200: 5, 429: 9}, held).faults() == []
    slow = (*calm[:90], *(400.0 for _ in range(10)))
    assert Attacked(calm, slow, 1, {}, (100_000_000, 200_000_000, 400_000_000)).faults() == [
        "1 of the readers' requests failed",
        "readers' p95 rose from 9.6 to 400.0 ms",
        "a reader waited 400 ms",
        "memory grew from 200 to 400 MB",
    ]


def test_attackers_ask_for_what_the_server_takes_for_a_question() -> None:
    site = create_app(Settings(client_requests=0), MemoryEngine(collection())).test_client()
    assert {site.get(each).status_code for each in expensive_queries(["iron", "sleep", "tea"])} <= {200, 400}


def test_a_short_soak_of_the_real_server_drops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if reason := no_wrk():
        pytest.skip(reason)
    lines = [json.dumps({"id": each.id, "title": each.title, "text": each.body}) for each in ARTICLES]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    places = ("--docs", str(tmp_path / "articles.jsonl"), "--work-dir", str(tmp_path / "work"))
    assert main(["http", "--soak", "12s", *places, "--json"]) in (0, 1)
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["answers"] > 0
    assert not [fault for fault in outcome["faults"] if "failed" in fault]
