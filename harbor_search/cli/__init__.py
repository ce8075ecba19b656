"""The command line: the interface in the terminal, and the only layer that prints."""

from harbor_search.cli.program import main

__all__ = ["main"]
