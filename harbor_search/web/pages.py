"""The pages: the front page, results and articles, complete without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, render_template, request

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.query import fields_as_text
from harbor_search.results import Hit, SearchResults
from harbor_search.searching import SearchRequest, read, related, search
from harbor_search.tracing import stage
from harbor_search.web import facets, paging
from harbor_search.web.addresses import web_address
from harbor_search.web.article_view import FIRST_MATCH, prepare
from harbor_search.web.caching import conditional
from harbor_search.web.formatting import count_line, duration, fields_read, path, reading_time, tiers_line, views
from harbor_search.web.hit_views import cards
from harbor_search.web.lanes import admit
from harbor_search.web.languages import N_
from harbor_search.web.links import ARTICLES, RESULTS, ResultLinks, article_link, results_link
from harbor_search.web.parameters import question, requested, search_values
from harbor_search.web.problems import TYPES
from harbor_search.web.query_recording import record_opened, record_search
from harbor_search.web.services import Services, services

__all__ = ["RESULTS_TEMPLATE", "blueprint", "results_context"]

blueprint = Blueprint("pages", __name__)

RESULTS_TEMPLATE = "results.html"

SHOWCASE = 6
"""Articles offered where nothing was asked for or found: two rows of three on a wide screen."""

MOST_SIMILAR = 50
"""Near-duplicates named on the page of an article: more are copies that nobody looks through."""

SECTIONS_SHOWN = 12
"""Sections shown before the rest is folded away: about what fits beside the first results."""

YEARS_SHOWN = 6
"""The same for years, of which the latest matter most."""


@blueprint.get("/")
@conditional()
def home() -> str:
    """The front page: the box, the sections and what others read."""
    return render_template("home.html", **_browse(services()))


@blueprint.get(RESULTS)
@conditional(question)
def results() -> str:
    """One page of results; without words, all articles that the filters leave."""
    using = services()
    asked = requested(using.settings)
    found = search(using.engine, asked, using.settings, admit=admit)
    record_search(found, page=True)
    with stage("render"):
        return render_template(RESULTS_TEMPLATE, **results_context(found, asked, using))


def results_context(found: SearchResults, asked: SearchRequest, using: Services) -> dict[str, Any]:
    """What `RESULTS_TEMPLATE` shows of a search."""
    links, language = ResultLinks(asked, using.settings), using.language
    context = _narrowing(found, asked, links, using) | _turning(found, asked, using.settings)
    if not found.total:
        context |= {"browse": _browse(using)}
    return context | {
        "asked": asked,
        "q": asked.q.strip(),
        "results": found,
        "hits": tuple(found.hits),
        "similar": using.engine.similar if asked.fold else None,
        "count_line": count_line(found, language),
        "tiers_line": tiers_line(found.tiers, language) if found.tiers and found.tiers.some else "",
        "fields": fields_read(found.applied.fields, language),
        "as_text": fields_as_text(asked.q) if found.applied.fields else "",
        "duration": duration(found.processing_time_ms, language),
        "address": links,
    }


def _narrowing(found: SearchResults, asked: SearchRequest, links: ResultLinks, using: Services) -> dict[str, Any]:
    """What the results page needs to offer filters, and to keep the rest of the request in its forms."""
    anywhere = SearchRequest(
        sort=asked.sort, per_page=asked.per_page, strict=asked.strict, fold=asked.fold, diverse=asked.diverse
    )
    return {
        "filters": facets.active_filters(asked, links, using.language),
        "sections": facets.section_choices(found, asked, links),
        "sections_shown": SECTIONS_SHOWN,
        "sources": facets.source_choices(found, asked, links),
        "years": facets.year_choices(found, asked, links),
        "years_shown": YEARS_SHOWN,
        "kept": search_values(anywhere, using.settings),
        "kept_for_dates": search_values(asked, using.settings, date_from=None, date_to=None),
    }


def _turning(found: SearchResults, asked: SearchRequest, settings: Settings) -> dict[str, Any]:
    """What the results page needs to link other pages."""
    last = paging.last_page(found, settings)
    return {
        "last_page": last,
        "numbers": paging.page_numbers(min(asked.page, last), last),
        "relations": paging.page_relations(asked.page, last),
    }


@blueprint.get(f"{ARTICLES}<article_id:article_id>")
@conditional()
def article(article_id: str) -> str:
    """An article; with `q`, its matches are marked and the way back leads to the results."""
    using = services()
    query = request.args.get("q", "").strip()
    matched = read(using.engine, article_id, using.settings, q=query)
    if matched is None:
        abort(404, N_("There is no article at this address. It may have been moved or withdrawn."))
    found = matched.article
    record_opened(query, article_id)
    reading = prepare(found, matched.occurrences)
    similar = using.engine.similar(article_id)[:MOST_SIMILAR]
    own = request.host_url.rstrip("/") + article_link(article_id)
    return render_template(
        "article.html",
        article=found,
        reading=reading,
        views="" if found.views is None else views(found.views, using.language),
        reading_time=reading_time(reading.words, using.language),
        first_match=FIRST_MATCH,
        trail=_trail(found.section, using.settings),
        q=query,
        back=results_link(SearchRequest(q=query), using.settings),
        tags=[(each, results_link(SearchRequest(q=each), using.settings)) for each in found.tags],
        original=web_address(found.url),
        canonical=web_address(found.url) or own,
        plain=article_link(article_id),
        similar=_linked(similar),
        related=_linked([each for each in related(using.engine, found) if each.id not in {hit.id for hit in similar}]),
    )


def _linked(articles: Iterable[Article | Hit]) -> list[tuple[str, str, str]]:
    """The title, address and section of each."""
    return [(each.title or each.id, article_link(each.id), path(each.section)) for each in articles]


def _trail(section: tuple[str, ...], settings: Settings) -> list[tuple[str, str]]:
    """The name of each level of `section`, and where its articles are."""
    levels = (section[: depth + 1] for depth in range(len(section)))
    return [(each[-1], results_link(SearchRequest(section=each), settings)) for each in levels]


@blueprint.get("/problems")
def problem_types() -> str:
    """What each `type` of a problem+json answer means."""
    return render_template("problems.html", types={int(status): each for status, each in TYPES.items()})


def _browse(using: Services) -> dict[str, Any]:
    """The collection for a reader who looks around: its size, its sections, its most read articles."""
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
