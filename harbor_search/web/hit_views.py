"""Rendering of hits: cards, list items and metadata lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from harbor_search.explanation import Explanation
from harbor_search.results import HighlightedHit, HighlightedSnippet, Hit, HitTable, Snippet
from harbor_search.searching import ExplainedHits
from harbor_search.web.explanation_view import explanation_view
from harbor_search.web.formatting import path, reading_time, views
from harbor_search.web.highlighting import escaped, marked, marked_html
from harbor_search.web.links import ArticleLinks, article_link, in_path
from harbor_search.web.localization import Language
from harbor_search.web.string_patterns import pattern

__all__ = ["Card", "HitItems", "Meta", "Similar", "cards", "highlighted"]


MAX_SIMILAR = 20
"""Near-duplicates listed below a hit; the article's page lists more."""

_TEMPLATE = "_hit.html"

Similar = Callable[[str], Sequence[Hit]]


class Card(NamedTuple):
    """A hit as a card; `passage` is empty if it has no snippet."""

    hit: Hit
    link: str
    title: Markup
    passage: Markup


def cards(hits: Iterable[Hit]) -> list[Card]:
    """`hits` as cards."""
    return [Card(hit, article_link(hit.id), _title(hit), _first_passage(hit)) for hit in hits]


def _title(hit: Hit) -> Markup:
    return marked(hit.title or hit.id, hit.title_ranges if hit.title else ())


def _first_passage(hit: Hit) -> Markup:
    return marked(hit.snippets[0].text, hit.snippets[0].ranges) if hit.snippets else Markup()


def highlighted(hits: Sequence[Hit]) -> tuple[HighlightedHit, ...]:
    """`hits` for a page, by their engine where it does that."""
    made = hits.highlighted() if isinstance(hits, ExplainedHits | HitTable) else None
    return tuple(map(_highlighted, hits)) if made is None else made


def _highlighted(hit: Hit) -> HighlightedHit:
    title = marked_html(hit.title, hit.title_ranges)
    more = hit.lacks, hit.matched, hit.similar, hit.words, hit.explanation, hit.repeats
    return HighlightedHit(hit.id, title, hit.section, hit.date, hit.views, hit.snippets, *more)


class Meta:
    """Renders the metadata line of an article: section, date, reading time, views."""

    def __init__(self, environment: Environment, language: Language) -> None:
        self._language = language
        self._meta, self._section, self._day, self._fact = (
            pattern(environment, _TEMPLATE, name) for name in ("meta", "section", "day", "fact")
        )
        self._section_of = lru_cache(maxsize=4096)(self._make_section)
        self._day_of = lru_cache(maxsize=4096)(self._make_day)
        self._html_of = lru_cache(maxsize=4096)(self._make)

    def __call__(self, hit: Hit) -> Markup:
        """The metadata line of a hit."""
        return Markup(self.html(hit))

    def html(self, hit: Hit | HighlightedHit) -> str:
        """The metadata line as a plain string."""
        return self._html_of(hit.section, hit.date, hit.words, hit.views)

    def _make(self, section: tuple[str, ...], day: date | None, words: int, read: int | None) -> str:
        facts = self._section_of(section)
        if day:
            facts += self._day_of(day)
        if words:
            facts += self._fact(escaped(reading_time(words, self._language)))
        if read is not None:
            facts += self._fact(escaped(views(read, self._language)))
        return self._meta(facts)

    def _make_section(self, section: tuple[str, ...]) -> str:
        name = path(section)
        return self._section(escaped(name)) if name else ""

    def _make_day(self, day: date) -> str:
        return self._day(day.isoformat(), escaped(self._language.long_date(day)))


