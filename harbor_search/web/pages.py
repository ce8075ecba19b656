"""The pages: the front page, results and articles, complete without JavaScript."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.results import SearchResults
from harbor_search.searching import SearchRequest, read, search
from harbor_search.web import facets, paging
from harbor_search.web.caching import conditional
from harbor_search.web.parameters import question, requested, search_values
from harbor_search.web.problems import TYPES
from harbor_search.web.reading import prepare
from harbor_search.web.services import services
from harbor_search.web.wording import count_line

__all__ = ["blueprint"]

blueprint = Blueprint("pages", __name__)

SHOWCASE = 6
"""Articles offered where nothing was asked for or found: two rows of three on a wide screen."""

SECTIONS_SHOWN = 12
"""Sections shown before the rest is folded away: about what fits beside the first results."""


@blueprint.get("/")
@conditional()
def home() -> str:
    """The front page: the box, the sections and what others read."""
    using = services()
    return render_template("home.html", **_browse(using.engine, using.settings))


@blueprint.get("/search")
@conditional(question)
def results() -> str:
    """One page of results; without words, all articles that the filters leave."""
    using = services()
    asked = requested(using.settings)
    found = search(using.engine, asked, using.settings)
    context = _narrowing(found, asked, using.settings) | _turning(found, asked, using.settings)
    if not found.total:
        context["browse"] = _browse(using.engine, using.settings)
    return render_template(
        "results.html", asked=asked, q=asked.q.strip(), results=found, count_line=count_line(found), **context
    )


def _narrowing(found: SearchResults, asked: SearchRequest, settings: Settings) -> dict[str, Any]:
    """What the results page needs to offer filters, and to keep the rest of the request in its forms."""
    anywhere = SearchRequest(sort=asked.sort, per_page=asked.per_page, strict=asked.strict)
    return {
        "filters": facets.active_filters(asked, settings),
        "sections": facets.section_choices(found, asked, settings),
        "sections_shown": SECTIONS_SHOWN,
        "years": facets.year_choices(found, asked, settings),
        "kept": search_values(anywhere, settings),
        "kept_for_dates": search_values(asked, settings, date_from=None, date_to=None),
        "address": partial(facets.results_address, asked, settings),
    }


def _turning(found: SearchResults, asked: SearchRequest, settings: Settings) -> dict[str, Any]:
    """What the results page needs to link other pages."""
    last = paging.last_page(found, settings)
    return {
        "last_page": last,
        "numbers": paging.page_numbers(min(asked.page, last), last),
        "relations": paging.page_relations(asked.page, last),
    }


@blueprint.get("/articles/<article_id:article_id>")
@conditional()
def article(article_id: str) -> str:
    """An article; with `q`, its matches are marked and the way back leads to the results."""
    using = services()
    query = request.args.get("q", "").strip()
    found = read(using.engine, article_id, using.settings, q=query)
    if found is None:
        abort(404, "There is no article at this address. It may have been moved or withdrawn.")
    section = found.article.section
    trail = [section[: depth + 1] for depth in range(len(section))]
    reading = prepare(found.article, found.occurrences)
    return render_template("article.html", article=found.article, reading=reading, trail=trail, q=query)


@blueprint.get("/problems")
def problem_types() -> str:
    """What each `type` of a problem+json answer means."""
    return render_template("problems.html", types={int(status): each for status, each in TYPES.items()})


def _browse(engine: SearchEngine, settings: Settings) -> dict[str, Any]:
    """The collection for a reader who looks around: its size, its sections, its most read articles."""
    found = search(engine, SearchRequest(per_page=SHOWCASE, sort="views", snippets=False), settings)
    heading, hits = "Most read", tuple(hit for hit in found.hits if hit.views is not None)
    if not hits:
        by_date = SearchRequest(per_page=SHOWCASE, sort="date", facets=False, snippets=False, total="none")
        newest = search(engine, by_date, settings).hits
        heading, hits = "Newest", tuple(hit for hit in newest if hit.date is not None)
    if not hits:
        heading, hits = "Articles to start with", tuple(found.hits)
    return {
        "total": found.total,
        "showcase": hits,
        "showcase_heading": heading,
        "shelves": facets.shelves(found, settings),
    }
