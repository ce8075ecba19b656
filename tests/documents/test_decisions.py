"""The decision records are complete, and their index lists them all."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


def test_the_index_of_decisions_lists_every_record() -> None:
    index = runpy.run_path(str(FOLDER / "make_index.py"))["index"]
    assert (FOLDER / "README.md").read_text() == index(), "run `make docs`"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_record_has_context_decision_rejected_and_consequences(record: Path) -> None:
    headings = [line[3:] for line in record.read_text().splitlines() if line.startswith("## ")]
    assert headings == ["Context", "Decision", "Rejected", "Consequences"]


def test_no_two_records_have_one_number() -> None:
    numbers = [record.name[:4] for record in RECORDS]
    assert len(numbers) == len(set(numbers))
