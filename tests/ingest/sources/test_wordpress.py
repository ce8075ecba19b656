"""A WordPress export: posts and pages as articles, and nothing that readers of the site do not see."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harbor_search.article import Article
from harbor_search.ingest import Outcome, Read, Refused, Skipped, read_articles
from tests.ingest.reading import MAX_BYTES
from tests.support.shared import shared_file

CHANNEL = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<wp:category><wp:category_nicename>food</wp:category_nicename><wp:category_parent></wp:category_parent>
  <wp:cat_name><![CDATA[Food]]></wp:cat_name></wp:category>
<wp:category><wp:category_nicename>minerals</wp:category_nicename><wp:category_parent>food</wp:category_parent>
  <wp:cat_name><![CDATA[Minerals]]></wp:cat_name></wp:category>
{items}
</channel></rss>
"""


def item(title: str = "Iron", content: str = "<p>Greens.</p>", *, number: int = 1, **more: str) -> str:
    values = {"status": "publish", "post_type": "post", "post_date": "2025-01-31 10:00:00", "post_password": ""} | more
    fields = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in values.items())
    return (
        f"<item><title><![CDATA[{title}]]></title><link>https://example.org/{number}/</link>"
        f"<wp:post_id>{number}</wp:post_id><content:encoded><![CDATA[{content}]]></content:encoded>{fields}"
        '<category domain="category" nicename="minerals"><![CDATA[Minerals]]></category>'
        '<category domain="post_tag" nicename="iron"><![CDATA[iron]]></category></item>'
    )


def read(folder: Path, *items: str, channel: str = CHANNEL) -> list[Outcome]:
    (folder / "export.xml").write_text(channel.replace("{items}", "\n".join(items)), encoding="utf-8")
    return list(read_articles([folder / "export.xml"], max_bytes=MAX_BYTES))


def article(outcome: Outcome) -> Article:
    assert isinstance(outcome, Read), outcome
    return outcome.article


def test_a_post_is_an_article_at_its_address_below_the_path_of_its_category(tmp_path: Path) -> None:
    found = article(read(tmp_path, item("Iron &amp; Zinc", "<h2>What Has It</h2><p>Greens.</p>"))[0])
    assert (found.id, found.url, found.title) == ("https://example.org/1/", "https://example.org/1/", "Iron & Zinc")
    assert (found.section, found.tags, found.published) == (("Food", "Minerals"), ("iron",), date(2025, 1, 31))
    assert [(part.heading, part.text) for part in found.body] == [("What Has It", "Greens.")]


@pytest.mark.parametrize("key", ["_status", "_expiry_date", "_hidden"])
def test_a_reference_to_a_custom_field_says_nothing(tmp_path: Path, key: str) -> None:
    meta = f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>field_5f3a1b2c3d</wp:meta_value></wp:postmeta>"
    article(read(tmp_path, item().replace("</item>", f"{meta}</item>"))[0])


@pytest.mark.parametrize(
    "more",
    [{"status": "draft"}, {"status": "private"}, {"status": "future"}, {"status": "trash"}, {"status": "pending"},
     {"post_password": "secret"}, {"post_type": "attachment"}, {"post_type": "nav_menu_item"},
     {"post_type": "revision", "status": "inherit"}],
)  # fmt: skip
def test_what_readers_of_the_site_do_not_see_is_skipped(tmp_path: Path, more: dict[str, str]) -> None:
    kept, skipped = read(tmp_path, item(number=1), item(number=2, **more))
    assert article(kept).id == "https://example.org/1/"
    assert isinstance(skipped, Skipped) and skipped.source.endswith("export.xml, post 2")


@pytest.mark.parametrize("kind", ["page", "recipe"])
def test_pages_and_types_of_a_site_s_own_are_articles(tmp_path: Path, kind: str) -> None:
    assert article(read(tmp_path, item(post_type=kind))[0]).title == "Iron"


def test_paragraphs_that_only_blank_lines_part_stay_apart(tmp_path: Path) -> None:
    assert article(read(tmp_path, item(content="One <b>two</b>.\n\nThree."))[0]).body[0].text == "One two.\n\nThree."


