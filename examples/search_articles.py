"""Index articles from a generator, search them, change one.

    python examples/search_articles.py [FOLDER]

FOLDER is where the index goes; without one it is a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date

from harbor_search import Article, SearchResults, Section, open_index


def articles(tea: str) -> Iterator[Article]:
    """Two articles, as they might come from a database."""
    yield Article(
        id="tea-and-iron",
        title="Tea and Iron",
        section=("Food",),
        published=date(2025, 4, 25),
        body=(Section("", "", tea), Section("When to Drink It", "when", "An hour after a meal it does little harm.")),
    )
    yield Article(
        id="sleep",
        title="Falling Asleep",
        section=("Sleep",),
        body=(Section("", "", "A dark and quiet room helps more than counting."),),
    )


def show(results: SearchResults) -> None:
    """Print titles and passages."""
    print(f"{results.total} found for {results.query!r}")
    for hit in results.hits:
        print(f"  {hit.title}: {hit.snippets[0].text if hit.snippets else ''}")


def main(folder: str) -> None:
    """Build, search, update, search again."""
    with open_index(folder) as index:
        index.rebuild(articles("Black tea hinders the uptake of iron."))
        show(index.search("iron", per_page=5))
        change = index.update(articles("Black tea hinders the uptake of iron and zinc."))
        print(f"{change.changed} changed")
        show(index.search("zinc"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
