"""Records of JSON Lines as articles.

What describes an article is named as in `metadata`. Its text is found by these names:

- `sections`: a list of texts or of objects with `heading` (or `title`), `text` (or `content`, `body`) and perhaps
  `anchor`; else
- `text`, `body`, `content` or `contents`: a text with a blank line between paragraphs, or a list of paragraphs;
- `lead`, `summary`, `excerpt`, `abstract` or `description`: the first paragraph, where the text does not begin with it.

What `article_to_dict` writes is read back as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harbor_search.article import Section
from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.cleaning import key, tidy, visible
from harbor_search.ingest.field_names import TITLE, fold, folded, last_of, stated_as
from harbor_search.ingest.html_fragment import is_html, line_of_html, parts_of_html
from harbor_search.ingest.metadata import article_from, id_of, kind_of, line_of, require_public, with_surroundings
from harbor_search.ingest.no_characters import mended
from harbor_search.ingest.outcome import Origin, Read, Unreadable, Unwanted
from harbor_search.ingest.publication import why_kept_back

__all__ = ["holds_text", "judge", "read_record"]

LEAD = ("lead", "summary", "excerpt", "abstract", "description")
TEXT = (
    *("text", "body", "content", "contents", "content_html", "body_html", "html", "content_text", "body_text"),
    *("article_body", "post_content", "full_text"),
)
HEADING = ("heading", "title")
SECTION_TEXT = ("text", "content", "body", "html")

WRAPPERS = ("rendered", "processed", "html", "value", "__html", "$t", "#text", "$date", "$oid")
"""Names under which exports keep a text in an object of its own: WordPress, Drupal, Blogger, MongoDB and others."""

NAMES = ("name", "title", "label", "term")
"""Names under which exports keep the name of a category or of a tag."""

_DRAFT_IDS = ("drafts.", "versions.")
"""How Sanity tells drafts and versions to come from what is published; its exports hold both."""

_SAYS_PUBLIC = frozenset("status poststatus state draft isdraft published ispublished date pubdate visibility".split())
"""Names beside an empty day of publication that say enough: what they mean is judged for itself."""

_DAYS_OF_PUBLICATION = ("publishedat", "lastpublished", "lastpublishedat", "firstpublishedat")
"""Names under which systems keep the day that they published something, and nothing before that."""

MAX_STAND_IN = 80
"""Characters of a text that stand in for a title: one line of a results page."""


def holds_text(record: Mapping[str, Any]) -> bool:
    """Whether `record` has any of the fields that an article's text is in."""
    return not {"sections", *TEXT, *LEAD}.isdisjoint(map(fold, record))


def read_record(record: Mapping[str, Any], origin: Origin) -> Read:
    """The article that one record holds.

    Raises:
        Unreadable: an id, title or text that is no text.
        Unwanted: it may not be shown, or its text is empty.
    """
    record, halves = mended(record)
    stated, notes = judge(record, origin)
    # A section may have a title, and is more than that.
    kept = {name: value if name == "sections" else _unwrapped(value) for name, value in stated.items()}
    name, title = stated_as(kept, TITLE)
    if isinstance(title, str):
        kept[fold(name)] = line_of_html(title)
    body, lead = _with_lead(body_of(_parts(kept)), _lead(kept))
    if not lead_of(body):
        raise Unwanted("the record has no text" + (", but for sections that are kept back" if notes else ""))
    return article_from(kept, body, lead, origin, stand_in=_beginning(body[0]), notes=(*halves, *notes))


def judge(record: Mapping[str, Any], origin: Origin) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """What of `record` may be shown, names folded, and notes about the sections that may not.

    Raises:
        Unwanted: nothing of it may.
    """
    require_public(with_surroundings(record, origin), origin)
    _require_published(record, origin)
    return _public_sections(folded(record), origin)


def _require_published(record: Mapping[str, Any], origin: Origin) -> None:
    """Raises:
    Unwanted: an id or an empty day of publication says that the record is a draft.
    """
    known = folded(record)
    if str(record.get("_id", "")).startswith(_DRAFT_IDS):
        reason = f"'_id' is {record['_id']!r}: it is a draft, or a version that is not published"
        raise Unwanted(reason, id_of(record, origin))
    parts = [last_of(known.get(name)) for name in ("attributes", "sys")]
    inner = {name: value for part in parts if isinstance(part, Mapping) for name, value in folded(part).items()}
    days = [each[name] for each in (known, inner) for name in _DAYS_OF_PUBLICATION if name in each]
    if any(day in (None, "") for day in days) and not any(days) and not _SAYS_PUBLIC & {*known, *inner}:
        reason = "its day of publication is empty: it is not published yet; 'status' might say otherwise"
        raise Unwanted(reason, id_of(record, origin))


