"""Pages exported from Notion: the properties of a page stand below its title, its id after its name."""

from __future__ import annotations

import re
from typing import Any

from harbor_search.ingest.cleaning import tidy_line
from harbor_search.ingest.field_names import fold
from harbor_search.ingest.header_fields import is_known

__all__ = ["is_notion", "properties_below_title", "take_properties", "without_id"]

_ID = re.compile(r"(?:[ _-]|%20)?\b[0-9a-f]{32}$")
_TITLE = re.compile(r"\s*# [^\n]+\n+")
_PROPERTY = re.compile(r"([^\W\d_][^:\n]{0,60}?):(?: ([^\n]*))?")


def is_notion(stem: str) -> bool:
    """Whether a file called so, the end of its name apart, comes from Notion."""
    return bool(_ID.search(stem))


def without_id(name: str) -> str:
    """The name of a page or a folder without the id after it."""
    return _ID.sub("", name) or name


def properties_below_title(text: str) -> tuple[dict[str, str], str]:
    """The properties of a page in Markdown, and the page without them.

    They are the lines of the first paragraph below the title; a paragraph that has any other line is text, and so is
    one with none of the names that articles have.
    """
    title = _TITLE.match(text)
    if not title:
        return {}, text
    block, _, below = text[title.end() :].partition("\n\n")
    found = [_PROPERTY.fullmatch(line) for line in block.strip("\n").split("\n")]
    known = [each for each in found if each]
    if len(known) < len(found) or not any(is_known(fold(each[1])) for each in known):
        return {}, text
    return {each[1]: (each[2] or "").strip() for each in known}, f"{text[: title.end()]}{below}"


def take_properties(tree: Any) -> dict[str, str]:
    """The properties of a page in HTML, whose table is taken out of it."""
    found: dict[str, str] = {}
    for table in tree.xpath(".//table[contains(concat(' ', @class, ' '), ' properties ')][.//tr[@class]]"):
        rows = [row for row in table.iter("tr") if (row.get("class") or "").startswith("property-row")]
        for row in rows:
            name, value = row.find("th"), row.find("td")
            if name is not None and value is not None:
                found[tidy_line("".join(name.itertext()))] = _value(value)
        if rows:
            table.drop_tree()
    return found


def _value(cell: Any) -> str:
    box = next((each.get("class") for each in cell.iter("div") if "checkbox" in (each.get("class") or "")), None)
    if box is not None:
        return "yes" if "checkbox-on" in box else "no"
    chosen = [tidy_line("".join(each.itertext())) for each in cell.xpath(".//span[contains(@class, 'selected-value')]")]
    return ", ".join(chosen) if chosen else tidy_line("".join(cell.itertext())).lstrip("@")
