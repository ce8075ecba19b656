"""Feeds of every kind: an article an entry, from a file or from the web."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from harbor_search.ingest import Outcome, Read, Refused, Skipped, Source, read_articles
from harbor_search.ingest.sources import feeds
from tests.ingest.reading import MAX_BYTES
from tests.ingest.sources.web import Page, serving

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Harbour</title><language>en-GB</language>
<item><title>Iron &amp;amp; Zinc</title><link>https://example.org/iron</link><guid>x1</guid>
<pubDate>Fri, 31 Jan 2025 10:00:00 GMT</pubDate><category>Food</category><description>In short.</description>
<content:encoded><![CDATA[<h2>Where</h2><p>Greens.</p>]]></content:encoded></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Harbour</title>
<entry><title type="html">Iron &amp;amp; Zinc</title><link href="https://example.org/iron"/><id>tag:x1</id>
<published>2025-01-31T10:00:00Z</published><category term="Food"/><summary>In short.</summary>
<content type="html">&lt;h2&gt;Where&lt;/h2&gt;&lt;p&gt;Greens.&lt;/p&gt;</content></entry></feed>"""

JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "language": "en-GB",
    "items": [{"id": "x1", "url": "https://example.org/iron", "title": "Iron & Zinc", "summary": "In short.",
               "date_published": "2025-01-31T10:00:00Z", "tags": ["Food"],
               "content_html": "<h2>Where</h2><p>Greens.</p>"}],
})  # fmt: skip

FEEDS = {"feed.xml": RSS, "feed.atom": ATOM, "feed.json": JSON}


def read(source: Source | Path | str, fetched: Path | None = None) -> list[Outcome]:
    return list(read_articles([source], max_bytes=MAX_BYTES, fetched=fetched))


def check(outcome: Outcome) -> None:
    assert isinstance(outcome, Read), outcome
    found = outcome.article
    assert (found.id, found.url, found.title) == ("https://example.org/iron", "https://example.org/iron", "Iron & Zinc")
    assert (found.published, found.tags, found.language) == (date(2025, 1, 31), ("Food",), "en-GB")
    assert [(part.heading, part.text) for part in found.body if part.heading] == [("Where", "Greens.")]


@pytest.mark.parametrize("name", FEEDS)
def test_an_entry_of_a_feed_in_a_file_is_an_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FEEDS[name])
    [outcome] = read(tmp_path / name)
    check(outcome)


@pytest.mark.parametrize("name", FEEDS)
def test_an_entry_of_a_feed_on_the_web_is_an_article(name: str) -> None:
    with serving({f"/{name}": Page(FEEDS[name], kind="application/octet-stream")}) as site:
        [outcome] = read(Source(f"{site.address}/{name}", kind="feed"))
    check(outcome)


def test_a_feed_that_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    with serving({"/feed": Page(RSS, headers={"ETag": '"1"'})}) as site:
        for _ in range(2):
            [outcome] = read(f"{site.address}/feed", tmp_path / "fetched")
            check(outcome)
        assert site.asked == [("/feed", 200), ("/feed", 304)]


def test_pages_that_nobody_asks_for_any_more_are_not_kept_for_ever(tmp_path: Path) -> None:
    fetched = tmp_path / "fetched"
    with serving(
        {"/feed": Page(RSS, headers={"ETag": '"1"'}), "/feed.xml": Page(RSS, headers={"ETag": '"2"'})}
    ) as site:
        read(f"{site.address}/feed", fetched)
        [old] = fetched.iterdir()
        os.utime(old, (0, 0))
        read(f"{site.address}/feed.xml", fetched)
        assert len(list(fetched.iterdir())) == 1 and not old.exists()
        os.utime(next(fetched.iterdir()), (0, 0))
        read(f"{site.address}/feed.xml", fetched)
        assert len(list(fetched.iterdir())) == 1, "what is asked for stays"


def test_a_feed_with_a_fault_in_its_xml_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS.replace("</channel></rss>", "<item><title>Broken &"))
    check(read(tmp_path / "feed.xml")[0])


@pytest.mark.parametrize("text", ['<rss version="2.0"><channel></channel></rss>', "<rss>&&&"])
def test_a_feed_without_entries_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "feed.xml").write_text(text)
    [outcome] = read(tmp_path / "feed.xml")
    assert isinstance(outcome, Refused)


