"""What authors write beside a text for themselves: comments of template languages and editors, and hidden parts.

Readers of the page never see it, so search must not show it either. What is opened and never closed is no comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from itertools import islice

from harbor_search.ingest.liquid import with_raw, without_untrue_branches

__all__ = ["without_author_comments"]


def _pair(begin: str, end: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    flags = re.IGNORECASE | re.MULTILINE
    return re.compile(begin, flags), re.compile(end, flags)


_TEMPLATE_PAIRS = (
    _pair(r"\{%-?\s*comment\b[^%]*%\}", r"\{%-?\s*endcomment\s*-?%\}"),  # Liquid, Twig
    _pair(r"\{\{-?\s*/\*", r"\*/\s*-?\}\}"),  # Go
    _pair(r"\{\{[<%]\s*comment\b[^}]*[>%]\}\}", r"\{\{[<%]\s*/\s*comment\s*[>%]\}\}"),  # Hugo
    _pair(r"\{#-?(?=\s)", r"#\}"),  # Jinja, Nunjucks, Tera
)
_PAIRS = (
    _pair(r"\{/\*", r"\*/\}"),  # MDX
    _pair(r"<\?php\b", r"\?>"),
    _pair(r"\{>>", r"<<\}"),  # CriticMarkup
    _pair(r"\{--", r"--\}"),
    _pair(r"^%%[ \t]*$", r"%%"),  # Obsidian
    _pair(
        r"<!--\s*(?:noindex|googleoff:\s*(?:index|all))\s*-->", r"<!--\s*(?:/noindex|googleon:\s*(?:index|all))\s*-->"
    ),
)
_BOX = re.compile(r"^:{3,}[ \t]*\{(?P<attributes>[^}\n]*)\}[ \t]*$", re.MULTILINE)
_BOX_MARK = re.compile(r"^[ \t]*:{3,}[ \t]*(\S[^\n]*)?$", re.MULTILINE)
_MOST_INNER = 200
"""Marks within a box that are looked at for its end: where boxes are left open, each would be read to the end."""

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_CLASS = re.compile(r"(?<!\S)\.([\w-]+)")
_CONDITION = re.compile(r"\b(when|unless)-(format|profile)\s*=\s*[\"']?([\w.+-]*)")
_PUBLIC_PROFILES = frozenset("production prod public website web html default".split())
# Signs of per cent are written twice in some texts: 5%% of one and 10%% of another.
_LINES = re.compile(
    r"(?<!\d)%%[^%\n]+%%|%%[^%\n]*[^%\n\d]%%|^\[(?://|comment|#)\]:[ \t]*(?:#|<>)[^\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"<(?P<name>div|p|span|section|aside|details|ul|ol|table|article|noindex|template)\b(?P<attributes>[^<>]*)>",
    re.IGNORECASE,
)
_HIDES = re.compile(
    # Names of attributes stand outside of quotes: a title or a class may have the same words in it.
    r"(?:[^=]|=\s*\"[^\"]*\"|=\s*'[^']*'|=(?!\s*[\"']))*?\s(?:hidden(?=\s|/?$|=(?![\"']?until-found))"
    r"|data-pagefind-ignore(?!=[\"']?false)"
    r"|style\s*=\s*(?:\"[^\"]*?|'[^']*?|\{\{[^}]{0,300}?|[^\s\"']*?)"
    r"(?:display\s*:\s*[\"']?none|visibility\s*:\s*[\"']?hidden))",
    re.IGNORECASE,
)


def without_author_comments(text: str, code: re.Pattern[str]) -> str:
    """A Markdown or HTML text without what its author wrote for no reader of the page.

    What begins within a match of `code` is shown as an example and stays; a comment may hold code.
    """
    unread = with_raw(code)
    if "{" in text:
        for begin, end in _TEMPLATE_PAIRS:
            text = _without(text, begin, unread, partial(_end_by, end))
        text = without_untrue_branches(text, unread)
    for begin, end in _PAIRS:
        text = _without(text, begin, code, partial(_end_by, end))
    text = _without(text, _BOX, code, _end_of_box)
    return _without(_without(text, _LINES, code, lambda found, _: found.end()), _HIDDEN, code, _end_of_hidden)


def _without(
    text: str, begin: re.Pattern[str], code: re.Pattern[str], end_of: Callable[[re.Match[str], str], int | None]
) -> str:
    """`text` without what begins at a match of `begin` outside of code and ends where `end_of` says, if anywhere."""
    if not begin.search(text):
        return text
    shown = [found.span() for found in code.finditer(text)]
    pieces = []
    at = 0
    for opening in begin.finditer(text):
        span = bisect_right(shown, (opening.start(), len(text))) - 1
        if opening.start() < at or (span >= 0 and opening.start() < shown[span][1]):
            continue
        end = end_of(opening, text)
        if end is None:
            break
        if end > opening.end() or not opening.groupdict():
            pieces.append(text[at : opening.start()])
            at = end
    return "".join([*pieces, text[at:]]) if at else text


def _end_by(end: re.Pattern[str], opening: re.Match[str], text: str) -> int | None:
    closing = end.search(text, opening.end())
    return closing.end() if closing else None


def _end_of_box(opening: re.Match[str], text: str) -> int | None:
    """Where the box of Quarto's that `opening` begins ends, if web pages do not show it; else where its mark does."""
    if not _is_hidden_box(opening["attributes"].lower()):
        return opening.end()
    depth = 1
    first = None
    for mark in islice(_BOX_MARK.finditer(text, opening.end()), _MOST_INNER):
        depth += 1 if mark[1] else -1
        first = first or (None if mark[1] else mark.end())
        if not depth:
            return mark.end()
    return first


def _is_hidden_box(attributes: str) -> bool:
    classes = {*_CLASS.findall(_QUOTED.sub("", attributes))}
    shown = [
        (value.startswith("html") if what == "format" else value in _PUBLIC_PROFILES) == (word == "when")
        for word, what, value in _CONDITION.findall(attributes)
    ]
    if "content-visible" in classes and not all(shown):
        return True
    return "hidden" in classes or ("content-hidden" in classes and all(shown))


def _end_of_hidden(opening: re.Match[str], text: str) -> int:
    """Where the element that `opening` begins ends, if no reader can bring it to light; else where the tag does."""
    name = opening["name"].lower()
    if name not in ("noindex", "template") and not _HIDES.match(opening["attributes"]):
        return opening.end()
    # As in browsers: a paragraph that is not closed ends with its block, anything else with the page.
    blank = text.find("\n\n", opening.end()) if name == "p" else -1
    last = len(text) if blank < 0 else blank
    depth = 1
    for tag in re.compile(rf"<(/?){name}\b[^<>]*>", re.IGNORECASE).finditer(text, opening.end(), last):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return last
