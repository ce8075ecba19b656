"""The command line: the terminal's door, and the only room that prints."""

from harbor_search.cli.program import main

__all__ = ["main"]
