"""Marks by which generators are told what to put into a text: shortcodes, imports, includes, boxes, tables of contents.

Readers never see them, so they are no text, but what stands between an opening and a closing one is. In code they are
the subject and stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from harbor_search.ingest.author_comments import without_author_comments
from harbor_search.ingest.liquid import with_raw

__all__ = ["is_template", "without_braces", "without_shortcodes", "without_template_marks"]

# Blocks between fences, spans between backticks, and those of Jekyll and HTML, which may hold any of the marks below.
_CODE = re.compile(
    r"(^[ \t]*(?P<fence>`{3,}+|~{3,}+)[^\n]*\n.*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<tick>(?<!`)`+(?!`))(?:[^`\n]|\n(?!\n)|(?!(?P=tick)(?!`))`)+(?P=tick)(?!`)"
    r"|(?:\A|(?<=\n)[ \t]*\n)(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+"
    r"|\{%-?\s*highlight\b[^%]*%\}(?:(?!\{%-?\s*highlight\b).)*?\{%-?\s*endhighlight\s*-?%\}"
    r"|(?i:<pre\b[^<>]*>(?:(?!<pre\b).)*?</pre\s*>|<code\b[^<>]*>(?:(?!<code\b|\n[ \t]*\n).)*?</code\s*>))",
    re.MULTILINE | re.DOTALL,
)
_HTML_CODE = re.compile(r"(<(pre|code|script|style|textarea)\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE)

# What is never closed must not be searched for to the end of the text from each opening: a mark ends before the next
# one begins.
_BRACES = re.compile(
    r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*\}\}|\{%(?:[^%{]|%(?!\})|\{(?!%))*%\}|<%(?:[^%<]|%(?!>)|<(?!%))*%>"
)
_BRACE_SIGNS = ("{{", "{%", "<%")
_RAW_MARK = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_HIGHLIGHTED = re.compile(r"\{%-?\s*highlight\b[^%]*%\}(.*)\{%-?\s*endhighlight\s*-?%\}", re.DOTALL)
_MODULES = re.compile(
    r"^(?:import\s(?:[^\n;]*?\sfrom\s+)?[\"'][^\"'\n]+[\"'];?[ \t]*"
    r"|import\s*(?:\w+,\s*)?\{[^}]*\}\s*from\s+[\"'][^\"'\n]+[\"'];?[ \t]*"
    r"|export\s+(?:const|let|var|default|function)\b[^\n]*(?:\n(?!\s*\n)[^\n]*)*)$",
    re.MULTILINE,
)
_CONTENTS = re.compile(
    r"^[ \t]*(?:(?:[-*+]|1\.)[ \t]+\S[^\n]*\n)?"
    r"(?:\{:?\s*toc\s*\}|@?\[\[?_?toc_?\]?\]|\{\{\s*toc\s*\}\}|\$\{toc\})[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_ATTRIBUTES = re.compile(
    # Those of headings are left: an anchor may be among them.
    r"^(?![ \t]*#)([^\n]*?)[ \t]*\{(?:[ \t]*[.#][\w-]|:)[^{}\n]*\}[ \t]*$",
    re.MULTILINE,
)
_BOX = re.compile(
    r"^[ \t]*:{3,}[ \t]*(?:\{?[.\w-]+\}?)?(?:\{[^}\n]*\})?[ \t]*(?:\[([^\]\n]*)\]|([^\n]*))$", re.MULTILINE
)
_COMPONENT = re.compile(
    r"^[ \t]*::(?=[a-z])[\w-]+(?:\[([^\[\]\n]*)\])?(?:\{[^}\n]*\})?[ \t]*"
    r"(?:\n[ \t]*---[ \t]*\n(?:[^\n]*\n){1,40}?[ \t]*---)?[ \t]*$"
    r"|^[ \t]*::[ \t]*$",
    re.MULTILINE,
)
_INLINE_COMPONENT = re.compile(r"(?<![\w:]):[a-z][\w-]*(?:\[([^\[\]\n]*)\]\{[^{}\n]*\}|\{[^{}\n]*\}|\[([^\[\]\n]*)\])")
_SPAN = re.compile(r"(?<!\])\[([^\[\]\n]+)\]\{[ \t]*[.#:][^{}\n]*\}")
_INCLUDED = re.compile(r"^[ \t]*(?:;?-+8<-+|<<<[ \t]*[@./])[^\n]*$", re.MULTILINE)
_ALERT = re.compile(r"^([ \t]*>[ \t]*)\[!\w+\][+-]?[ \t]*", re.MULTILINE)
_INDENTED = re.compile(
    r"^([ \t]*)(?:!!!|\?\?\?\+?|===[!+]?)[ \t]*(?:[\w -]*?)[ \t]*(?:\"([^\"\n]*)\")?[ \t]*\n"
    r"((?:\1(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\n)*)",
    re.MULTILINE,
)
_NOTE = re.compile(r"(?<=\S)\[\^[^\]\n]+\](?!:)")
_NOTE_TEXT = re.compile(r"^\[\^[^\]\n]+\]:[ \t]*", re.MULTILINE)
_ABBREVIATION = re.compile(r"^\*\[[^\]\n]+\]:[^\n]*$", re.MULTILINE)
_DEFINITION = re.compile(r"^:[ \t]+(?=\S)", re.MULTILINE)
_EMBED = re.compile(r"!\[\[[^\[\]\n]*\]\]")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]")
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=\S)([^=\n]+)(?<=\S)==(?![=\w])")

_SHORTCODE = re.compile(
    r"\[/?(?:caption|wp_caption|gallery|audio|video|playlist|embed|contact-form(?:-7)?|toc|(?:vc|et_pb|fusion|su)_\w+)"
    r"\b[^\]\n]*\]|\[/?[a-z][\w-]*(?:[ \t]+[\w-]+=(?:\"[^\"]*\"|'[^']*'|&quot;.*?&quot;|[^\s\]]+))+[ \t]*/?\]",
    re.IGNORECASE,
)
_SHORTCODE_OF_MARKDOWN = re.compile(
    r"\[(?:/(?:caption|wp_caption|gallery|audio|video|playlist|embed)"
    r"|(?:caption|wp_caption|gallery|audio|video|playlist|embed)[ \t]+[\w-]+=[^\]\n]*)\](?![(\[:])",
    re.IGNORECASE,
)
"""The same where brackets may make links; posts that were moved from WordPress to Markdown still have them."""

_DIRECTIVE = re.compile(
    r"\{%-?\s*(?:extends|block|include|for|if|macro|load|layout|render|assign)\b"
    r"|\{\{-?\s*(?:define|block|template|partial|range|with|end|if|else)\b|<\?php\b|<%[@=]?"
)


def without_template_marks(text: str) -> str:
    """A Markdown text without marks of generators; code stays as it is."""
    text = without_author_comments(text, _CODE)
    if any(sign in text for sign in ("!!!", "???", "===")):
        text = _INDENTED.sub(_dedented, text)
    if any(sign in text for sign in _BRACE_SIGNS):
        text = _outside(with_raw(_CODE), text, lambda part: _BRACES.sub("", part), _unread)
    return _outside(_CODE, text, _plain)


def without_braces(page: str) -> str:
    """An HTML page below front matter without what its template engine fills in."""
    page = without_author_comments(page, _HTML_CODE)
    return _outside(with_raw(_HTML_CODE), page, lambda text: _BRACES.sub("", text), _unread)


def without_shortcodes(text: str) -> str:
    """An HTML text without WordPress's marks in square brackets."""
    return _outside(_HTML_CODE, text, lambda part: _SHORTCODE.sub("", part)) if "[" in text else text


