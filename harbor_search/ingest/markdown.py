"""Markdown with front matter.

Front matter is YAML between lines of three hyphens, its fields named as in `metadata`; `draft: true` and
`published: false` keep a page out. Text is CommonMark with tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from harbor_search.ingest import fields
from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.cleaning import key, tidy_line
from harbor_search.ingest.decoding import decode
from harbor_search.ingest.markdown_text import Block, blocks_of
from harbor_search.ingest.metadata import article_from
from harbor_search.ingest.outcome import Origin, Read, Unreadable, Unwanted

__all__ = ["read_markdown"]

_ANCHOR = re.compile(r"\s*\{#([\w.:-]+)\}$")
MAX_FRONT_MATTER = 1 << 16
"""Characters: thousands of tags, but not a book that stands between two rules."""

_NULLS = ("~", "null", "Null", "NULL")


class _Words(YAMLHandler):
    """Front matter whose values stay the words that were written, so that an impossible date is no error."""

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        if len(fm) > MAX_FRONT_MATTER:
            raise Unreadable(f"the front matter is longer than {MAX_FRONT_MATTER} characters; is its end missing?")
        values = yaml.load(fm, Loader=yaml.BaseLoader)
        if not isinstance(values, dict):
            raise _NoFrontMatter
        return {name.lower(): value for name, value in values.items() if value not in _NULLS}


class _NoFrontMatter(Exception):
    """What stands between two rules is a text."""


def read_markdown(data: bytes, origin: Origin) -> Read:
    """The article of one Markdown file. Its title is the front matter's, else that of a first-level heading on top.

    Raises:
        Unreadable: not text, no text below the front matter, or front matter that is not YAML.
        Unwanted: a draft.
    """
    stated, text = _split(decode(data))
    if _says(stated, "draft", "true") or _says(stated, "published", "false"):
        raise Unwanted("its front matter says that it is not to be published")
    blocks = blocks_of(text)
    if blocks and blocks[0].level == 1 and _is_title(blocks[0].text, stated.get("title")):
        stated = {"title": blocks[0].text} | stated
        del blocks[0]
    body = body_of(_parts(blocks))
    if not lead_of(body):
        raise Unreadable("there is no text" + (" below the front matter" if stated else ""))
    stand_in = tidy_line(PurePosixPath(origin.id).name.replace("-", " ").replace("_", " ")) or origin.id
    return article_from(stated, body, lead_of(body), origin, stand_in=stand_in, section=fields.folders(origin.name))


def _split(text: str) -> tuple[dict[str, Any], str]:
    """The front matter and the text below it."""
    handler = _Words()
    if not handler.detect(text):
        return {}, text
    try:
        return frontmatter.parse(text, handler=handler)
    except _NoFrontMatter:
        return {}, text
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Unreadable(f"the front matter is not valid YAML: {problem}{where}") from None
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"the front matter is not valid YAML: {error}") from None


def _says(stated: Mapping[str, Any], name: str, answer: str) -> bool:
    value = stated.get(name)
    return isinstance(value, str) and value.strip().lower() == answer


def _is_title(heading: str, title: Any) -> bool:
    """Whether the heading on top is the article's title: there is no other, or it is the same."""
    return not title or (isinstance(title, str) and key(title) == key(heading))


def _parts(blocks: Sequence[Block]) -> Iterator[Part]:
    for block in blocks:
        if not block.level:
            yield Part("", block.text)
        elif own := _ANCHOR.search(block.text):
            yield Part(block.text[: own.start()], "", own[1])
        else:
            yield Part(block.text, "")
