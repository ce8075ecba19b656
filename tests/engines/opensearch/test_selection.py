"""Every test that asks for a cluster is run on one, and not skipped in all runs."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[2]
ASKING = ("opensearch_settings", "opensearch_address", "three_nodes", "make_settings", "make_shared_settings")


def test_make_test_opensearch_runs_every_module_that_asks_for_a_cluster() -> None:
    recipe = (TESTS.parent / "Makefile").read_text().split("\ntest-opensearch:")[1].split("\n\n")[0]
    asking = [path for path in TESTS.rglob("test_*.py") if any(each in path.read_text() for each in ASKING)]
    elsewhere = [path for path in asking if path.parent != Path(__file__).parent]
    assert len(elsewhere) > 5
    assert [path.name for path in elsewhere if f"tests/{path.relative_to(TESTS)}" not in recipe] == []
