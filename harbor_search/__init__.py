"""Full-text search for collections of articles.

What a Python program needs, loaded when it is first used:

- `open_index(folder)` gives an `Index`: search it, read its articles, rebuild or update it from any iterable of
  `Article`s, evaluate it by judged queries;
- `create_blueprint(settings)` gives the pages and the JSON endpoint as a blueprint for an existing Flask application,
  `create_app(settings)` as an application of their own.

>>> import tempfile
>>> from harbor_search import Article, Section, open_index
>>> with open_index(tempfile.mkdtemp()) as index:
...     _ = index.rebuild([Article("tea", "Tea and Iron", (Section("", "", "Tea blocks iron."),))])
...     results = index.search("does tea block iron?")
>>> results.total
1
>>> results.hits[0].title
'Tea and Iron'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from harbor_search.version import __version__

if TYPE_CHECKING:
    from harbor_search.article import Article, Section
    from harbor_search.config import Settings
    from harbor_search.config_loading import load_settings
    from harbor_search.errors import OperationalError, UserError
    from harbor_search.evaluation import EvaluationReport, read_qrels, read_queries
    from harbor_search.index import Index, open_index
    from harbor_search.ingest import read_articles
    from harbor_search.results import Hit, SearchResults, Snippet
    from harbor_search.searching import SearchRequest, results_to_dict
    from harbor_search.web import create_app, create_blueprint

__all__ = [
    "Article",
    "EvaluationReport",
    "Hit",
    "Index",
    "OperationalError",
    "SearchRequest",
    "SearchResults",
    "Section",
    "Settings",
    "Snippet",
    "UserError",
    "__version__",
    "create_app",
    "create_blueprint",
    "load_settings",
    "open_index",
    "read_articles",
    "read_qrels",
    "read_queries",
    "results_to_dict",
]

_HOMES = {
    "Article": "article",
    "EvaluationReport": "evaluation",
    "Hit": "results",
    "Index": "index",
    "OperationalError": "errors",
    "SearchRequest": "searching",
    "SearchResults": "results",
    "Section": "article",
    "Settings": "config",
    "Snippet": "results",
    "UserError": "errors",
    "create_app": "web",
    "create_blueprint": "web",
    "load_settings": "config_loading",
    "open_index": "index",
    "read_articles": "ingest",
    "read_qrels": "evaluation",
    "read_queries": "evaluation",
    "results_to_dict": "searching",
}
"""The module of each name: none is loaded before it is asked for, so that importing this package costs nothing."""


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