class HitItems:
    """Renders the hits of a results page as list items."""

    def __init__(self, environment: Environment, language: Language, meta: Meta) -> None:
        self._language, self._meta = language, meta
        self._explanation = environment.get_template("_explanation.html")
        self._hit, self._passage, self._headed, self._names = (
            pattern(environment, _TEMPLATE, name) for name in ("hit", "passage", "headed", "names")
        )
        self._rest, self._why, self._lacks, self._otherwise, self._repeats = (
            pattern(environment, _TEMPLATE, name) for name in ("rest", "why", "lacks", "otherwise", "repeats")
        )
        self._similar, self._copy, self._copy_section, self._all_copies = (
            pattern(environment, _TEMPLATE, name) for name in ("similar", "copy", "copy_section", "all_copies")
        )

    def __call__(
        self,
        hits: Sequence[HighlightedHit],
        query: str,
        address: Callable[..., str],
        similar: Similar | None,
        *,
        tiered: bool,
    ) -> Markup:
        """Render `hits`; links carry `query`, so that the articles' pages mark its words.

        `address` returns the URL of the page with some values changed. `similar` returns the near-duplicates of an
        article; None if they are not folded. `tiered`: hits with all words come first, and the boundary is shown.
        """
        links = ArticleLinks(query)
        rest = _first_of_rest(hits) if tiered else len(hits)
        items = []
        for place, hit in enumerate(hits):
            if place == rest:
                items.append(self._rest())
            link = escaped(links(hit.id))
            more = "".join(self._more(hit, link, links, address, similar))
            items.append(self._hit(link, hit.title or escaped(hit.id), self._meta.html(hit), more))
        return Markup("".join(items))

    def _more(
        self, hit: HighlightedHit, link: str, links: ArticleLinks, address: Callable[..., str], similar: Similar | None
    ) -> Iterator[str]:
        if hit.lacks or hit.matched:
            yield self._matched(hit)
        if hit.repeats:
            yield self._why(self._repeats(escaped(address(diverse=False))))
        for snippet in hit.snippets:
            yield self._snippet(snippet, link)
        if hit.similar and similar:
            yield self._copies(hit, similar(hit.id), links, address)
        if hit.explanation:
            yield self._explained(hit.explanation)

    def _matched(self, hit: HighlightedHit) -> str:
        """The words missing from a hit, and what it has instead of some."""
        html = self._lacks(", ".join([f"<del>{escaped(word)}</del>" for word in hit.lacks])) if hit.lacks else ""
        for each in hit.matched:
            if each.by != "form":  # another form of the word is visible in the marked text
                html += self._otherwise(escaped(each.word), escaped(each.text))
        return self._why(html) if html else ""

    def _snippet(self, snippet: HighlightedSnippet | Snippet, link: str) -> str:
        if isinstance(snippet, HighlightedSnippet):
            return self._of_text(snippet.heading, snippet.anchor, snippet.text, link)
        html = marked_html(snippet.text, snippet.ranges)
        if snippet.field == "body":
            return self._of_text(escaped(snippet.heading), snippet.anchor, html, link)
        return self._names(html) if snippet.field == "names" else self._passage(html)

    def _of_text(self, heading: str, anchor: str, html: str, link: str) -> str:
        if heading and anchor:
            return self._headed(f"{link}#{_fragment(anchor)}", heading, html)
        return self._passage(html)

    def _copies(
        self, hit: HighlightedHit, similar: Sequence[Hit], links: ArticleLinks, address: Callable[..., str]
    ) -> str:
        if not similar:
            return ""
        shown = "".join([self._copied(each, links) for each in similar[:MAX_SIMILAR]])
        if hit.similar > min(len(similar), MAX_SIMILAR):
            shown += self._all_copies(escaped(address(fold=False)))
        number = self._language.ngettext("%(num)s similar article", "%(num)s similar articles", hit.similar)
        return self._similar(escaped(number), shown)

    def _copied(self, hit: Hit, links: ArticleLinks) -> str:
        name = path(hit.section)
        section = self._copy_section(escaped(name)) if name else ""
        return self._copy(escaped(links(hit.id)), escaped(hit.title or hit.id), section)

    def _explained(self, explanation: Explanation) -> str:
        return self._explanation.render(explanation=explanation_view(explanation, self._language))


@lru_cache(maxsize=4096)
def _fragment(anchor: str) -> str:
    return escaped(in_path(anchor))


def _first_of_rest(hits: Sequence[HighlightedHit]) -> int:
    """The index of the first hit after the last one that has every word."""
    complete = [place for place, hit in enumerate(hits) if not hit.lacks]
    return complete[-1] + 1 if complete else 0
