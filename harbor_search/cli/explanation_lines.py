"""Formats explanations of scores for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harbor_search.cli.output import counted
from harbor_search.cli.terminal import plain

if TYPE_CHECKING:
    from harbor_search.explanation import Change, Explanation, Part
    from harbor_search.searching import ExplainedArticle

__all__ = ["explanation_lines", "reason_lines"]

FIELDS = {
    "title": "the title",
    "headings": "headings",
    "lead": "the lead",
    "body": "the text",
    "names": "other names and tags",
}

KINDS = {
    "word": "{!r}",
    "phrase": "the phrase {!r}",
    "prefix": "words that begin with {!r}",
    "fuzzy": "words like {!r}",
    "all_words": "all words of the query are there",
    "second_look": "second look: how much of the query it covers, and with which words",
    "feedback": "other good results use the same words, beside those of the query",
    "title_match": "the title is the query or another name of it, or has it in it",
    "freshness": "how new it is",
    "popularity": "how often it is read",
    "repeats": "a better article has the same title: this one comes later",
    "meaning": "how close it is to the query in meaning, whatever its words",
    "pin": "pinned: somebody decided that it comes first",
    "other": "otherwise",
}

EXCLUDED = {
    "query": "The query does not match it.",
    "section": "It is in another section than asked for.",
    "source": "It is from another source than asked for.",
    "date": "Its date is outside the days asked for.",
}


def explanation_lines(found: ExplainedArticle) -> list[str]:
    """The position of an article among the results, and why."""
    explanation = found.explanation
    lines = [plain(found.article.title or found.article.id), _standing(explanation)]
    lines += [f"Searched for {plain(after)!r} instead of {plain(word)!r}." for word, after in found.applied.corrections]
    return [*lines, *reason_lines(explanation)]


def reason_lines(explanation: Explanation) -> list[str]:
    """The parts of a score, the missing words, and what would make the article rank higher."""
    lines = [line for part in explanation.parts for line in _part(part)]
    if explanation.lacks:
        lines.append(f"It lacks: {plain(', '.join(explanation.lacks))}")
    if explanation.changes:
        lines += ["It would rank higher with:", *map(_change, explanation.changes)]
    return lines


def _standing(explanation: Explanation) -> str:
    if explanation.position is None and explanation.parts:
        return f"A score of {explanation.score:.3f}:"
    if explanation.position is None:
        return EXCLUDED.get(explanation.excluded, "It is not among the results that can be paged to.")
    if not explanation.parts:
        return f"Number {explanation.position:,} of the results, none of which is scored: there is no word to score by."
    behind = f", {explanation.behind:.3f} behind the one before it" if explanation.behind else ""
    return f"Number {explanation.position:,} of the results, with a score of {explanation.score:.3f}{behind}:"


def _part(part: Part) -> Iterator[str]:
    name = KINDS.get(part.kind, part.kind).format(plain(part.text))
    notes = [f"in {counted(part.articles, 'article')}"] if part.articles else []
    notes += [f"counts {part.factor:.0%}"] if part.factor < 1 else []
    noted = f" ({', '.join(notes)})" if notes else ""
    yield f"  {part.score:7.3f}  {name}{noted}"
    for each in part.fields:
        times = "once" if each.count == 1 else f"{each.count:,} times"
        yield f"    {each.score:7.3f}  {times} in {FIELDS.get(each.field, each.field)}"


def _change(change: Change) -> str:
    where = FIELDS.get(change.field, change.field)
    return f"  {change.gain:+7.3f}  {plain(change.text)!r} in {where}: it would be number {change.position:,}"