def _public_sections(stated: Mapping[str, Any], origin: Origin) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """`stated` without those of its sections that say that they are not to be shown, and notes about them."""
    sections = last_of(stated.get("sections"))
    if not isinstance(sections, list):
        return stated, ()
    reasons = [why_kept_back(each, origin.rules) if isinstance(each, Mapping) else "" for each in sections]
    kept = [each for each, reason in zip(sections, reasons, strict=True) if not reason]
    notes = tuple(f"section {number} was left out: {reason}" for number, reason in enumerate(reasons, 1) if reason)
    return {**stated, "sections": kept}, notes


def _beginning(section: Section) -> str:
    first = (section.heading or section.text).split("\n", 1)[0]
    return first if len(first) <= MAX_STAND_IN else first[:MAX_STAND_IN].rsplit(" ", 1)[0] + "\u2026"


def _unwrapped(value: Any) -> Any:
    """The text in an object that says how it is written (`{"rendered": ...}`), and the names in a list of objects."""
    value = last_of(value)
    if isinstance(value, dict):
        return next((value[name] for name in WRAPPERS if isinstance(value.get(name), str | int)), value)
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        names = [next((each[name] for name in NAMES if isinstance(each.get(name), str)), None) for each in value]
        return names if all(names) else value
    return value


def _parts(stated: Mapping[str, Any]) -> list[Part]:
    sections = stated.get("sections")
    if sections is None or sections == []:
        return _written(Part("", _text(stated, TEXT)))
    if not isinstance(sections, list):
        raise Unreadable(f"'sections' must be a list, not {kind_of(sections)}")
    parts = [part for number, section in enumerate(sections, 1) for part in _written(_part(section, number))]
    return parts if any(visible(part.text) for part in parts) else [*parts, *_written(Part("", _text(stated, TEXT)))]


def _written(part: Part) -> list[Part]:
    """`part`, or what it consists of where its text is HTML."""
    heading = line_of_html(part.heading)
    if not is_html(part.text):
        return [Part(heading, line_of_html(part.text), part.anchor)]
    first, *others = parts_of_html(part.text)
    if not heading:
        return [first, *others]
    return [Part(heading, "", part.anchor), first, *others]


def _part(section: Any, number: int) -> Part:
    if isinstance(section, str):
        return Part("", section)
    section = {name: _unwrapped(value) for name, value in section.items()} if isinstance(section, dict) else section
    if not isinstance(section, dict):
        raise Unreadable(f"item {number} of 'sections' must be an object with heading and text, not {kind_of(section)}")
    anchor = section.get("anchor")
    return Part(line_of(section, HEADING), _text(section, SECTION_TEXT), anchor if isinstance(anchor, str) else "")


def _text(stated: Mapping[str, Any], names: tuple[str, ...]) -> str:
    name, value = stated_as(stated, names)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = "\n\n".join(value)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{name!r} must be a text, not {kind_of(value)}")
    return value or ""


def _lead(stated: Mapping[str, Any]) -> str:
    value = stated_as(stated, LEAD)[1]
    if not isinstance(value, str) or not visible(value):
        return ""
    if is_html(value):
        return tidy("\n\n".join(part.text for part in parts_of_html(value) if part.text))
    return tidy(line_of_html(value))


def _with_lead(body: tuple[Section, ...], lead: str) -> tuple[tuple[Section, ...], str]:
    """The body and the lead, which is part of it: put before the rest where the record keeps the two apart.

    A lead that is the beginning of the text, cut short, is a copy and gives way to the first paragraph.
    """
    own = lead_of(body)
    if not lead or own.startswith(lead) or key(" ".join(section.text for section in body)).startswith(key(lead)):
        return body, own
    if any(lead in section.text for section in body):
        return body, lead
    first = Section("", "", lead)
    if body and not body[0].heading:
        first, body = Section("", "", f"{lead}\n\n{body[0].text}"), body[1:]
    return (first, *body), lead_of([first])
