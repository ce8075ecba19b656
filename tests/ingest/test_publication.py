"""What is not public stays out, in whatever words its author says so, and what is public gets in."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.ingest import PublicationRules, Read, Refused, Skipped, read_articles
from harbor_search.ingest.publication import why_kept_back
from tests.ingest.reading import outcomes, read_bytes, refusal

NOON = datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2)))
RULES = PublicationRules(now=NOON, zone=NOON.tzinfo)
EVERYTHING = PublicationRules(include_future=True, include_expired=True, now=NOON, zone=NOON.tzinfo)

KEPT_BACK: list[dict[str, Any]] = [
    {"draft": True}, {"Draft": "yes"}, {"isDraft": "On"}, {"draft": 1}, {"private": "true"}, {"unlisted": True},
    {"hidden": "yes"}, {"published": False}, {"published": "no"}, {"published": "draft"}, {"public": "off"},
    {"publish": "never"}, {"is_published": 0}, {"listed": "n"}, {"status": "draft"}, {"Status": "Private"},
    {"post_status": "auto-draft"}, {"status": "Pending Review"}, {"status": 0}, {"status": 404},
    {"visibility": "members"}, {"state": "archived"}, {"moderation_state": "Needs review"}, {"noindex": True},
    {"no-index": "yes"}, {"robots": "noindex, follow"}, {"robots": ["NoIndex"]}, {"googlebot": "none"},
    {"search": False}, {"search": {"exclude": True}}, {"search_exclude": "true"}, {"excludeFromSearch": True},
    {"pagefind": False}, {"in_search_index": False}, {"seo": {"noindex": True}}, {"seo": {"index": "no"}},
    {"_build": {"render": "never"}}, {"build": {"list": "never"}}, {"params": {"draft": True}}, {"permalink": False},
    {"password": "sesame"}, {"post_password": "1"}, {"visible": False}, {"index": "false"},
    {"status": ["draft"]}, {"status": [{"value": False}]}, {"status": {"label": "Draft"}}, {"draft": {"en": True}},
    {"moderation_state": [{"value": "draft"}]}, {"state": {"name": "draft"}}, {"state": 0}, {"state": "draft copy"},
    {"workflow": {"state": "draft"}}, {"attributes": {"draft": True}}, {"fields": {"draft": "yes"}},
    {"options": {"unlisted": True}}, {"publish": {"status": "draft"}}, {"access": {"site.login": True}},
    {"visibility": ["members"]}, {"access": ["editors"]}, {"audience": "only_paid"}, {"privacy": "private"},
    {"robots": False}, {"robots": {"index": False}}, {"yoast_head_json": {"robots": {"index": "noindex"}}},
    {"metaTags": {"robots": "noindex"}}, {"meta": [{"name": "robots", "content": "noindex"}]},
    {"head": [["meta", {"name": "robots", "content": "noindex"}]]},
    {"head": [{"tag": "meta", "attrs": {"name": "googlebot", "content": "none"}}]},
    {"meta": {"_yoast_wpseo_meta-robots-noindex": "1"}}, {"sitemap": False}, {"sitemap": {"exclude": True}},
    {"sitemap_exclude": True}, {"hideFromSearchEngines": True}, {"notSearchable": True}, {"do_not_index": "yes"},
    {"exclude_from_search_index": True}, {"show_in_search": False}, {"search": {"enabled": "no"}}, {"algolia": False},
    {"render": "never"}, {"render": False}, {"build": {"render": "link"}}, {"routable": False}, {"is_live": "0"},
    {"active": "N"}, {"online": False}, {"deleted_at": "2024-01-01"}, {"unpublishedAt": 1700000000}, {"archived": True},
    {"sys": {"archivedAt": "2020-01-01"}}, {"email_only": True}, {"login_required": True}, {"internal": "yes"},
    {"wip": True}, {"type": "draft"}, {"layout": "draft"}, {"exclude": True}, {"status": "sent"},
    {"robots": "max-image-preview:none, noindex"}, {"status": {"id": 1, "name": "Draft"}}, {"status": "404"},
    {"listed": False}, {"seo": {"index": "noindex"}}, {"search": {"index": 0}}, {"stage": "draft"}, {"state": "0"},
    {"listed": "later"}, {"listed": "not yet"}, {"visible": "soon"}, {"draft": ["false", "true"]},
    {"x-robots-tag": "googlebot: noindex"}, {"x-robots-tag": "otherbot: nofollow, noindex"},
    {"x-robots-tag": "otherbot: none, none"},
    {"tags": ["draft"]}, {"tags": "Draft"}, {"category": "Drafts"}, {"tags": "draft, private"}, {"tags": "draft,"},
    {"listed": "private"}, {"robots": "max-snippet: noindex"}, {"status": {"id": 0}}, {"visible": "members"},
]  # fmt: skip
PUBLIC: list[dict[str, Any]] = [
    {"tags": ["draft", "beer"]}, {"tags": "draft, nfl"}, {"tags": []}, {"category": "Draft beer"}, {"tags": ","},
    {}, {"draft": False}, {"draft": "no"}, {"draft": None}, {"draft": ""}, {"published": True}, {"published": "yes"},
    {"published": "2024-01-05"}, {"publish": "publish"}, {"status": "published"}, {"status": "Public"}, {"status": 1},
    {"status": 200}, {"status": "deprecated"}, {"visibility": "everyone"}, {"state": "Texas"}, {"state": "NO"},
    {"noindex": "off"}, {"robots": "index, follow"}, {"robots": "nofollow, noimageindex"}, {"search": "Find a doctor"},
    {"search": {"boost": 2}}, {"index": 0}, {"index": 7}, {"hide": ["toc"]}, {"active": "paracetamol"},
    {"permalink": "/a/"}, {"password": False}, {"access": "by car"}, {"expires": "never"}, {"expires": 0},
    {"publish_down": "0000-00-00 00:00:00"}, {"embargo": "none"}, {"date": "soon"}, {"title": "draft: true"},
    {"sitemap": {"priority": 0.5, "changefreq": "never"}}, {"robots": {"index": True}}, {"robots": {"index": "index"}},
    {"head": [["meta", {"name": "description", "content": "noindex"}], "x", None]}, {"meta": ["draft"]},
    {"status": ["published"]}, {"status": {"rendered": "publish"}}, {"deleted_at": None}, {"archived": False},
    {"internal": "3 pages"}, {"exclude": ["a.md"]}, {"type": "post"}, {"layout": "default"}, {"render": "always"},
    {"audience": "people who draft wills and other papers"}, {"state": "open"}, {"list": "a, b"}, {"secret": "love"},
    {"authors": [{"name": "A", "private": True}]}, {"image": {"hidden": True}}, {"toc": {"hide": True}},
    {"meta": {"_yoast_wpseo_meta-robots-noindex": "2"}}, {"published_at": "2020-01-01"}, {"search": {"boost": 0}},
    {"robots": "index, follow, max-image-preview:none"}, {"robots": {"max-image-preview": "none"}}, {"stage": 0},
    {"robots": ["index", "max-image-preview: none"]}, {"status": "200"}, {"status": "online"}, {"password": "false"},
    {"status": {"id": 2, "name": "Published"}}, {"published": {"at": "2020-01-01", "by": "Ann"}}, {"draft": "null"},
    {"x-robots-tag": "otherbot: noindex, nofollow"}, {"x-robots-tag": "googlebot: nofollow, slurp: none"},
    {"listed": "Grade II"}, {"schedule": "Mondays, 9 to 11"}, {"schedule": [{"day": "Monday"}]}, {"review": "0"},
    {"available_at": "pharmacies"}, {"available_from": "your doctor"}, {"schedule": "later in the day, at noon"},
    {"active": "sooner rather than later"}, {"available_from": "now"}, {"listed": "now"}, {"visible_to": "everyone"}, {"expires": 604800}, {"expires": "31536000"},
    {"expiry": "24 months after opening"}, {"search": {"index": "articles"}}, {"publish": ["web"]},
    {"publishDate": "Friday, May 1, 2026"}, {"publishDate": "Fri May 01 2026 10:00:00 GMT+0200 (CEST)"},
    {"publishDate": "01-May-2026"}, {"robots": {"noindex": None, "index": ""}}, {"expires": "unlimited"},
    {"deleted_at": "\\N"}, {"expiryDate": "0001-01-01T00:00:00Z"}, {"status": "OK"},
    {"status": "En ligne"}, {"status": "Freigegeben"}, {"status": "Опубликовано"}, {"draft": "нет"}, {"hidden": {}},
]  # fmt: skip
UNCLEAR: list[dict[str, Any]] = [
    {"draft": "maybe"}, {"draft": "ture"}, {"draft": ["a"]}, {"status": "publshed"}, {"visibility": "us and them"},
    {"published": "in a while"}, {"publishDate": "soon"}, {"expiryDate": "after the fair"}, {"noindex": "perhaps"},
    {"available_from": "soon"}, {"schedule": "later"}, {"available_at": "next week"},
    {"embargo": True}, {"publish_date": "03/06/2026"}, {"visible_to": "members"}, {"expires": "31122024"}, {"expires": "2 days ago"}, {"embargo": "permanent"},
]  # fmt: skip


@pytest.mark.parametrize("stated", KEPT_BACK, ids=str)
def test_what_is_kept_back_in_any_words_stays_out_and_the_reason_names_the_statement(stated: dict[str, Any]) -> None:
    name = next(iter(stated))
    assert why_kept_back(stated, EVERYTHING).startswith(f"'{name}")


@pytest.mark.parametrize("stated", PUBLIC, ids=str)
def test_what_says_that_it_is_public_or_nothing_of_it_gets_in(stated: dict[str, Any]) -> None:
    assert why_kept_back(stated, RULES) == ""


@pytest.mark.parametrize("stated", UNCLEAR, ids=str)
def test_a_statement_that_cannot_be_read_keeps_the_article_out_and_says_so(stated: dict[str, Any]) -> None:
    assert "until that is mended the article is kept back" in why_kept_back(stated, RULES)


@pytest.mark.parametrize("stated", [
    {"date": "2099-01-01"}, {"pubDate": "Fri, 09 Feb 2035 10:00:00 GMT"}, {"publishDate": "2026-05-05"},
    {"published": "2027"}, {"date": "2026-05-04T13:00:00"}, {"date": "2026-05-04T10:00:01Z"}, {"embargo": "2026-06"},
    {"date": NOON + timedelta(minutes=1)}, {"scheduled_at": 1893456000}, {"date": "2020-01-01", "publishdate": "2099"},
    {"publish_date": "13/02/2028"}, {"goLive": "sometime in 2030"}, {"date": "01/06/2099"}, {"date": "Winter 2099"},
    {"valid_from": "2099-01-01"}, {"schedule": "2099-01-01"}, {"params": {"publish_start": "2099-01-01"}},
])  # fmt: skip
def test_what_is_still_to_come_stays_out_unless_a_site_wants_it(stated: dict[str, Any]) -> None:
    assert "still to come (setting include_future)" in why_kept_back(stated, RULES)
    assert why_kept_back(stated, EVERYTHING) == ""


@pytest.mark.parametrize("stated", [
    {"date": "2026-05-04"}, {"date": "2026-05-04T12:00:00"}, {"date": "2026-05-04T10:00:00Z"}, {"pubDate": "2024-02"},
    {"publish_date": "01/02/2024"}, {"date": "2099-01-01", "publishDate": "2020-01-01"}, {"published": 1704412800},
    {"lastmod": "2099-01-01", "date": "2020-01-01"}, {"expires": "2098-01-01"}, {"expiry": "May 4, 2026 12:01"},
])  # fmt: skip
def test_what_is_due_and_has_not_expired_gets_in(stated: dict[str, Any]) -> None:
    assert why_kept_back(stated, RULES) == ""


@pytest.mark.parametrize("stated", [
    {"expiryDate": "2014-11-01"}, {"expires": "Sat, 01 Nov 2014 00:00:00 GMT"}, {"unpublish_on": "2026-05-04T11:59"},
    {"valid_until": datetime(2026, 5, 4, 9, 59, tzinfo=UTC)}, {"robots": "unavailable_after: 25 Jun 2010 15:00:00 CET"},
])  # fmt: skip
def test_what_has_expired_stays_out_unless_a_site_wants_it(stated: dict[str, Any]) -> None:
    assert "expired (setting include_expired)" in why_kept_back(stated, RULES)
    assert why_kept_back(stated, EVERYTHING) == ""


@given(st.dictionaries(st.text(max_size=9), st.text() | st.integers() | st.none() | st.lists(st.text()), max_size=5))
def test_any_metadata_have_an_answer(stated: dict[str, Any]) -> None:
    assert isinstance(why_kept_back(stated | {"expires": next(iter(stated.values()), "")}, RULES), str)


@pytest.mark.parametrize(("name", "text"), [
    ("a.md", "---\ntitle: T\ndraft: yes\n---\nText."),
    ("a.md", '+++\ntitle = "T"\ndraft = true\n+++\nText.'),
    ("a.md", '{"title": "T", "draft": true}\nText.'),
    ("a.md", "Title: T\nStatus: draft\n\nText."),
    ("a.md", "---\ntitle: A section\nhidden: true\n---\n"),
    ("a.jsonl", json.dumps({"id": 1, "title": "T", "text": "Text.", "status": "pending"})),
    ("a.jsonl", json.dumps({"id": 1, "title": "T", "text": "", "draft": True})),
])  # fmt: skip
def test_a_draft_is_skipped_with_its_reason_in_every_kind_of_file(tmp_path: Path, name: str, text: str) -> None:
    outcome = read_bytes(tmp_path, name, text)
    assert isinstance(outcome, Skipped)
    assert "it is not to be published" in outcome.reason


@pytest.mark.parametrize(("name", "text"), [
    ("a.txt", "---\ntitle: T\ndraft: true\n---\nText of a plain file."),
    ("a.txt", "Title: T\nStatus: draft\n\nText of a plain file."),
    ("a.txt", "AUTHOR: A\nTITLE: T\nSTATUS: Draft\n-----\nBODY:\nText."),
    ("a.md", "Private: yes\n\nText."),
    ("a.md", "Title: T\nFoo: 1\nBar: 2\nBaz: 3\nStatus: hidden\n\nText."),
    ("a.md", ".. title: T\n.. tags: draft, health\n\nText."),
    ("a.md", "<!--\n---\ndraft: true\n---\n-->\n\nText."),
    ("a.md", "<!--\ntitle: T\ndraft: true\n-->\n\nText."),
    ("a.html", '<article class="post status-private"><h1>T</h1><p>Some text.</p></article>'),
    ("a.html", '<script type="application/ld+json">{"creativeWorkStatus": "Draft"}</script><p>Some text.</p>'),
    ("a.html", '<meta itemprop="robots" content="noindex"><p>Some text.</p>'),
])  # fmt: skip
def test_a_draft_is_skipped_wherever_its_file_says_so(tmp_path: Path, name: str, text: str) -> None:
    assert isinstance(read_bytes(tmp_path, name, text), Skipped)


@pytest.mark.parametrize("text", [
    "Active: paracetamol\nDose: 500 mg\nSchedule: every 6 hours\n\nWords.",
    "Access: by bus\nOpen: daily\n\nWords.",
])  # fmt: skip
def test_lines_that_only_look_like_statements_stay_in_the_text(tmp_path: Path, text: str) -> None:
    outcome = read_bytes(tmp_path, "a.md", text)
    assert isinstance(outcome, Read)
    assert text.split(":")[0] in outcome.article.body[0].text


def test_a_header_of_doubtful_names_that_keeps_its_article_back_is_believed(tmp_path: Path) -> None:
    assert isinstance(read_bytes(tmp_path, "a.md", "Access: members\nFoo: bar\n\nWords."), Skipped)


@pytest.mark.parametrize("part", [
    '<div itemprop="offers" itemscope><meta itemprop="validThrough" content="2020-01-01">Words.</div>',
    '<script type="application/ld+json">{"@type": "Article", "image": {"expires": "2020-01-01"}}</script>Words.',
    '<meta name="expires" content="30 days">Words.',
])  # fmt: skip
def test_what_a_page_says_of_things_in_it_keeps_it_from_nobody(tmp_path: Path, part: str) -> None:
    assert isinstance(read_bytes(tmp_path, "a.html", f"<title>T</title><main><p>Some.</p>{part}</main>"), Read)


@pytest.mark.parametrize("part", [
    '<div itemscope><meta itemprop="expires" content="2020-01-01">Words.</div>',
    '<script type="application/ld+json">{"@graph": [{"expires": "2020-01-01"}]}</script>Words.',
])  # fmt: skip
def test_what_a_page_says_of_itself_in_any_markup_counts(tmp_path: Path, part: str) -> None:
    assert isinstance(read_bytes(tmp_path, "a.html", f"<title>T</title><main><p>Some.</p>{part}</main>"), Skipped)


@pytest.mark.parametrize("text", [
    "---\ndraft:true\n---\nText.",
    "---\nfoo: 1\ndraft: true\n\nText.",
    "---\n# a comment\ndraft: true\n\nText.",
    "---\nfoo: [\n\nis draft: true\n---\nText.",
    "+++\nfoo\ndraft=true\n+++\nText.",
])  # fmt: skip
def test_front_matter_that_cannot_be_read_is_no_text(tmp_path: Path, text: str) -> None:
    assert isinstance(read_bytes(tmp_path, "a.md", text), Refused)


@pytest.mark.parametrize("record", [
    {"_id": "drafts.4711"}, {"_id": "versions.r1.4711"}, {"publishedAt": None}, {"attributes": {"publishedAt": None}},
])  # fmt: skip
def test_a_record_that_its_system_has_not_published_is_skipped(tmp_path: Path, record: dict[str, Any]) -> None:
    assert isinstance(read_bytes(tmp_path, "a.jsonl", json.dumps({"title": "T", "text": "x"} | record)), Skipped)


def test_an_empty_day_beside_a_public_status_is_no_secret(tmp_path: Path) -> None:
    record = {"title": "T", "text": "x", "published_at": None, "status": "published"}
    assert isinstance(read_bytes(tmp_path, "a.jsonl", json.dumps(record)), Read)


def test_sections_that_are_kept_back_are_left_out_with_a_note(tmp_path: Path) -> None:
    sections = [{"heading": "A", "text": "Shown."}, {"heading": "B", "text": "Hidden.", "draft": True}]
    outcome = read_bytes(tmp_path, "a.jsonl", json.dumps({"title": "T", "sections": sections}))
    assert isinstance(outcome, Read)
    assert [section.heading for section in outcome.article.body] == ["A"]
    assert "section 2 was left out: 'draft' is 'true'" in " ".join(outcome.notes)


@pytest.mark.parametrize("path", [
    "post.draft.md", "draft_My-post-ab12cd34ef56.html", "__drafts/a.md", "_draft_posts/a.md", "_embargoed/a.md",
    "Drafts/a.md", "trash/a.md", "draft_Sleep-facade12.html",
])  # fmt: skip
def test_paths_that_say_that_they_are_not_public_are_believed(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("<p>Some text.</p>")
    assert [type(each) for each in read_articles([tmp_path], max_bytes=1000)] == [Skipped]


def test_the_rules_reach_every_reader(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ndate: 2099-01-01\n---\nText.")
    (tmp_path / "b.jsonl").write_text('{"id": 1, "title": "T", "text": "x", "expires": "2014-01-01"}')
    (tmp_path / "c.html").write_text(
        '<meta name="date" content="2099-01-01"><title>T</title><p>Some text of a page.</p>'
    )
    kinds = [type(each) for each in read_articles([tmp_path], max_bytes=10_000, rules=RULES)]
    assert kinds == [Skipped] * 3
    kinds = [type(each) for each in read_articles([tmp_path], max_bytes=10_000, rules=EVERYTHING)]
    assert kinds == [Read] * 3


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ({"draft": True, "publishDate": "2027-01-01"}, None),
        ({"date": "2020-01-01", "status": "published"}, None),
        ({"expires": "2026-05-04T12:00:00+02:00"}, None),
        ({"expires": "2026-05-04T12:00:01+02:00"}, "2026-05-04T12:00:01+02:00"),
        ({"date": "2026-06-01"}, "2026-06-01T00:00:00+02:00"),
        ({"published": "2026-06-01", "expires": "2026-05-05"}, "2026-06-01T00:00:00+02:00"),
        ({"params": {"expiryDate": "2026-12-01"}}, "2026-12-01T00:00:00+02:00"),
        ({"robots": "unavailable_after: 2026-12-01"}, "2026-12-01T00:00:00+02:00"),
        ({"expires": "some day of 2028"}, "2028-01-01T00:00:00+02:00"),
        ({"expires": "some day of 2026"}, "2027-01-01T00:00:00+02:00"),
        ({"expires": "03/04/2027"}, "2027-03-04T00:00:00+02:00"),
    ],
)
def test_it_is_known_when_an_article_will_be_judged_otherwise(stated: dict[str, Any], moment: str | None) -> None:
    rules = PublicationRules(now=NOON, zone=NOON.tzinfo)
    why_kept_back(stated, rules)
    assert rules.upcoming.first == (datetime.fromisoformat(moment) if moment else None)


@pytest.mark.parametrize(
    ("now", "stated", "moment"),
    [
        ("2026-03-27T12:00:00+01:00", "2026-04-01 00:00", "2026-04-01T00:00:00+02:00"),
        ("2026-10-20T12:00:00+02:00", "2026-11-01", "2026-11-01T00:00:00+01:00"),
        ("2026-10-20T12:00:00+02:00", "some day of 2027", "2027-01-01T00:00:00+01:00"),
        ("2026-10-20T12:00:00+02:00", "9999-12-31 23:59:59", "9999-12-31T23:59:59+00:00"),
    ],
)
def test_times_without_a_zone_are_by_the_summer_time_of_their_own_day(
    monkeypatch: pytest.MonkeyPatch, now: str, stated: str, moment: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        rules = PublicationRules(now=datetime.fromisoformat(now))
        why_kept_back({"expires": stated}, rules)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert rules.upcoming.first == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\ndraft: true\ntitle: T\ndraft: false\n---\nText."),
        ("a.md", "---\nparams:\n  draft: true\n  draft: false\n---\nText."),
        ("a.md", "---\nexpires: 2020-01-01\nexpires: 2999-01-01\n---\nText."),
        ("a.md", '{"draft": true, "draft": false}\n\nText.'),
        ("a.md", "Title: T\nStatus: draft\nStatus: published\n\nText."),
        ("a.md", "---\nsearch: {boost: 2}\nsearch: {exclude: true}\n---\nText."),
        ("a.md", "---\nsearch: {exclude: true}\nsearch: {boost: 2}\n---\nText."),
        ("a.md", "---\nvisibility: public\nvisibility: {search: false}\n---\nText."),
        ("a.md", "---\naccess: {a: b}\naccess: {password: x}\n---\nText."),
        ("a.md", "---\nflags: [a]\nflags: {draft: true}\n---\nText."),
        ("a.md", "---\nparams: {draft: true}\nparams: {a: b}\n---\nText."),
        ("a.md", "---\nrobots: {index: false}\nrobots: {follow: true}\n---\nText."),
        ("a.md", "---\nhead: [{name: robots, content: noindex}]\nhead: [{name: author, content: A}]\n---\nText."),
        ("a.md", '{"search": {"boost": 2}, "search": {"exclude": true}}\n\nText.'),
        ("a.html", "---\nsearch: {boost: 2}\nsearch: {exclude: true}\n---\n<main><p>Text.</p></main>"),
        ("a.jsonl", '{"title": "T", "text": "Text.", "draft": true, "draft": false}'),
        ("a.jsonl", '{"title": "T", "text": "\\ud83d.", "params": {"draft": true}, "params": {"a": 1}}'),
        ("a.txt", "Title: T\n\n----\n\nText: Words.\n\n----\n\nStatus: draft\n"),
        ("a.txt", "Uuid: abc\n----\n \nTitle: T\n----\nText: Words.\n----\nDraft: true\n"),
        ("a.txt", "Title: T\n----\nNoindex: true\n----\nText:\n\nWords.\n"),
    ],
)
def test_of_a_statement_that_is_made_twice_or_below_the_text_the_strictest_holds(
    tmp_path: Path, name: str, text: str
) -> None:
    assert isinstance(read_bytes(tmp_path, name, text), Skipped)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\ntitle: A\ntags: [a]\ntitle: T\n---\nText."),
        ("a.md", "---\ntitle: T\ndraft: false\ndraft: no\n---\nText."),
        ("a.md", "---\ntitle: T\nsearch: {boost: 2}\nsearch: {exclude: false}\n---\nText."),
        ("a.md", "---\ntitle: T\nreview: draft\nreview: good book\n---\nText."),
        ("a.md", "---\ntitle: T\nstate: pending\nstate: Ohio\n---\nText."),
        ("a.md", "---\ntitle: T\ntype: draft\ntype: post\n---\nText."),
        ("a.md", "---\ntitle: T\nfields: [{name: hidden, hidden: true}]\n---\nText."),
        ("a.jsonl", '{"title": "T", "content": "a", "content": {"rendered": "Text."}}'),
        ("a.txt", "Title: T\n----\nText: Text.\n----\nStatus: listed\n----\nUuid: abc\n"),
        ("a.txt", "Title: T\n----\nText:\n\nText.\n"),
        ("a.txt", "Uuid: abc\n\n----\n \nTitle: T\n\n----\n\nText: Text.\n"),
    ],
)
def test_what_is_said_twice_and_keeps_nothing_back_gets_in(tmp_path: Path, name: str, text: str) -> None:
    outcome = read_bytes(tmp_path, name, text)
    assert isinstance(outcome, Read), outcome
    assert (outcome.article.title, [each.text for each in outcome.article.body]) == ("T", ["Text."])


_MENU = "Date: 24 December\n\n----\n\nStarter: soup\n\n----\n\nMain: Roast goose\n\n----\n\nDessert: pie"


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_MENU, "soup Roast pie"),
        (_MENU.replace("Date: 24 December", "Title: A menu"), "menu soup Roast pie"),
        ("Summary: Of geese.\n\n----\n\nText: They fly.\n\n----\n\nMail: Write to us.", "geese fly Write"),
        ("Title: L\nCategory: R\n\n----\n\nBody: Lasagne.\n\n----\n\nMethod: Stir it.", "Lasagne Stir"),
        ("Title: L\n\n----\n\nBody: Lasagne.\n\n----\n\nMethod:\n\n- Stir it.\n- Eat it.", "Lasagne Stir Eat"),
        ("Title: L\n\n----\n\nText: Lasagne.\n\n----\n\nText: Stir it.", "Lasagne Stir"),
    ],
)
def test_articles_with_rules_keep_all_of_their_text(tmp_path: Path, name: str, text: str, words: str) -> None:
    outcome = read_bytes(tmp_path, name, text)
    assert isinstance(outcome, Read), outcome
    assert all(word in str(outcome.article) for word in words.split())


@pytest.mark.parametrize("text", ["A title\n\n----\n\nText: of a play.", "Scene: a room\n\n----\n\nAnn: Hello."])
def test_lines_between_paragraphs_make_no_fields_of_them(tmp_path: Path, text: str) -> None:
    outcome = read_bytes(tmp_path, "a.md", text)
    assert isinstance(outcome, Read)
    assert all(part in str(outcome.article) for part in text.split("\n\n----\n\n"))


def test_a_day_that_is_stated_twice_is_still_the_day(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.md", "---\npublished: 2020-01-01\npublished: 2021-01-01\n---\nText.")
    assert isinstance(outcome, Read) and str(outcome.article.published) == "2021-01-01"


def test_a_statement_repeated_many_times_is_soon_refused_as_too_long(tmp_path: Path) -> None:
    assert "longer than" in refusal(tmp_path, "a.md", "{" + '"draft":0,' * 90_000 + '"a":1}\n\nText.')


@pytest.mark.parametrize(
    "stated",
    [
        {"review_status": "pending"}, {"editorial_status": "draft"}, {"doc_status": "DRAFT"}, {"content_state": "draft"},
        {"lifecycleState": "DRAFT"}, {"lifecycle": "draft"}, {"maturity": "draft"}, {"stage": "writing"},
        {"availability": "private"}, {"scope": "internal"}, {"acl": "private"}, {"access_level": "private"},
        {"accessLevel": "premium"}, {"access": "Special"}, {"searchEngineVisibility": "hidden"}, {"trash": True},
        {"not_published": True}, {"retired": True}, {"withdrawn": "yes"}, {"retracted": 1}, {"in_progress": True},
        {"premium": True}, {"paywalled": True}, {"gated": "yes"}, {"cms-draft": True}, {"page_draft": "on"},
        {"hide": True}, {"hide": ["search"]}, {"exclude": "search"}, {"show": False}, {"display": "no"},
        {"indexing": "off"}, {"swiftype": "noindex"}, {"docsearch:noindex": "true"}, {"swiftype-index": "false"},
        {"addsearch-exclude": "yes"}, {"cludo:exclude": "true"}, {"internal-search": "noindex"},
        {"DC.accessRights": "internal"}, {"fieldData": {"draft": True}}, {"restricted_to": ["members"]},
        {"allowed_roles": ["editor"]}, {"published_date": "2999-01-01"}, {"firstPublishedAt": "2999-01-01T00:00:00Z"},
        {"estado": "borrador"}, {"statut": "brouillon"}, {"Entwurf": "ja"}, {"brouillon": "oui"}, {"borrador": True},
        {"ver\u00f6ffentlicht": "nein"}, {"publi\u00e9": "non"}, {"publicado": False},
    ],
)  # fmt: skip
def test_names_and_words_of_many_systems_keep_back_what_is_not_public(stated: dict[str, Any]) -> None:
    assert why_kept_back({"title": "Kettles", **stated}, PublicationRules())


@pytest.mark.parametrize(
    "stated",
    [
        {"comment_status": "closed"}, {"ping_status": "hold"}, {"state": "Ohio"}, {"tags": ["private schools", "draft beer"]},
        {"category": "Private law"}, {"audience": "beginners"}, {"scope": "global"}, {"hide": ["toc", "navigation"]},
        {"hide_title": True}, {"show_comments": False}, {"display_toc": False}, {"release_date": "2999-01-01"},
        {"event_date": "2999-01-01"}, {"end_date": "2020-01-01"}, {"status": {"id": 1, "name": "Published"}},
        {"restricted_to": []}, {"restricted_to": "everyone"}, {"access": 1}, {"sys": {"publishedAt": "2020-01-01"}},
        {"firstPublishedAt": "2020-01-01", "updatedAt": "2999-01-01"}, {"version": "draft-7"}, {"likes": 0},
        {"availability": "InStock"}, {"lifecycle": "stable"}, {"estado": "Jalisco"}, {"robots": "noimageindex"},
        {"premium": False}, {"paid": "no"}, {"ver\u00f6ffentlicht": "5. Januar 2024"}, {"publi\u00e9": "oui"},
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_keeps_nothing_back(stated: dict[str, Any]) -> None:
    assert not why_kept_back({"title": "Kettles", **stated}, PublicationRules())


@pytest.mark.parametrize(
    "record",
    [{"sys": {"publishedAt": None}}, {"lastPublished": None}, {"lastPublished": ""}, {"firstPublishedAt": None}],
)
def test_a_record_whose_system_keeps_the_day_that_it_was_published_and_has_none_is_skipped(
    tmp_path: Path, record: dict[str, Any]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"title": "Kettles", "text": "Water boils."} | record))
    [outcome] = outcomes(path)
    assert isinstance(outcome, Skipped) and outcome.kept_back


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.md", "title:: Kettles\npublic:: false\n\n- Water boils."),
        ("a.md", "----\ntitle: Kettles\ndraft: true\n----\nWater boils."),
        ("a.md", "<!-- draft: true -->\nWater boils."),
        ("Entw\u00fcrfe/a.md", "Water boils."), ("brouillons/a.md", "Water boils."),
        ("DRAFT - kettles.md", "Water boils."), ("[draft] kettles.md", "Water boils."), ("kettles (draft).md", "Water boils."),
    ],
)  # fmt: skip
def test_files_of_drafts_are_known_in_more_ways(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Skipped)


@pytest.mark.parametrize(
    "name", ["draft-beer.md", "private-law.md", "Drafting a will.md", "NFL draft.md", "Draftsmen.md"]
)
def test_names_of_files_with_such_words_are_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<!-- See: below -->\nWater boils.")
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Read)
