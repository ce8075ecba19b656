"""The reference pages say what the program does."""

from __future__ import annotations

from pathlib import Path

from harbor_search.cli.reference import cli_page, settings_page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_command_line_reference_is_what_the_program_says_of_itself() -> None:
    assert (DOCS / "cli.md").read_text() == cli_page(), "run `make docs`"


def test_the_settings_reference_has_every_setting_with_its_default_and_reason() -> None:
    assert (DOCS / "settings.md").read_text() == settings_page(), "run `make docs`"
