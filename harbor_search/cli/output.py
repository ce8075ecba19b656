"""Output shared by several commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from harbor_search.cli.terminal import size

if TYPE_CHECKING:
    from harbor_search.engines import GenerationInfo
    from harbor_search.results import SearchResults

__all__ = ["counted", "generation_line", "generation_to_dict", "print_generation", "print_json", "print_results"]


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document to standard output, in UTF-8 whatever the locale."""
    from harbor_search.searching import to_json

    click.echo(to_json(document), nl=False)


def print_results(results: SearchResults) -> None:
    """Print results in the form of the JSON endpoint."""
    from harbor_search.searching import results_to_json

    click.echo(results_to_json(results), nl=False)


def generation_to_dict(info: GenerationInfo) -> dict[str, Any]:
    """A generation as JSON-ready values; `built` is ISO 8601 in UTC."""
    return {"generation": info.name, "articles": info.articles, "bytes": info.bytes, "built": info.built.isoformat()}


def generation_line(info: GenerationInfo) -> str:
    """A generation as one line of text."""
    return f"{counted(info.articles, 'article')}, {size(info.bytes)}, built {info.built:%Y-%m-%d %H:%M} UTC"


def print_generation(info: GenerationInfo, what: str, *, json: bool) -> None:
    """Print "Generation N is `what`", or a JSON document."""
    if json:
        print_json(generation_to_dict(info))
    else:
        click.echo(f"Generation {info.name} is {what}: {generation_line(info)}.")


def counted(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
