"""The long form of the property tests runs what it names, and tells what fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import WHAT_STRANGERS_SEND, main


def test_every_test_that_it_runs_has_properties() -> None:
    assert all("@given" in Path(each).read_text() for each in WHAT_STRANGERS_SEND)


@pytest.mark.parametrize(
    ("body", "code", "told"), [("pass", 0, "1 rounds without"), ("assert n < 0", 1, "again: python -m pytest")]
)
def test_what_fails_is_told_with_the_command_that_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, code: int, told: str
) -> None:
    test = tmp_path / "test_some.py"
    test.write_text(f"from hypothesis import given, strategies as st\n@given(st.integers(1))\ndef test_(n): {body}\n")
    assert main(["--minutes", "0", str(test)]) == code
    assert told in capsys.readouterr().out
