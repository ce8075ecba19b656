"""Run by test_every_kernel_is_reached.py as a process: uses the interfaces as people and programs do.

Prints, as JSON, the statuses and exit codes that it got, and which kernels and parts of kernels nothing had reached.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask.testing import FlaskClient
from numba.core.dispatcher import Dispatcher

import harbor_search
from harbor_search.cli.program import program
from harbor_search.config import Settings
from harbor_search.engines.embedded import engine
from harbor_search.store.postings import term_runs
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.embedding_models import static_model
from tests.support.memory_engine import MemoryEngine
from tests.web.warm_worker import MANNERS, QUERIES

LESS = (
    {"facets": "0", "snippets": "0"},
    {"facets": "0", "snippets": "0", "total": "bounded"},
    {"facets": "0", "snippets": "0", "total": "none", "strict": "1"},
    {"facets": "0", "date_from": "2023-01-01"},
)


ON_A_CLUSTER = "harbor_search.ranking.rescoring.refine_impacts"
"""What searches reach whose posting lists are on a cluster; there is none here."""


def use_the_command_line(folder: Path) -> set[int]:
    """The exit codes of indexing all editions of the articles, one after the other, and of looking at the index."""
    first, *others = sorted((folder / "editions").iterdir())
    commands = (
        ("rebuild", first),
        *(("update", each) for each in others),
        ("search", "iron"),
        ("search", "--json", "sle*"),
        ("verify",),
    )
    # Dictionaries are merged by stretches of terms; only of a very large collection do they have several.
    term_runs.CHUNK_TERMS = 40
    # As little memory as may be: what does not fit goes to files and is merged.
    runner = CliRunner(env={"HARBOR_INDEX": str(folder / "index"), "HARBOR_MEMORY_MB": "64"})
    return {runner.invoke(program, [str(each) for each in command]).exit_code for command in commands}


def search_by_meaning(folder: Path) -> set[int]:
    """The exit codes of indexing some articles with a model, and of searching them."""
    model = static_model(folder / "model", {"iron": 0, "tea": 1})
    runner = CliRunner(env={"HARBOR_INDEX": str(folder / "meant"), "HARBOR_SEMANTIC_MODEL": str(model)})
    commands = (["rebuild", str(folder / "editions" / "1" / "0.jsonl")], ["search", "iron"])
    return {runner.invoke(program, each).exit_code for each in commands}


def use_the_site(site: FlaskClient) -> set[int]:
    """The statuses of pages and answers of every kind."""
    asked = product(QUERIES, (*MANNERS, *LESS), ("/search", "/api/v1/search"))
    answers = [site.get(path, query_string={"q": query, **manner}) for query, manner, path in asked]
    answers.append(site.get("/search?q=irno+slepe"))
    answers += [site.get(f"/articles/food/iron?q={word}") for word in ("iron", '"low iron"', "sle*", "ironn~")]
    # An engine that is none of ours has its snippets cut from whole articles.
    other = create_app(Settings(), MemoryEngine(collection())).test_client()
    answers.append(other.get("/api/v1/search?q=iron"))
    return {answer.status_code for answer in answers}


def kernels() -> dict[str, Dispatcher]:
    """All kernels and parts of kernels by name."""
    for module in pkgutil.walk_packages(harbor_search.__path__, "harbor_search."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {
        f"{value.__module__}.{value.__name__}": value
        for name, module in list(sys.modules.items())
        if name.startswith("harbor_search.")
        for value in list(vars(module).values())
        if isinstance(value, Dispatcher)
    }


def reached_from(roots: Iterable[Dispatcher]) -> set[int]:
    """The identities of `roots` and of all parts that they are made of."""
    found: dict[int, Dispatcher] = {}
    waiting = list(roots)
    while waiting:
        each = waiting.pop()
        if id(each) not in found:
            found[id(each)] = each
            named = (each.py_func.__globals__.get(name) for name in each.py_func.__code__.co_names)
            waiting += [value for value in named if isinstance(value, Dispatcher)]
    return set(found)


def main() -> None:
    folder = Path(sys.argv[1])
    engine.run_warming = lambda _: None  # what only warming up reaches, no reader needs
    codes = use_the_command_line(folder) | search_by_meaning(folder)
    settings = Settings(index=folder / "index")
    statuses = use_the_site(create_app(settings, engine.EmbeddedEngine(settings)).test_client())
    every = kernels()
    reached = reached_from([every[ON_A_CLUSTER], *(each for each in every.values() if each.overloads)])
    report: dict[str, Any] = {
        "codes": sorted(codes),
        "statuses": sorted(statuses),
        "unreached": sorted(name for name, each in every.items() if id(each) not in reached),
    }
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
