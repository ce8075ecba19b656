"""Front matter: what stands above a text about it, in the dialects of the generators that read it.

- YAML between lines `---` (the last may be `...`), TOML between `+++`, JSON in braces; `---toml`, `---js` and so on too
- lines `Title: ...` up to the first blank one (Pelican, MultiMarkdown), with `.. ` before each (Nikola)
- up to three lines that begin with `%`: title, authors, date (Pandoc)
- fields with lines `----` between them, of which one is the text (Kirby)

`matter_languages` reads the languages, `header_fields` the lines, `kirby` the texts of that system.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from harbor_search.ingest.field_names import fold
from harbor_search.ingest.header_fields import FIELD, fields_of, is_header, is_known
from harbor_search.ingest.kirby import split_kirby
from harbor_search.ingest.matter_languages import load_matter
from harbor_search.ingest.outcome import Unreadable
from harbor_search.ingest.repeated_keys import merged

__all__ = ["below_comments", "split_front_matter"]

MAX_FRONT_MATTER = 1 << 16
"""Characters: thousands of tags, but not a book that stands between two rules."""

_LOOKED_AT = 40
"""Lines below a mark that never ends in which fields are looked for."""

_FENCE = re.compile(r"\s*(-{3,}|\+\+\+|;;;)[ \t]*(yaml|toml|json|js|javascript)?[ \t]*(?:\n|\Z)")
_ENDS = {"---": r"(?:-{3,}|\.\.\.)", "+++": r"\+\+\+", ";;;": ";;;"}
_LANGUAGES = {"---": "yaml", "+++": "toml", ";;;": "json"}
_JSON = re.compile(r"\s*(?=\{\s*(?:\"|\}))")
_COMMENT = re.compile(r"\s*<!--[ \t]*(?:\n(.*?)\n?|(\w+:[ \t]+\w+))[ \t]*-->[ \t]*\n?", re.DOTALL)
_COMMENTS = re.compile(r"(?:\s*<!--(?:(?!-->).)*-->)+\s*(?=(?:-{3,}|\+\+\+)[ \t]*\w*[ \t]*\n)", re.DOTALL)
_PANDOC = re.compile(r"(?:%[ \t].*\n?){1,3}")
_RULE = re.compile(r"^-{3,}[ \t]*(?:\n|\Z)", re.MULTILINE)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What stands above the text about it, under the names written there, and the text.

    Raises:
        Unreadable: front matter that breaks the rules of its language, or without an end.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if fence := _FENCE.match(text):
        return _fenced(text, fence)
    if braces := _JSON.match(text):
        return _in_braces(text, braces.end())
    if (comments := _COMMENTS.match(text)) and (found := _below_comments(text[comments.end() :])):
        return found
    if comment := _COMMENT.match(text):
        return _in_comment(comment[1] or comment[2] or "", text, comment.end())
    if text.startswith("% ") and (pandoc := _PANDOC.match(text)):
        lines = [line[1:].strip() for line in pandoc[0].splitlines()]
        values = dict(zip(("title", "author", "date"), lines, strict=False))
        return {name: value for name, value in values.items() if value}, text[pandoc.end() :]
    return _header(text)


def below_comments(text: str) -> bool:
    """Whether comments of HTML stand above what may be front matter."""
    return bool(_COMMENTS.match(text))


def _below_comments(text: str) -> tuple[dict[str, Any], str] | None:
    """What stands below the comment of a licence or of an editor, where it has a name that articles have."""
    fence = _FENCE.match(text)
    values, below = _fenced(text, fence) if fence else ({}, text)
    return (values, below) if any(is_known(fold(name)) for name in values) else None


def _in_comment(matter: str, text: str, end: int) -> tuple[dict[str, Any], str]:
    """Front matter in a comment of HTML above the text, which stays as it is where the comment holds none."""
    if _FENCE.match(matter):
        return _fenced(f"{matter}\n", _FENCE.match(matter))[0], text[end:]  # type: ignore[arg-type]
    values, below = _header(f"{matter.strip()}\n\n-")
    return (values, text[end:]) if values and below == "-" else ({}, text)


def _fenced(text: str, fence: re.Match[str]) -> tuple[dict[str, Any], str]:
    mark = fence[1][:3]
    language = fence[2] or _LANGUAGES[mark]
    end = re.compile(rf"^{_ENDS[mark]}[ \t]*(?:\n|\Z)", re.MULTILINE).search(text, fence.end())
    if end is None:
        if _starts_with_fields(text[fence.end() :]):
            raise Unreadable(f"the front matter has no end; put a line {mark} below it")
        return {}, text
    matter = text[fence.end() : end.start()]
    _require_short(len(matter))
    values = load_matter(language, matter)
    if values is None:
        return {}, text
    return _lifted(values), text[end.end() :]


def _require_short(length: int) -> None:
    if length > MAX_FRONT_MATTER:
        raise Unreadable(f"the front matter is longer than {MAX_FRONT_MATTER} characters; is its end missing?")


def _starts_with_fields(text: str) -> bool:
    """Whether a field is among the first lines, as in front matter whose end was forgotten."""
    lines = text.lstrip("\n").partition("\n\n")[0].split("\n", _LOOKED_AT)[:_LOOKED_AT]
    fields = (FIELD.match(line.replace(" = ", ": ")) for line in lines)
    return any(is_known(fold(each[1])) for each in fields if each)


def _in_braces(text: str, start: int) -> tuple[dict[str, Any], str]:
    """JSON at the beginning of a text, the text below it."""
    try:
        values, end = json.JSONDecoder(object_pairs_hook=merged).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the front matter is not valid JSON: {error}") from None
    _require_short(end - start)
    return (_lifted(values), text[end:]) if isinstance(values, dict) else ({}, text)


def _header(text: str) -> tuple[dict[str, Any], str]:
    """Fields in lines above the text, where what looks so is no sentence with a colon."""
    start = text.lstrip("\n")
    if kirby := split_kirby(start):
        return kirby
    block, _, below = start.partition("\n\n")
    if (rule := _RULE.search(start, 0, len(block) + 1)) and rule.start():
        # Some end the fields with a line of hyphens, as MultiMarkdown may and Movable Type does.
        block, below = start[: rule.start()].rstrip("\n"), start[rule.end() :]
    lines = block.split("\n")
    if len(block) > MAX_FRONT_MATTER or not FIELD.match(lines[0]):
        return {}, text
    if all(FIELD.match(line) or line[:1] in (" ", "\t") for line in lines):
        values = fields_of(lines)
    elif rule and all(FIELD.match(line) or line.startswith((" ", "\t", "- ")) for line in lines):
        # YAML whose first line of hyphens was left out, as Hexo lets its authors do.
        values = _yaml_or_nothing(block)
    else:
        return {}, text
    if not values or not is_header(values, alone=len(lines) == 1):
        return {}, text
    return (values, below) if below.strip() or len(lines) > 1 else ({}, text)


def _yaml_or_nothing(block: str) -> dict[str, Any]:
    try:
        return load_matter("yaml", block) or {}
    except Unreadable:
        return {}


def _lifted(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with what stands in `taxonomies` beside the others, as Zola keeps tags and categories there."""
    inner = values.get("taxonomies")
    return {**(inner if isinstance(inner, Mapping) else {}), **values}
