"""A WordPress export (WXR): posts and pages with their categories, and nothing that WordPress keeps beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from lxml import etree

from harbor_search.ingest.no_characters import REPLACED
from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, Skipped, reason_of
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.records import outcome_of, plain_text, sections_of
from harbor_search.ingest.sources.source import Source, printable
from harbor_search.ingest.xml_characters import CONTROLS_LEFT_OUT, SoundXml

__all__ = ["read_wordpress"]

_NO_ARTICLES = frozenset(
    "attachment nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block wp_template"
    " wp_template_part wp_global_styles wp_navigation wp_font_family wp_font_face acf-field acf-field-group feedback"
    " elementor_library scheduled-action shop_order shop_coupon wpcf7_contact_form".split()
)
"""Types of what WordPress and its most common plug-ins keep as posts and readers never see as such."""

_NOTHING = re.compile(r"field_[0-9a-z_]+|a:0:\{\}")
"""What plug-ins keep for themselves: references of Advanced Custom Fields to its fields, and lists of nothing."""

_UNSORTED = ("uncategorized", "uncategorised", "allgemein", "non classé", "sin categoría")


def read_wordpress(source: Source, how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each item of the export, with its label `export.xml, post 17`; one is held at a time.

    XML that is not well formed is read as far as it can be made out, entities of its own are never expanded.
    """
    file, label = source.path, printable(source.path)
    found = 0
    try:
        with file.open("rb") as stream:
            sound = SoundXml(stream)
            parents: dict[str, tuple[str, str]] = {}
            for event in etree.iterparse(
                sound, tag=("{*}item", "{*}category"), recover=True, huge_tree=True, resolve_entities=False,
                no_network=True, load_dtd=False, remove_comments=True,
            ):  # fmt: skip
                element = event[1]
                if _name(element) == "category":
                    _note_category(element, parents)
                    continue
                found += 1
                place, outcome = _item(element, parents, f"{label}, post", f"{file.name}, post", how)
                if sound.is_mended and isinstance(outcome, Read):
                    outcome, sound.is_mended = replace(outcome, notes=(*outcome.notes, CONTROLS_LEFT_OUT)), False
                yield place, outcome
                _forget(element)
    except OSError as error:
        yield label, Refused(label, reason_of(error))
    except etree.XMLSyntaxError as error:
        yield label, Refused(label, f"the export breaks off: {error}")
    else:
        if not found:
            yield label, Refused(label, "no post is in it; export the content as a whole (Tools > Export)")


def _item(
    item: Any, parents: dict[str, tuple[str, str]], label: str, name: str, how: Circumstances
) -> tuple[str, Outcome]:
    post = _text(item, "post_id") or _text(item, "link") or _text(item, "title")
    label, name = f"{label} {post}", f"{name} {post}"
    kind = _text(item, "post_type")
    if kind in _NO_ARTICLES:
        return label, Skipped(label, f"no article: its type is {kind}")
    markup = _text(item, "encoded", "content")
    if len(markup) > how.max_bytes:
        return label, Refused(label, f"the post is larger than {how.max_bytes} characters; raise max_source_bytes")
    outcome = outcome_of(_record(item, markup, parents), Origin(name, name, how.rules), label)
    if "\ufffd" in markup and isinstance(outcome, Read) and REPLACED not in outcome.notes:
        # The parser puts it in the place of bytes that are no text.
        outcome = replace(outcome, notes=(*outcome.notes, REPLACED))
    return label, outcome


def _record(item: Any, markup: str, parents: dict[str, tuple[str, str]]) -> dict[str, Any]:
    # Exports of old versions have no domains; what stands first is a category there too.
    labels = [(each.get("domain") or "category", each) for each in _children(item, "category") if each.text]
    sorted_in = [each for domain, each in labels if domain == "category" and not _is_unsorted(each)]
    section = _path(sorted_in[0], parents) if sorted_in else []
    others = [each.text.strip() for _, each in labels if not _is_unsorted(each)]
    return {
        "title": plain_text(_text(item, "title")),
        "link": _text(item, "link"),
        "date": _date(item),
        "section": section,
        "tags": [each for each in others if each not in section],
        "excerpt": plain_text(_text(item, "encoded", "excerpt")),
        "sections": sections_of(markup),
        "post_status": _status(item),
        "post_password": _text(item, "post_password"),
        "meta": _meta(item),
    }


def _status(item: Any) -> str:
    """The post's status, which every post of an export has: one that lacks it is not known to be public."""
    return _text(item, "status") or "not stated"


def _meta(item: Any) -> dict[str, str]:
    """What plug-ins keep beside the post, by its key, without what says nothing."""
    pairs = ((_text(each, "meta_key"), _text(each, "meta_value")) for each in _children(item, "postmeta"))
    return {key: value for key, value in pairs if not _NOTHING.fullmatch(value)}


def _is_unsorted(category: Any) -> bool:
    return (category.text or "").strip().lower() in _UNSORTED


def _date(item: Any) -> str:
    stated = _text(item, "post_date")
    if stated and not stated.startswith("0000"):
        return stated
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(_text(item, "pubDate")).date().isoformat()
    return ""


def _note_category(element: Any, parents: dict[str, tuple[str, str]]) -> None:
    """Note parent and name of a category of the channel, by its nicename; items only say which they belong to."""
    nicename = _text(element, "category_nicename")
    if nicename:
        parents[nicename] = _text(element, "category_parent"), _text(element, "cat_name")


def _path(category: Any, parents: dict[str, tuple[str, str]]) -> list[str]:
    """The names from the outermost category to this one."""
    path, nicename = [(category.text or "").strip()], category.get("nicename") or ""
    seen = {nicename}
    while parent := parents.get(nicename, ("", ""))[0]:
        if parent in seen or parent not in parents:
            break
        seen.add(parent)
        path.insert(0, parents[parent][1])
        nicename = parent
    return path


def _text(element: Any, name: str, space: str = "") -> str:
    """The text of the child `name`, in a namespace whose address has `space` in it."""
    for child in _children(element, name):
        if space in str(child.tag).removesuffix(name):
            return "".join([child.text or "", *(_known(each) + (each.tail or "") for each in child)]).strip()
    return ""


def _known(node: Any) -> str:
    """What an entity among the text stands for where HTML knows it; those of the export are never expanded."""
    text = unescape(node.text or "") if node.tag is etree.Entity else ""
    return "" if text == node.text else text


def _children(element: Any, name: str) -> list[Any]:
    """The children `name` in any namespace; where that was not declared its prefix is part of the name."""
    return [child for child in element if isinstance(child.tag, str) and _name(child) == name]


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