@pytest.mark.parametrize(
    "text", ['{"version": "https://jsonfeed.org/version/1"}', '{"x": "jsonfeed.org", "items": 3}', "{"]
)
def test_a_json_feed_without_items_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "feed.json").write_text(text)
    [outcome] = read(Source(str(tmp_path / "feed.json"), kind="feed"))
    assert isinstance(outcome, Refused)


def test_a_feed_that_cannot_be_fetched_is_refused_with_the_answer() -> None:
    with serving({"/feed.xml": Page(status=503)}) as site:
        [outcome] = read(f"{site.address}/feed.xml")
    assert isinstance(outcome, Refused) and "503" in outcome.reason
    [outcome] = read(f"{site.address}/feed.xml")
    assert isinstance(outcome, Refused) and "no answer" in outcome.reason


def test_a_feed_in_a_folder_of_articles_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    assert not any(isinstance(each, Read) for each in read(tmp_path))


@pytest.mark.parametrize(("name", "old", "new"), [
    ("f.atom", "</entry>", '<c:control xmlns:c="http://www.w3.org/2007/app"><c:draft>yes</c:draft></c:control></entry>'),
    ("f.atom", "</entry>", '<b:status xmlns:b="http://schemas.google.com/blogger/2018">DRAFT</b:status></entry>'),
    ("f.rss", "</item>", '<wp:status xmlns:wp="http://example.org/wp">private</wp:status></item>'),
    ("f.json", '"id": "x1"', '"id": "x1", "_draft": true'),
    ("f.json", '"id": "x1"', '"id": "x1", "status": "draft"'),
])  # fmt: skip
def test_an_entry_that_says_that_it_is_a_draft_is_skipped(tmp_path: Path, name: str, old: str, new: str) -> None:
    text = {"f.atom": ATOM, "f.rss": RSS, "f.json": JSON}[name]
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new))
    assert [type(each) for each in read(tmp_path / name)] == [Skipped]


def test_an_item_that_is_no_object_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(JSON.replace('"items": [', '"items": [null, '))
    assert [type(each) for each in read(tmp_path / "f.json")] == [Refused, Read]


def test_a_file_that_is_called_a_feed_and_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.rss").write_text("<html><body>Not found</body></html>")
    [outcome] = read(tmp_path / "f.rss")
    assert isinstance(outcome, Refused) and "no feed" in outcome.reason


@pytest.mark.parametrize(("wrong", "instead", "note"), [
    ("&#xD83D;", "\ufffd", "half of a surrogate pair"),
    ("&#99999999999;", "\ufffd", "half of a surrogate pair"),
    ("\x07", "", "control characters"),
])  # fmt: skip
def test_what_is_no_character_costs_itself_and_a_note(tmp_path: Path, wrong: str, instead: str, note: str) -> None:
    (tmp_path / "feed.xml").write_text(RSS.replace("<title>Iron", f"<title>I{wrong}ron"))
    [outcome] = read(tmp_path / "feed.xml")
    assert isinstance(outcome, Read)
    assert outcome.article.title == f"I{instead}ron & Zinc" and note in outcome.notes[0]


def test_escapes_of_japanese_encodings_are_no_control_characters(tmp_path: Path) -> None:
    text = RSS.replace("?>", ' encoding="ISO-2022-JP"?>', 1).replace("Greens.", "鉄分とお茶。")
    (tmp_path / "feed.xml").write_bytes(text.encode("iso-2022-jp"))
    [outcome] = read(tmp_path / "feed.xml")
    assert isinstance(outcome, Read) and outcome.notes == ()
    assert [part.text for part in outcome.article.body if part.heading] == ["鉄分とお茶。"]


def test_a_library_that_fails_at_a_feed_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise AssertionError("unexpected call to parse")

    monkeypatch.setattr(feeds.feedparser, "parse", fails)
    (tmp_path / "feed.xml").write_text(RSS)
    [outcome] = read(tmp_path / "feed.xml")
    assert isinstance(outcome, Refused) and "AssertionError" in outcome.reason


def test_a_day_that_no_calendar_has_is_noted(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS.replace("Fri, 31 Jan 2025", "Fri, 31 Feb 2025"))
    [outcome] = read(tmp_path / "feed.xml")
    assert isinstance(outcome, Read) and outcome.article.published is None
    assert outcome.notes == ("'date' cannot be used and was left out: 'Fri, 31 Feb 2025 10:00:00 GMT'",)
