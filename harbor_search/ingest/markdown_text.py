"""The plain text of Markdown, from its tokens."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["Block", "blocks_of"]

_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<[!?][^<>]*>", re.IGNORECASE)
_BREAK = re.compile(
    r"<(br|hr|p|div|li|dt|dd|h[1-6])\b|</(p|div|li|tr|dt|dd|h[1-6]|summary|details|figcaption|caption|section)\b",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
_ROW = re.compile(r"\n?</tr\s*>\s*<tr\b[^<>]*>", re.IGNORECASE)

_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
"""The box of a task, to be ticked."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of level 1 to 6, or another block (level 0): a paragraph, a whole list, a table, code."""

    level: int
    text: str


@dataclass(slots=True)
class _Lines:
    """The list or table being read: its lines, and for each open list the number of its next item (None: bullets)."""

    lines: list[str] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    marker: str = ""
    cells: list[str] | None = None

    def add(self, text: str) -> None:
        """A block of an item: its first line bears the item's marker."""
        self.lines.append(self.marker + text)
        self.marker = ""


def blocks_of(text: str) -> list[Block]:
    """The blocks of a Markdown text. Code and the text of links stay, raw HTML tags and comments go."""
    blocks: list[Block] = []
    inside = _Lines()
    depth = level = 0
    for token in _parser().parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            depth += 1
            _open(token, inside)
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            depth -= 1
            _close(token, inside)
            if depth == 0:
                blocks.append(Block(0, "\n".join(inside.lines)))
                inside = _Lines()
        elif token.type == "heading_open":
            # A heading inside a list or a quotation is no part of the article's outline.
            level = int(token.tag[1]) if token.level == 0 else 0
        elif token.type == "heading_close":
            level = 0
        elif depth:
            _inside(token, inside)
        elif content := _content(token):
            blocks.append(Block(level, content))
    return [block for block in blocks if block.text.strip()]


@cache
def _parser() -> MarkdownIt:
    # The preset's nesting of 20 would drop what lies deeper.
    return MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])


def _open(token: Token, inside: _Lines) -> None:
    if token.type == "ordered_list_open":
        start = token.attrGet("start")
        inside.numbers.append(1 if start is None else int(start))
    elif token.type == "bullet_list_open":
        inside.numbers.append(None)


def _close(token: Token, inside: _Lines) -> None:
    if token.type != "table_close":
        inside.numbers.pop()


def _inside(token: Token, inside: _Lines) -> None:
    """A token of a list or table."""
    if token.type == "list_item_open":
        number = inside.numbers[-1]
        inside.marker = "- " if number is None else f"{number}. "
        if number is not None:
            inside.numbers[-1] = number + 1
    elif token.type == "tr_open":
        inside.cells = []
    elif token.type == "tr_close":
        inside.add(" | ".join(inside.cells or []))
        inside.cells = None
    elif content := _content(token):
        if inside.cells is None:
            inside.add(_TASK.sub("", content) if inside.marker else content)
        else:
            inside.cells.append(content)


def _content(token: Token) -> str:
    """The text of a block that has some."""
    if token.type == "inline":
        return "".join(_inline(child) for child in token.children or [])
    if token.type in ("fence", "code_block"):
        return token.content
    return _without_markup(token.content) if token.type == "html_block" else ""


def _inline(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n" if token.type == "hardbreak" else " "
    if token.type == "html_inline":
        return "\n" if _BREAK.match(token.content) else ""
    if token.type == "image":
        return "".join(_inline(child) for child in token.children or [])
    return token.content


def _without_markup(markup: str) -> str:
    text = _BREAK.sub(lambda found: "\n" + found[0], _HIDDEN.sub(" ", markup))
    text = _CELL.sub(" | ", _ROW.sub("\n", text))
    return html.unescape(_TAG.sub("", text))