def is_template(page: str) -> bool:
    """Whether an HTML file is the frame of pages: it tells a template engine what to put where."""
    return any(_DIRECTIVE.search(part) for part in _HTML_CODE.split(page)[::3])


def _unread(part: str) -> str:
    """What Liquid does not read, without the marks that say so; its blocks of code become those of Markdown."""
    if block := _HIGHLIGHTED.fullmatch(part):
        code = _RAW_MARK.sub("", block[1]).strip("\n")
        return f"\n\n~~~~~~\n{code}\n~~~~~~\n\n"
    return _RAW_MARK.sub("", part) if part.startswith("{%") else part


def _plain(text: str) -> str:
    for signs, mark, instead in _MARKS:
        # Most texts have none, and to look for a sign takes a hundredth of the time.
        if any(sign in text for sign in signs):
            text = mark.sub(instead, text)
    return text


def _boxed(box: re.Match[str]) -> str:
    """The title of a box."""
    return f"\n{(box[1] or box[2] or '').strip()}\n"


def _labelled(component: re.Match[str]) -> str:
    """What a component is called by, which is its text where it has no other."""
    label = next(filter(None, component.groups()), "")
    return f"\n{label}\n" if component[0].lstrip().startswith("::") else label


def _dedented(box: re.Match[str]) -> str:
    """The text in a box that is marked by its indentation, below the box's title."""
    above = box[1]
    lines = [re.sub(rf"^{above}(?: {{4}}|\t)", above, line) for line in box[3].split("\n")]
    return _INDENTED.sub(_dedented, f"{above}{box[2] or ''}\n\n" + "\n".join(lines) + "\n")


def _outside(kept: re.Pattern[str], text: str, change: Callable[[str], str], shown: Callable[[str], str] = str) -> str:
    """`text` with what lies outside of `kept` changed, and what does not as `shown` has it."""
    pieces = []
    end = 0
    for found in kept.finditer(text):
        pieces += [change(text[end : found.start()]), shown(found[0])]
        end = found.end()
    return "".join([*pieces, change(text[end:])])


_MARKS: tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (("import", "export"), _MODULES, ""),
    (("{", "["), _CONTENTS, ""),
    (("[",), _SHORTCODE_OF_MARKDOWN, ""),
    (("8<", "<<<"), _INCLUDED, ""),
    (("::",), _COMPONENT, _labelled),
    (("{", "["), _INLINE_COMPONENT, _labelled),
    (("]{",), _SPAN, r"\1"),
    (("{",), _ATTRIBUTES, r"\1"),
    ((":::",), _BOX, _boxed),
    (("[!",), _ALERT, r"\1"),
    (("*[",), _ABBREVIATION, ""),
    (("[^",), _NOTE, ""),
    (("[^",), _NOTE_TEXT, ""),
    ((":",), _DEFINITION, ""),
    (("![[",), _EMBED, ""),
    (("[[",), _WIKI_LINK, r"\1"),
    (("==",), _HIGHLIGHT, r"\1"),
)
"""What is taken out of a text, in this order, each with the signs of which it has one, and what stands in its place."""
