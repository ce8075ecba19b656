"""`python -m benchmarks engine`, as people and programs run it."""

import json
from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.commandline import main

PEERS = "sqlite,whoosh"


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    for name in PEERS.split(","):
        if reason := peers.peer(name).available():
            pytest.skip(reason)
    folder = tmp_path_factory.mktemp("bench")
    texts = [f"iron and tea number {i}, the end of the day" for i in range(40)] + ["coffee and milk"]
    lines = [json.dumps({"id": f"d{i}", "text": text}) for i, text in enumerate(texts)]
    (folder / "docs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    written = ["iron coffee", "+iron +tea", '"iron and tea"', "+tea -milk", "+coffee milk"]
    queries = [json.dumps({"query": text, "tags": []}) for text in written]
    (folder / "queries.jsonl").write_text("\n".join(queries), encoding="utf-8")
    return [
        *("engine", "--peers", PEERS, "--docs", str(folder / "docs.jsonl"), "--work-dir", str(folder / "work")),
        *("--queries", str(folder / "queries.jsonl"), "--rounds", "1", "--warm", "0.01"),
    ]


def test_json_maps_workload_class_and_peer_to_times_and_ratio(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"indexing", "size", "memory", "top10", "top100", "top10_count", "count"} <= document.keys()
    classes = {"union", "intersection", "phrase", "phrase_common", "negation", "mixed"}
    ours = peers.peer(peers.OURS).available() is None
    for workload in ("top10", "top100", "top10_count", "count"):
        assert document[workload].keys() == classes
        for row in document[workload].values():
            assert set(row) == {"sqlite", "whoosh"}
            for cell in row.values():
                assert cell["peer_us"] > 0
                if ours:
                    assert cell["ratio"] == pytest.approx(cell["peer_us"] / cell["ours_us"])
                else:
                    assert cell["ratio"] is None
    assert document["size"]["1 process"]["sqlite"]["peer_bytes"] > 0


def test_the_table_is_printed_with_notes_and_kept_among_the_results(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--workloads", "top10", "--check"]) == 0
    printed = capsys.readouterr()
    assert "top10: microseconds a query" in printed.out
    assert "sqlite: counts right for" in printed.out
    assert "indexing 41 documents" not in printed.out, "progress belongs on standard error"
    kept = Path(arguments[arguments.index("--work-dir") + 1]) / "results"
    assert (kept / "engine.txt").read_text(encoding="utf-8") in printed.out
    assert json.loads((kept / "engine.json").read_text(encoding="utf-8"))["top10"]


def test_growth_has_a_row_for_each_size(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    growth = ["growth", *arguments[1:], "--sizes", "20,90", "--json"]
    assert main(growth) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document["indexing"]) == ["20", "90"]
    assert document["top10, union"]["90"]["sqlite"]["peer_us"] > 0


@pytest.mark.parametrize(("option", "value"), [("--peers", "nosuch"), ("--workloads", "nosuch"), ("--limit", "0")])
def test_a_wrong_option_is_refused_with_the_choices(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["engine", option, value])
    assert ended.value.code == 2
    assert option in capsys.readouterr().err


def test_a_missing_documents_file_is_the_callers_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine", "--docs", str(tmp_path / "none.jsonl"), "--work-dir", str(tmp_path)]) == 2
    assert "none.jsonl" in capsys.readouterr().err
