"""What several commands print."""

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
    """One JSON document on standard output, UTF-8 whatever the locale."""
    from harbor_search.searching import to_json

    click.echo(to_json(document), nl=False)


def print_results(results: SearchResults) -> None:
    """Results as the JSON endpoint answers with them."""
    from harbor_search.searching import results_to_json

    click.echo(results_to_json(results), nl=False)


def generation_to_dict(info: GenerationInfo) -> dict[str, Any]:
    """A generation as JSON-ready values; `built` is ISO 8601 in UTC."""
    return {"generation": info.name, "articles": info.articles, "bytes": info.bytes, "built": info.built.isoformat()}


def generation_line(info: GenerationInfo) -> str:
    """A generation in a line for people."""
    return f"{counted(info.articles, 'article')}, {size(info.bytes)}, built {info.built:%Y-%m-%d %H:%M} UTC"


def print_generation(info: GenerationInfo, what: str, *, json: bool) -> None:
    """What became of a generation: a sentence for people with `what` in it, or a document."""
    if json:
        print_json(generation_to_dict(info))
    else:
        click.echo(f"Generation {info.name} is {what}: {generation_line(info)}.")


def counted(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
