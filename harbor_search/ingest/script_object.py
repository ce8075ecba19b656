"""Objects of JavaScript that say what a text is about: front matter of Eleventy, what a page of MDX exports.

They are read as far as they are plain values; what is computed says nothing here.
"""

from __future__ import annotations

import re
from typing import Any

from harbor_search.ingest.repeated_keys import merged, yaml_loader

__all__ = ["exported_metadata", "object_of_script"]

MAX_OBJECT = 1 << 16
"""Characters of an object; see `front_matter.MAX_FRONT_MATTER`."""

_EXPORT = re.compile(
    r"(?:\s++|import\b[^\n]*|\{/\*(?:(?!\*/\}).)*+\*/\}|<!--(?:(?!-->).)*+-->)*+"
    r"export\s+(?:const|let|var)\s+(?:metadata|meta|front[mM]atter|attributes)\b[^=\n{]*=\s*(?=\{)",
    re.DOTALL,
)
# What is opened and never closed goes on to the end: to look for its end from each opening would take for ever.
_STRING = r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?"
_REMARK = r"//[^\n]*|/\*(?:(?!\*/).)*+(?:\*/|\Z)"
_PIECE = re.compile(rf"{_STRING}|{_REMARK}|[{{}}]", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(rf"({_STRING})|{_REMARK}", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(
    r"([\w$-]+)[\"']?\s*:\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|(true|false|null|\d[\w.-]*)(?=\s*[,}\n]))"
)


def object_of_script(text: str) -> dict[str, Any]:
    """The object in `text`, values the words that were written; of one that computes some the values that are plain."""
    import yaml

    plain = _COMMENT.sub(lambda found: found[1] or "", text).strip().removesuffix(";").replace("\t", " ")
    try:
        # YAML has braces with names that need no quotes, and commas at the end.
        values = yaml.load(plain, Loader=yaml_loader())  # nosec B506
    except (yaml.YAMLError, RecursionError, ValueError):
        values = None
    if isinstance(values, dict):
        return {str(name): value for name, value in values.items()}
    return dict(merged([(name, double or single or word) for name, double, single, word in _PAIR.findall(plain)]))


def exported_metadata(text: str) -> dict[str, Any]:
    """What a page of MDX exports above its text as its metadata; nothing where it exports none."""
    found = _EXPORT.match(text)
    if not found:
        return {}
    depth = 0
    for piece in _PIECE.finditer(text, found.end(), found.end() + MAX_OBJECT):
        depth += {"{": 1, "}": -1}.get(piece[0], 0)
        if not depth:
            return object_of_script(text[found.end() : piece.end()])
    return {}
