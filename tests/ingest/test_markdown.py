"""Markdown with front matter."""

from datetime import date
from pathlib import Path

import pytest

from harbor_search.article import Section
from harbor_search.ingest import Read
from tests.ingest.reading import headings, outcomes, read_bytes, read_one, refusal, texts

FRONT = """---
title: "Iron: What You Need"
date: 2024-03-05
id: iron-1
url: https://example.org/iron
section: [Health, Food]
tags: [iron, food]
views: 1,234
lang: en-GB
---
"""


def body(folder: Path, text: str) -> list[str]:
    """The texts of an article whose Markdown is `text`, below its title."""
    return texts(read_one(folder, "a.md", f"# Title\n\n{text}"))


def test_front_matter_describes_the_article(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.md", FRONT + "\nIron is a mineral.\n\n## Food\n\nBeans.\n")
    assert (article.id, article.url) == ("iron-1", "https://example.org/iron")
    assert (article.title, article.section) == ("Iron: What You Need", ("Health", "Food"))
    assert (article.published, article.views, article.language) == (date(2024, 3, 5), 1234, "en-GB")
    assert article.tags == ("iron", "food")
    assert article.lead == "Iron is a mineral."
    assert article.body == (Section("", "", "Iron is a mineral."), Section("Food", "food", "Beans."))


def test_a_first_level_heading_on_top_is_the_title_and_not_body(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.md", "Iron\n====\n\nA mineral.\n\n# Another\n\nText.")
    assert (article.title, headings(article)) == ("Iron", ["", "Another"])


def test_a_heading_on_top_that_repeats_the_stated_title_is_not_body(tmp_path: Path) -> None:
    assert headings(read_one(tmp_path, "a.md", FRONT + "# Iron: what you need\n\nText.")) == [""]
    assert headings(read_one(tmp_path, "a.md", FRONT + "# Why Iron\n\nText.")) == ["Why Iron"]


def test_without_a_title_the_name_of_the_file_stands_in_with_a_note(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "sleep-and-iron.md", "Just text.\n\n## Heading\n\nMore.")
    assert isinstance(outcome, Read)
    assert outcome.article.title == "sleep and iron"
    assert "no title is given" in outcome.notes[0]


def test_the_folders_are_the_section_where_none_is_stated(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "Health" / "Sleep"
    folder.mkdir(parents=True)
    (folder / "naps.md").write_text("# Naps\n\nShort ones are best.")
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Read)
    assert outcome.article.id == "content/Health/Sleep/naps"
    assert outcome.article.section == ("Health", "Sleep")


def test_emphasis_and_links_leave_their_text_and_code_stays_text(tmp_path: Path) -> None:
    text = (
        'Take *some* **care** with [this _link_](https://x.org "t") and `a <b> c`, ![a cup](cup.png) <https://y.org>.'
    )
    assert body(tmp_path, text) == ["Take some care with this link and a <b> c, a cup https://y.org."]
    assert body(tmp_path, "Run:\n\n```sh\nmake test  # now\n```\n\n    indented\n") == [
        "Run:\n\nmake test # now\n\nindented"
    ]


def test_wrapped_lines_are_one_paragraph_and_hard_breaks_stay(tmp_path: Path) -> None:
    assert body(tmp_path, "one\ntwo\n\nthree  \nfour") == ["one two\n\nthree\nfour"]


def test_lists_are_lines(tmp_path: Path) -> None:
    text = "- one\n- two\n  wrapped\n  1. inner\n  2. more\n\n     in the item\n- three\n\n7. seven\n8. eight\n"
    assert body(tmp_path, text) == [
        "- one\n- two wrapped\n1. inner\n2. more\nin the item\n- three\n\n7. seven\n8. eight"
    ]


def test_tables_are_lines_of_cells(tmp_path: Path) -> None:
    assert body(tmp_path, "| Food | Iron |\n|---|--:|\n| Beans | **2** mg |\n") == ["Food | Iron\nBeans | 2 mg"]


def test_headings_in_lists_and_quotations_are_text(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.md", "# T\n\n> # Quoted\n> words\n\n- # Listed\n")
    assert (headings(article), texts(article)) == ([""], ["Quoted\n\nwords\n\n- Listed"])


def test_a_heading_may_bring_its_own_anchor(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.md", "# T\n\nText.\n\n## Eating *Well* {#eat}\n\nMore.")
    assert article.body[1] == Section("Eating Well", "eat", "More.")


def test_html_tags_and_comments_go_and_the_text_between_them_stays(tmp_path: Path) -> None:
    text = (
        "A <b>bold</b><br>step <!-- note -->on.\n\n<div class='x'>\nIn a <i>box</i> &amp; out\n</div>\n\n<!-- more -->"
    )
    assert body(tmp_path, text) == ["A bold\nstep on.\n\nIn a box & out"]


def test_scripts_end_as_inert_text_or_not_at_all(tmp_path: Path) -> None:
    text = "<script>alert(1)</script>\n\nHi <img src=x onerror=alert(2)> &lt;script&gt;alert(3)&lt;/script&gt;"
    assert body(tmp_path, text) == ["Hi <script>alert(3)</script>"]


def test_an_impossible_date_is_left_out_with_a_note(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.md", "---\ntitle: T\ndate: 2025-02-30\n---\nText.")
    assert isinstance(outcome, Read)
    assert outcome.article.published is None
    assert outcome.notes == ("'date' cannot be used and was left out: '2025-02-30'",)


def test_an_address_that_would_run_a_script_is_left_out_with_a_note(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.md", "---\ntitle: T\nurl: 'javascript:alert(1)'\n---\nText.")
    assert isinstance(outcome, Read)
    assert (outcome.article.url, outcome.article.id) == ("", "a")
    assert "'url' cannot be used" in outcome.notes[0]


def test_a_rule_on_top_is_no_front_matter(tmp_path: Path) -> None:
    article = read_bytes(tmp_path, "a.md", "---\n\nFirst words.\n\n---\n\nLast words.")
    assert isinstance(article, Read)
    assert texts(article.article) == ["First words.\n\nLast words."]


@pytest.mark.parametrize(("text", "reason"), [
    ("", "the file is empty"),
    ("---\ntitle: a\n b: c: d\n---\nText.", "the front matter is not valid YAML: mapping values are not allowed here (line 3)"),
    ("---\ntitle: [a]\n---\nText.", "'title' must be a text, not a list"),
    ("---\nx: " + "[" * 5000 + "\n---\nText.", "the front matter is not valid YAML"),
    ("---\nx: " + "[" * 60_000 + "\n---\nText.", "the front matter is not valid YAML"),
    ("---\nx: " + "y" * 70_000 + "\n---\nText.", "is its end missing?"),
    ("a\x00b", "binary"),
])  # fmt: skip
def test_what_holds_no_article_is_refused_with_the_reason(tmp_path: Path, text: str | bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, "a.md", text)


def test_attributes_of_a_title_and_boxes_of_tasks_are_no_text(tmp_path: Path) -> None:
    text = "# Kettles {#kettles .big}\n\n- [ ] Fill it\n- [x] Boil it\n- [x] [Pour](x.md)\n- [y] is no box\n"
    article = read_one(tmp_path, "a.md", text)
    assert article.title == "Kettles"
    assert texts(article) == ["- Fill it\n- Boil it\n- Pour\n- [y] is no box"]


def test_shortcodes_left_from_wordpress_are_no_text_and_links_are(tmp_path: Path) -> None:
    text = '# Kettles\n\n[caption id="a" width="9"]A kettle[/caption]\n\n[gallery ids="1,2"]\n\nSee [video a=b](x.md), [video].\n'
    assert texts(read_one(tmp_path, "a.md", text)) == ["A kettle\n\nSee video a=b, [video]."]
