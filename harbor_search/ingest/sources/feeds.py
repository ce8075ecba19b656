"""Feeds: RSS, Atom and RDF by feedparser, JSON Feed by its own few names; from a file or from the web."""

from __future__ import annotations

import json
from calendar import timegm
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, Skipped, not_understood, reason_of
from harbor_search.ingest.publication_statements import about_publication
from harbor_search.ingest.sources.extras import required
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.mapping import mapped
from harbor_search.ingest.sources.records import outcome_of, plain_text, sections_of
from harbor_search.ingest.sources.source import Source
from harbor_search.ingest.xml_characters import CONTROLS_LEFT_OUT, sound_xml

__all__ = ["read_feed"]

feedparser = required("feedparser", "web", "reading a feed")


def read_feed(source: Source, how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each entry, with its label `https://example.org/feed, entry 3`."""
    try:
        data, headers = _bytes_of(source, how)
    except _Unavailable as error:
        yield source.shown, Refused(source.shown, str(error))
        return
    data, is_mended = sound_xml(data)
    records, fault = _records(data, headers)
    if not records:
        yield source.shown, Refused(source.shown, fault or "the feed has no entries")
    for number, record in enumerate(records, 1):
        label = f"{source.shown}, entry {number}"
        if record is None:
            yield label, Skipped(label, "it is a comment, or a setting of the site, and no article")
            continue
        if not record:
            yield label, Refused(label, "the entry is no JSON object ({...})")
            continue
        name = str(record.pop("name", "") or f"entry {number}")
        outcome = outcome_of(mapped(record, source.fields), Origin(name, source.shown, how.rules), label)
        if is_mended and isinstance(outcome, Read):
            outcome, is_mended = replace(outcome, notes=(*outcome.notes, CONTROLS_LEFT_OUT)), False
        yield label, outcome


class _Unavailable(Exception):
    pass


def _bytes_of(source: Source, how: Circumstances) -> tuple[bytes, dict[str, str]]:
    if "://" in source.address:
        from harbor_search.ingest.sources.fetching import Fetcher, NotFetched

        with closing(Fetcher(max_bytes=how.max_bytes, delay=source.delay, kept=how.fetched)) as fetcher:
            try:
                page = fetcher.get(source.address)
            except NotFetched as error:
                raise _Unavailable(f"the feed cannot be fetched: {error}") from error
        return page.body, {"content-location": page.address, **page.headers}
    try:
        with source.path.open("rb") as stream:
            data = stream.read(how.max_bytes + 1)
    except OSError as error:
        raise _Unavailable(reason_of(error)) from error
    if len(data) > how.max_bytes:
        raise _Unavailable(f"the file is larger than {how.max_bytes} bytes; raise max_source_bytes")
    return data, {}


def _records(data: bytes, headers: dict[str, str]) -> tuple[Sequence[dict[str, Any] | None], str]:
    """Records of the entries, None for what is no article, and what is wrong where there are none."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_records(data)
    try:
        feed = feedparser.parse(data, response_headers=headers)
    except Exception as error:
        # It takes almost anything for a feed, and ends in whatever that leads to.
        return [], not_understood(error)
    base = str(feed.feed.get("link") or headers.get("content-location") or "")
    language = feed.feed.get("language")
    records = [_record(entry, language, base) if _is_article(entry) else None for entry in feed.entries]
    return (
        records,
        "" if records else f"this is no feed that can be read: {feed.get('bozo_exception', 'it has no entries')}",
    )


_KIND = "http://schemas.google.com/blogger/2008/kind#"
"""How Blogger's older exports say what an entry is; they hold settings, templates and comments beside posts."""


def _is_article(entry: Any) -> bool:
    """Whether an entry is no comment, and none of the settings of a site that is exported as a feed."""
    kinds = [tag["term"] for tag in entry.get("tags", ()) if str(tag.get("term")).startswith(_KIND)]
    kinds += [f"{_KIND}{entry['blogger_type'].lower()}"] if entry.get("blogger_type") else []
    return all(kind in (f"{_KIND}post", f"{_KIND}page") for kind in kinds)


def _record(entry: Any, language: str | None, base: str) -> dict[str, Any]:
    contents = entry.get("content") or []
    summary = entry.get("summary", "")
    markup = max((each.get("value", "") for each in contents), key=len, default="") or summary
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    stated = entry.get("published") or entry.get("updated") or ""
    return {
        "name": entry.get("id", ""),
        "title": plain_text(entry.get("title", "")),
        "link": _link(entry.get("link", ""), entry.get("id", ""), base),
        # One that the library cannot read is noted, if it is not understood here either.
        "date": datetime.fromtimestamp(timegm(moment), UTC).isoformat() if moment else stated,
        "tags": [tag["term"] for tag in entry.get("tags", ()) if tag.get("term") and not tag["term"].startswith(_KIND)],
        "language": next((each.get("language") for each in contents if each.get("language")), language) or "",
        "sections": sections_of(markup),
        "summary": plain_text(summary) if contents and summary != markup else "",
    } | _statements(entry)


def _link(link: str, own: str, base: str) -> str:
    """The entry's address, on the site of the feed where it is none by itself.

    Where a feed has no address for an entry, feedparser gives its id.
    """
    if "://" in link or not link or (link == own and "/" not in link):
        return link if "://" in link else ""
    return urljoin(base, link) if "://" in base else link


_OWN = frozenset(("published", "updated", "expired", "content", "type"))
"""Names that feeds have in another sense than articles have them."""


def _statements(entry: Any) -> dict[str, Any]:
    """What elements of any namespace say of publication: feedparser joins their prefixes to their names (app_draft)."""
    texts = {name: value for name, value in entry.items() if isinstance(value, str) and name not in _OWN}
    return about_publication(texts | {name.partition("_")[2]: value for name, value in texts.items() if "_" in name})


def _json_records(data: bytes) -> tuple[list[dict[str, Any]], str]:
    try:
        feed = json.loads(data.decode("utf-8-sig"))
        items = feed["items"]
        if not isinstance(items, list):
            raise TypeError("'items' is no list")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return [], f"this is no JSON Feed that can be read: {type(error).__name__}: {error}"
    language, base = feed.get("language", ""), str(feed.get("home_page_url") or feed.get("feed_url") or "")
    return [_json_record(item, language, base) if isinstance(item, dict) else {} for item in items], ""


def _json_record(item: dict[str, Any], language: str, base: str) -> dict[str, Any]:
    markup, text = item.get("content_html"), item.get("content_text")
    return {
        "name": str(item.get("id", "")),
        "title": plain_text(str(item.get("title") or "")),
        "link": _link(str(item.get("url") or ""), str(item.get("id", "")), base),
        "date": item.get("date_published") or item.get("date_modified") or "",
        "tags": item.get("tags") or [],
        "language": item.get("language") or language,
        "summary": item.get("summary") or "",
        **({"sections": sections_of(markup)} if isinstance(markup, str) and markup else {"text": text or ""}),
    } | about_publication({str(name).lstrip("_"): value for name, value in item.items() if name != "content"})