def test_xml_that_is_not_well_formed_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    broken = item("Tea & Milk", number=2).replace("<![CDATA[Tea & Milk]]>", "Tea & Milk \x08")
    found = read(tmp_path, item(number=1), broken, item(number=3), channel=CHANNEL.replace("</channel></rss>", ""))
    assert [article(each).id for each in found] == [f"https://example.org/{number}/" for number in (1, 2, 3)]


def test_entities_of_the_export_are_never_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    channel = CHANNEL.replace("<rss", f"{bomb}<rss", 1)
    plain = item().replace("<![CDATA[Iron]]>", "Iron &b; &f;")
    assert article(read(tmp_path, plain, channel=channel)[0]).title == "Iron"


def test_an_export_without_posts_is_refused(tmp_path: Path) -> None:
    [found] = read(tmp_path)
    assert isinstance(found, Refused) and "no post" in found.reason


def test_a_real_export_is_read_whole() -> None:
    found = list(read_articles([shared_file("wordpress/theme-preview.xml")], max_bytes=MAX_BYTES))
    titles = [article(each).title for each in found]
    assert titles[0] == "Worth A Thousand Words" and len(titles) == 7
    assert article(found[0]).section == ("boat",) and article(found[0]).tags == ("lake",)


def test_a_post_whose_status_is_missing_or_stands_in_no_declared_namespace_is_not_published(tmp_path: Path) -> None:
    undeclared = CHANNEL.replace('xmlns:wp="http://wordpress.org/export/1.2/"', "").replace(
        "<channel>", "<channel><!-- wordpress.org/export -->"
    )
    assert isinstance(read(tmp_path, item(status="draft"), channel=undeclared)[0], Skipped)
    assert isinstance(read(tmp_path, item(), channel=undeclared)[0], Read)
    assert isinstance(read(tmp_path, item(status=""))[0], Skipped)


@pytest.mark.parametrize(("key", "value", "kind"), [
    ("_yoast_wpseo_meta-robots-noindex", "1", Skipped), ("_yoast_wpseo_meta-robots-noindex", "2", Read),
    ("rank_math_robots", 'a:1:{i:0;s:7:"noindex";}', Skipped), ("_relevanssi_hide_post", "on", Skipped),
    ("_edit_last", "1", Read),
])  # fmt: skip
def test_what_plug_ins_say_of_a_post_counts(tmp_path: Path, key: str, value: str, kind: type) -> None:
    meta = f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta></item>"
    assert isinstance(read(tmp_path, item().replace("</item>", meta))[0], kind)


def test_what_a_post_hides_is_no_text(tmp_path: Path) -> None:
    content = (
        '<p>Greens.</p><p hidden>zebra</p><!--noindex--><p>zebra</p><!--/noindex-->[su_box title="x"]Tea.[/su_box]'
    )
    assert [part.text for part in article(read(tmp_path, item(content=content))[0]).body] == ["Greens.\n\nTea."]


def test_text_around_entities_that_the_export_does_not_define_stays(tmp_path: Path) -> None:
    undefined = item(content="x").replace("<![CDATA[x]]>", "Greens &nbsp; and tea.")
    assert article(read(tmp_path, undefined)[0]).lead == "Greens and tea."


@pytest.mark.parametrize(("wrong", "instead", "note"), [
    (b"&#xD83D;", "\ufffd", "half of a surrogate pair"),
    (b"&#x110000;", "\ufffd", "half of a surrogate pair"),
    (b"\xff", "\ufffd", "a byte that is no text"),
    (b"\x00", "", "control characters"),
    (b"\x07", "", "control characters"),
    (b"\xef\xbf\xbe", "", "control characters"),
])  # fmt: skip
def test_what_is_no_character_costs_itself_and_a_note(tmp_path: Path, wrong: bytes, instead: str, note: str) -> None:
    text = CHANNEL.replace("{items}", item("Iron", "<p>Gre@ens.</p>") + item("Tea", "Tea.", number=2))
    (tmp_path / "export.xml").write_bytes(text.encode().replace(b"@", wrong))
    first, second = read_articles([tmp_path / "export.xml"], max_bytes=MAX_BYTES)
    assert article(first).lead == f"Gre{instead}ens." and article(second).lead == "Tea."
    assert isinstance(first, Read) and note in first.notes[0]
    assert isinstance(second, Read) and second.notes == ()
