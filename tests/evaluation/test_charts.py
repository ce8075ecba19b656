"""Pictures of an evaluation."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from harbor_search.errors import OperationalError
from harbor_search.evaluation import SavedRun, compare, measure_results, write_pictures

SVG = "{http://www.w3.org/2000/svg}"
QUERIES = {"q1": "cough & <cold>", "q2": "sleep", "q3": "rash"}
QRELS = {"q1": {"a": 1}, "q2": {"b": 1}, "q3": {"c": 1}}
NOW = measure_results({"q1": [("a", 1.0)], "q3": [("c", 1.0)]}, QUERIES, QRELS, k=10, name="now")
BEFORE = measure_results({"q2": [("b", 1.0)], "q3": [("c", 1.0)]}, QUERIES, QRELS, k=10, name="before")


def test_a_bar_for_each_query_that_changed_names_it_with_both_values(tmp_path: Path) -> None:
    write_pictures(tmp_path / "made", NOW, QRELS, compare(NOW, SavedRun.of(BEFORE)))
    drawn = ElementTree.parse(tmp_path / "made" / "differences.svg")
    bars = [each.findtext(f"{SVG}title") for each in drawn.iter(f"{SVG}rect") if each.get("class") != "background"]
    assert bars == ["q1: cough & <cold> (0.000 to 1.000)", "q2: sleep (1.000 to 0.000)"]


def test_recall_is_drawn_against_depth(tmp_path: Path) -> None:
    paths = write_pictures(tmp_path, NOW, QRELS, None)
    assert [path.name for path in paths] == ["recall.svg"]
    drawn = ElementTree.parse(tmp_path / "recall.svg")
    assert len(list(drawn.iter(f"{SVG}polyline"))) == 1
    assert "now: 0.667" in [each.text for each in drawn.iter(f"{SVG}text")]


def test_pictures_that_cannot_be_written_say_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperationalError, match="cannot write pictures to"):
        write_pictures(tmp_path / "file" / "folder", NOW, QRELS, None)
