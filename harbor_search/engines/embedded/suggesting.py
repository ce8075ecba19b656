"""Suggestions from a snapshot: its titles and headings, read once and kept as long as it is."""

from __future__ import annotations

from collections.abc import Iterator

from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.engines.answers import SuggestedArticle, Suggestion, Suggestions
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.store import split_outline
from harbor_search.suggestions import Found, Outline, SuggestionIndex, collect_entries

__all__ = ["Suggester"]


class Suggester:
    """Answers what may be meant by a text that is being typed. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._index = SuggestionIndex(collect_entries(_outlines(snapshot), all_stop_words(snapshot.analyzer.name)))

    def suggest(self, text: str, most: int, section: tuple[str, ...]) -> Suggestions:
        """At most `most` texts and articles, of a section where one is named."""
        paths = self._snapshot.section_paths
        within = frozenset(code for code, path in enumerate(paths) if path[: len(section)] == section)
        texts, titles = self._index.find(text, most, within if section else None)
        return Suggestions(
            tuple(Suggestion(each.text, each.kind, self._section(each)) for each in texts),
            tuple(SuggestedArticle(*self._snapshot.display(each.document)[:4]) for each in titles),
        )

    def _section(self, found: Found) -> tuple[str, ...] | None:
        """The section of a text that stands in one only."""
        (code, *more) = found.sections
        return None if more else self._snapshot.section_paths[code] or None


def _outlines(snapshot: Snapshot) -> Iterator[Outline]:
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=True):
        views = segment.columns["views"].tolist()
        for local, line in enumerate(segment.outlines()):
            if segment.is_live(local):
                title, headings = split_outline(line)
                document = base + local
                yield Outline(document, int(snapshot.sections[document]), views[local], title, headings)
