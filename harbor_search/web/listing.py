"""Listing: hits as a page shows them, with everything that templates would have to work out for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from harbor_search.results import Hit, Snippet
from harbor_search.web.explanations import ExplanationShown, explanation_shown
from harbor_search.web.highlighting import marked
from harbor_search.web.languages import Language
from harbor_search.web.links import article_link, heading_link
from harbor_search.web.wording import path, reading_time, views

__all__ = ["Listed", "Passage", "listed"]


MOST_SIMILAR = 20
"""Near-duplicates named below a hit; the page of the article has more."""


class Passage(NamedTuple):
    """A snippet; `heading` and `link` are empty where there is no heading to lead to.

    `names` says that it is what else the article is called.
    """

    heading: str
    link: str
    html: Markup
    names: bool


class Listed(NamedTuple):
    """A hit. `day` is its date for programs and `date` for readers; `date` and `views` are empty where unknown.

    `lacks` are the words that it does not have, `otherwise` what it has in the place of some: (typed, found).
    `begins_rest` is True where from here on no hit has every word. `others` says how many near-duplicates there are,
    and `similar` has the first of them: (title, link, section). `repeats` says that a result before has the same title,
    for which this one came later.
    """

    link: str
    title: Markup
    section: str
    day: str
    date: str
    views: str
    passages: tuple[Passage, ...]
    lacks: tuple[str, ...]
    otherwise: tuple[tuple[str, str], ...]
    begins_rest: bool
    reading_time: str
    others: int
    explanation: ExplanationShown | None
    similar: tuple[tuple[str, str, str], ...] = ()
    repeats: bool = False


def listed(
    hits: Iterable[Hit],
    language: Language,
    query: str = "",
    similar: Callable[[str], Sequence[Hit]] | None = None,
) -> list[Listed]:
    """`hits` in their order; links carry `query`, whose words their pages mark.

    `similar` gives the near-duplicates of an article, where they are not hits of their own.
    """
    hits = tuple(hits)
    complete = [place for place, hit in enumerate(hits) if not hit.lacks]
    rest = complete[-1] + 1 if complete else 0
    return [
        _listed(hit, language, query, similar(hit.id) if similar and hit.similar else (), begins_rest=place == rest)
        for place, hit in enumerate(hits)
    ]


def _similar(hits: Sequence[Hit], query: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (each.title or each.id, article_link(each.id, query), path(each.section)) for each in hits[:MOST_SIMILAR]
    )


def _listed(hit: Hit, language: Language, query: str, similar: Sequence[Hit], *, begins_rest: bool) -> Listed:
    link = article_link(hit.id, query)
    return Listed(
        link=link,
        title=marked(hit.title or hit.id, hit.title_ranges if hit.title else ()),
        section=path(hit.section),
        day=hit.date.isoformat() if hit.date else "",
        date=_date(hit.date, language),
        views="" if hit.views is None else views(hit.views, language),
        passages=tuple(_passage(each, link) for each in hit.snippets),
        lacks=hit.lacks,
        # That a word stands there in another form is seen from the marks.
        otherwise=tuple((each.word, each.text) for each in hit.matched if each.by != "form"),
        begins_rest=begins_rest,
        reading_time=reading_time(hit.words, language) if hit.words else "",
        others=hit.similar,
        explanation=explanation_shown(hit.explanation, language) if hit.explanation else None,
        similar=_similar(similar, query),
        repeats=bool(hit.repeats),
    )


def _date(day: date | None, language: Language) -> str:
    return language.long_date(day) if day else ""


def _passage(snippet: Snippet, page: str) -> Passage:
    linked = snippet.heading and snippet.anchor and snippet.field != "title"
    return Passage(
        heading=snippet.heading if linked else "",
        link=heading_link(page, snippet.anchor) if linked else "",
        html=marked(snippet.text, snippet.ranges),
        names=snippet.field == "names",
    )
