"""A worker, run by test_warm_worker.py as a process: asks for everything, and prints which kernels it had to load.

Again for each line that comes in.
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

from flask.testing import FlaskClient
from numba.core.dispatcher import Dispatcher

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.web import create_app, warm_up

QUERIES = (
    "iron",
    "sleep night",
    "+sleep +night",
    '"low iron"',
    '"dark iron"~5',
    'sleep "low iron"',
    '+"low iron" tea',
    "sle*",
    "+sle* -iron",
    "ironn~",
    "title:iron",
    "body:iron tea",
    'title:"low iron"',
    "-iron",
    "(iron tea) +(night sleep)",
    "+iron (sleep tea) -night",
    "iron AND (tea OR sleep) AND NOT night",
    "nothing-of-the-kind",
    "the of and",
    "",
)

MANNERS = (
    {},
    {"page": 2},
    {"per_page": 100},
    {"sort": "date"},
    {"sort": "views"},
    {"strict": 1},
    {"section": "Health"},
    {"section": "Health > Sleep", "sort": "date"},
    {"date_from": "2023-01-01", "date_to": "2024-12-31"},
    {"date_from": "2023-01-01", "section": "Health", "sort": "views"},
    {"facets": "0", "snippets": "0", "total": "none"},
    {"facets": "0", "snippets": "0", "section": "Health"},
)


def loaded() -> dict[str, int]:
    """How many signatures of each kernel there are in this process."""
    return {
        f"{value.__module__}.{value.__name__}": len(value.overloads)
        for name, module in list(sys.modules.items())
        if name.startswith("harbor_search.")
        for value in list(vars(module).values())
        if isinstance(value, Dispatcher)
    }


def ask_everything(site: FlaskClient) -> set[int]:
    """The statuses of the answers to all kinds of requests."""
    answers = [
        site.get(path, query_string={"q": query, **manner})
        for query, manner, path in product(QUERIES, MANNERS, ("/search", "/api/v1/search"))
    ]
    for article in ("food/iron", "sleep/night-09"):
        answers.append(site.get(f"/articles/{article}", query_string={"q": 'iron "low iron" sle*'}))
        answers.append(site.get(f"/api/v1/articles/{article}"))
    answers.append(site.get("/"))
    return {answer.status_code for answer in answers}


def main() -> None:
    settings = Settings(index=Path(sys.argv[1]))
    app = create_app(settings, EmbeddedEngine(settings))
    warm_up(app)
    site = app.test_client()
    ready = site.get("/readyz").status_code
    before = loaded()
    for _ in sys.stdin:
        statuses = ask_everything(site)
        after = loaded()
        new = {name: count for name, count in after.items() if count != before.get(name)}
        report = {"ready": ready, "statuses": sorted(statuses), "kernels": len(after), "loaded": new}
        sys.stdout.write(json.dumps({**report, **site.get("/readyz").json}) + "\n")  # type: ignore[dict-item]
        sys.stdout.flush()


if __name__ == "__main__":
    main()
