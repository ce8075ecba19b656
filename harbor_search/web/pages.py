"""The pages: the front page, results and articles, complete without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.query import fields_as_text
from harbor_search.results import Hit, SearchResults
from harbor_search.searching import SearchRequest, read, related, search
from harbor_search.tracing import stage
from harbor_search.web import facets, paging
from harbor_search.web.admission import admit
from harbor_search.web.article_view import FIRST_MATCH, prepare
from harbor_search.web.caching import conditional
from harbor_search.web.formatting import (
    count_line,
    duration,
    fields_read,
    path,
    reading_time,
    tiers_line,
    views,
    visible,
)
from harbor_search.web.hit_views import cards, highlighted
from harbor_search.web.links import ARTICLES, RESULTS, ResultLinks, article_link, results_link
from harbor_search.web.localization import N_
from harbor_search.web.parameters import canonical_query, requested, search_values
from harbor_search.web.problems import TYPES
from harbor_search.web.query_recording import record_opened, record_search
from harbor_search.web.services import Services, services
from harbor_search.web.web_addresses import web_address

__all__ = ["RESULTS_TEMPLATE", "blueprint", "results_context"]

blueprint = Blueprint("pages", __name__)

RESULTS_TEMPLATE = "results.html"

SHOWCASE = 6
"""Articles shown when there is no query or no result: two rows of three on a wide screen."""

MAX_SIMILAR = 50
"""Near-duplicates listed on the page of an article."""

SECTIONS_SHOWN = 12
"""Sections shown before the rest is collapsed: about what fits beside the first results."""

YEARS_SHOWN = 6
"""Years shown before the rest is collapsed."""


@blueprint.get("/")
@conditional()
def home() -> str:
    """The front page: search box, sections and popular articles."""
    return render_template("home.html", **_browse(services()))


@blueprint.get(RESULTS)
@conditional(canonical_query)
def results() -> str:
    """One page of results; without a query, all articles that match the filters."""
    using = services()
    search_request = requested(using.settings)
    found = search(using.engine, search_request, using.settings, admit=admit)
    record_search(found, page=True)
    with stage("render"):
        return render_template(RESULTS_TEMPLATE, **results_context(found, search_request, using))


def results_context(found: SearchResults, search_request: SearchRequest, using: Services) -> dict[str, Any]:
    """The context of `RESULTS_TEMPLATE` for a search."""
    links, language = ResultLinks(search_request, using.settings), using.language
    filters = _filter_context(found, search_request, links, using)
    context = filters | _paging_context(found, search_request, links, using.settings)
    if not found.total:
        context |= {"browse": _browse(using)}
    return context | {
        "asked": search_request,
        "q": visible(search_request.q.strip()),
        "results": found,
        "hits": highlighted(found.hits),
        "similar": using.engine.similar if search_request.fold else None,
        "count_line": count_line(found, language),
        "tiers_line": tiers_line(found.tiers, language) if found.tiers and found.tiers.some else "",
        "fields": fields_read(found.applied.fields, language),
        "as_text": fields_as_text(search_request.q) if found.applied.fields else "",
        "duration": duration(found.processing_time_ms, language),
        "address": links,
    }


def _filter_context(
    found: SearchResults, search_request: SearchRequest, links: ResultLinks, using: Services
) -> dict[str, Any]:
    """The context for filters, and for the hidden fields that keep the rest of the request in forms."""
    anywhere = SearchRequest(
        sort=search_request.sort,
        per_page=search_request.per_page,
        strict=search_request.strict,
        fold=search_request.fold,
        diverse=search_request.diverse,
    )
    return {
        "filters": facets.active_filters(search_request, links, using.language),
        "sections": facets.section_choices(found, search_request, links),
        "sections_shown": SECTIONS_SHOWN,
        "sources": facets.source_choices(found, search_request, links),
        "years": facets.year_choices(found, search_request, links),
        "years_shown": YEARS_SHOWN,
        "kept": search_values(anywhere, using.settings),
        "kept_for_dates": _visible(search_values(search_request, using.settings, date_from=None, date_to=None)),
    }


def _visible(values: Mapping[str, str]) -> dict[str, str]:
    return {name: visible(text) for name, text in values.items()}


def _paging_context(
    found: SearchResults, search_request: SearchRequest, links: ResultLinks, settings: Settings
) -> dict[str, Any]:
    """The context for links to other pages."""
    last = paging.last_page(found, settings)
    numbers = paging.page_numbers(min(search_request.page, last), last)
    relations = paging.page_relations(search_request.page, last)
    return {
        "last_page": last,
        "numbers": numbers,
        "page_links": links.pages({*filter(None, numbers), *relations.values()}),
        "relations": relations,
    }


@blueprint.get(f"{ARTICLES}<article_id:article_id>")
@conditional()
def article(article_id: str) -> str:
    """An article; with `q`, its matches are marked and there is a link back to the results."""
    using = services()
    query = request.args.get("q", "").strip()
    matched = read(using.engine, article_id, using.settings, q=query)
    if matched is None:
        abort(404, N_("There is no article at this address. It may have been moved or withdrawn."))
    found = matched.article
    record_opened(query, article_id)
    reading = prepare(found, matched.occurrences)
    similar = using.engine.similar(article_id)[:MAX_SIMILAR]
    own = request.host_url.rstrip("/") + article_link(article_id)
    return render_template(
        "article.html",
        article=found,
        reading=reading,
        views="" if found.views is None else views(found.views, using.language),
        reading_time=reading_time(reading.words, using.language),
        first_match=FIRST_MATCH,
        trail=_breadcrumbs(found.section, using.settings),
        q=visible(query),
        back=results_link(SearchRequest(q=query), using.settings),
        tags=[(each, results_link(SearchRequest(q=each), using.settings)) for each in found.tags],
        original=web_address(found.url),
        canonical=web_address(found.url) or own,
        plain=article_link(article_id),
        similar=_linked(similar),
        related=_linked([each for each in related(using.engine, found) if each.id not in {hit.id for hit in similar}]),
    )


def _linked(articles: Iterable[Article | Hit]) -> list[tuple[str, str, str]]:
    """(title, URL, section) of each article."""
    return [(each.title or each.id, article_link(each.id), path(each.section)) for each in articles]


def _breadcrumbs(section: tuple[str, ...], settings: Settings) -> list[tuple[str, str]]:
    """The name of each level of `section`, and the URL of its articles."""
    levels = (section[: depth + 1] for depth in range(len(section)))
    return [(each[-1], results_link(SearchRequest(section=each), settings)) for each in levels]


@blueprint.get("/problems")
def problem_types() -> str:
    """The documentation of each `type` of problem+json responses."""
    return render_template("problems.html", types={int(status): each for status, each in TYPES.items()})


def _browse(using: Services) -> dict[str, Any]:
    """The context for browsing: the size of the collection, its sections, its most read articles."""
    engine, settings, gettext = using.engine, using.settings, using.language.gettext
    found = search(engine, SearchRequest(per_page=SHOWCASE, sort="views"), settings)
    heading, hits = gettext("Most read"), tuple(hit for hit in found.hits if hit.views is not None)
    if not hits:
        by_date = SearchRequest(per_page=SHOWCASE, sort="date", facets=False, total="none")
        newest = search(engine, by_date, settings).hits
        heading, hits = gettext("Newest"), tuple(hit for hit in newest if hit.date is not None)
    if not hits:
        heading, hits = gettext("Articles to start with"), tuple(found.hits)
    return {
        "total": found.total,
        "showcase": cards(hits),
        "showcase_heading": heading,
        "shelves": facets.shelves(found, settings),
    }
