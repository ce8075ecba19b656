"""The line that people see while they wait."""

from __future__ import annotations

import io
import time

import pytest
from numba.core.event import trigger_event

from harbor_search.cli import progress
from harbor_search.cli.progress import progress_bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _compile() -> None:
    with trigger_event("numba:compile", data={}):
        pass


def _watched(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    """A terminal in the place of standard error; no fixture, as pytest puts its own there before a test is called."""
    shown = _Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    return shown


def test_people_are_told_that_the_program_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _watched(monkeypatch)
    with progress_bar() as advance:
        for _ in range(3):
            _compile()
        advance("index", 7, None)
    assert "Compiling for this processor, the first time only" in terminal.getvalue()
    assert "Indexing" in terminal.getvalue()


def test_the_line_moves_while_one_function_is_compiled_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _watched(monkeypatch)
    monkeypatch.setattr(progress, "REFRESH_INTERVAL", 0.01)
    with progress_bar():
        for _ in range(3):
            _compile()
        while "3 functions" not in terminal.getvalue():  # until the line is written again, however long that takes
            time.sleep(0.01)


def test_nothing_is_told_of_what_is_compiled_later(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _watched(monkeypatch)
    with progress_bar():
        pass
    shown = terminal.getvalue()
    _compile()
    assert terminal.getvalue() == shown


def test_logs_and_pipes_get_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    with progress_bar() as advance:
        _compile()
        advance("index", 7, None)
    assert pipe.getvalue() == ""
