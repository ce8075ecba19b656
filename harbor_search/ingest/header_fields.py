"""Fields in lines such as `Title: Kettles`, and how they are told from sentences with a colon."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from harbor_search.ingest.field_names import DATE, TAGS, TITLE, fold
from harbor_search.ingest.publication import why_kept_back
from harbor_search.ingest.publication_names import Meaning, meaning_of
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.repeated_keys import merged

__all__ = ["FIELD", "fields_of", "is_header", "is_known"]

FIELD = re.compile(r"(?:\.\. )?([A-Za-z][\w.-]*(?: [\w.-]+){0,2})[ \t]*::?(?:[ \t]+(.*)|[ \t]*)$")

_KNOWN = frozenset(map(fold, (*TITLE, *DATE, *TAGS))) | frozenset(
    "layout draft status author authors slug category lang language summary description id url permalink template type"
    " weight subtitle copyright email affiliation saveas translation private keywords".split()
)
"""Names by which a block of fields is known from a text with colons."""


def is_header(values: Mapping[str, Any], *, alone: bool) -> bool:
    """Whether fields are those of a header and no sentences with colons; `alone` where it is a single line."""
    names = [fold(name) for name in values]
    if alone:
        return names[0] in _ALONE or (
            meaning_of(names[0]) is not None and str(values[next(iter(values))]).lower() in _SAID
        )
    if not any(map(_is_plain, names)) and not why_kept_back(values, PublicationRules()):
        return False
    known = sum(map(is_known, names))
    return is_known(names[0]) and (known * 2 >= len(names) or any(meaning_of(name) is not None for name in names))


def is_known(name: str) -> bool:
    """Whether `name`, folded, is one that articles have for what is said about them."""
    return name in _KNOWN or meaning_of(name) is not None


def _is_plain(name: str) -> bool:
    """Whether lines of this name are seldom those of a text itself, as `Access: by bus` may be."""
    return name in _KNOWN or meaning_of(name) not in _OF_MANY_USES


_OF_MANY_USES = frozenset(
    (
        None, Meaning.STATUS_AMONG_OTHERS, Meaning.STAGE, Meaning.MARK, Meaning.FROM_IF_DAY, Meaning.UNTIL,
        Meaning.KEPT_IF_OFF, Meaning.KEPT_IF_OFF_OR_ZERO, Meaning.KEPT_IF_PLAINLY_TRUE,
    )
)  # fmt: skip

_ALONE = frozenset(("title", "date", "status", "draft", "slug", "published"))
"""Names that a header of a single line may have: other words with a colon begin sentences."""

_SAID = frozenset("yes no true false on off y n 1 0 draft private noindex never".split())
"""Values with which a single line speaks of publication, and is no sentence."""


def fields_of(lines: list[str]) -> dict[str, Any]:
    """The fields of header lines; a line that is indented goes on with the one above it."""
    pairs: list[tuple[str, str]] = []
    for line in lines:
        if found := FIELD.match(line):
            pairs.append((found[1], (found[2] or "").strip()))
        elif pairs and line.strip():
            pairs[-1] = pairs[-1][0], f"{pairs[-1][1]} {line.strip()}".strip()
    values = merged(pairs)
    if lines[0].startswith(".. ") and (kept := _NIKOLA_TAGS & {*values.get("tags", "").replace(",", " ").split()}):
        # Nikola's first versions had no status.
        values.setdefault("status", min(kept))
    return {name: value for name, value in values.items() if value}


_NIKOLA_TAGS = frozenset(("draft", "private"))
