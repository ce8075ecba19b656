"""HTML pages: the main text without the site around it."""

from datetime import date
from pathlib import Path

import pytest

from harbor_search.article import Section
from harbor_search.ingest import Read
from tests.ingest.reading import headings, outcomes, read_bytes, read_one, refusal

LEAD = "Asbestos is a mineral fibre that occurs in rock and soil, and was long used to keep buildings warm."
MORE = "Fibres may be released into the air when old insulation is disturbed, and can then be breathed in."


def html(main: str, *, head: str = "<title>Learn About Asbestos</title>", lang: str = "en") -> str:
    """A page with navigation around `main`."""
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>
    <header role="banner"><h1>Example Agency</h1><form>Search the site</form></header>
    <nav><ul><li><a href="/a">Environmental Topics</a></li><li><a href="/b">About Us</a></li></ul></nav>
    <main><div class="breadcrumb"><a href="/">Home page</a></div>{main}
    <ul class="share"><li><a href="https://social.example">Tell your friends</a></li></ul></main>
    <footer>Contact the webmaster <a href="/privacy">Privacy and Security</a></footer>
    <script>alert("tracking")</script></body></html>"""


CONTENT = f"""<h1>Learn About Asbestos</h1><p>{LEAD}</p><h2>How Can People Be <em>Exposed</em>?</h2><p>{MORE}</p>
    <ul><li>in <a href="/schools">schools</a></li><li>at work<ol><li>demolition</li></ol></li></ul>
    <table><tr><th>Place</th><th>Risk</th></tr><tr><td>Attic</td><td><p>high</p></td></tr></table>
    <h2>How Can People Be Exposed?</h2><p>{LEAD}</p>"""


def test_the_main_text_is_read_with_its_headings_and_nothing_of_the_site_around_it(tmp_path: Path) -> None:
    article = read_one(tmp_path, "learn.html", html(CONTENT))
    assert article.id == "learn"
    assert article.title == "Learn About Asbestos"
    assert article.lead == LEAD
    assert article.body == (
        Section("", "", LEAD),
        Section(
            "How Can People Be Exposed?",
            "how-can-people-be-exposed",
            f"{MORE}\n\n- in schools\n- at work\n- demolition\n\nPlace | Risk\nAttic | high",
        ),
        Section("How Can People Be Exposed?", "how-can-people-be-exposed-2", LEAD),
    )


@pytest.mark.parametrize("head", [
    '<title>Learn About Asbestos | Asbestos | Example Agency</title>',
    '<title>Example Agency</title><meta property="og:title" content="Learn About Asbestos">',
    '<title>x | Example</title><meta property="og:title" content="Learn About Asbestos | Example Agency">',
    '<title>Learn About Asbestos | US Example</title><meta name="DC.title" content="Learn About Asbestos">',
    '<title>Example Agency - Learn About Asbestos</title>',
    '<title>Learn About Asbestos - Example</title><meta property="og:site_name" content="Example">',
    '',
])  # fmt: skip
def test_the_title_is_without_the_name_of_the_site(tmp_path: Path, head: str) -> None:
    assert read_one(tmp_path, "a.html", html(CONTENT, head=head)).title == "Learn About Asbestos"


def test_the_name_of_the_site_goes_where_there_is_no_better_title(tmp_path: Path) -> None:
    head = '<title>Sleep - A Guide | Example</title><meta property="og:site_name" content="Example">'
    assert read_one(tmp_path, "a.html", html(f"<p>{LEAD}</p><p>{MORE}</p>", head=head)).title == "Sleep - A Guide"
    head = head.replace("Sleep - A Guide | Example", "Example: Sleep - A Guide")
    assert read_one(tmp_path, "a.html", html(f"<p>{LEAD}</p><p>{MORE}</p>", head=head)).title == (
        "Example: Sleep - A Guide"
    )


def test_without_any_title_the_name_of_the_file_stands_in_with_a_note(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "about_us.html", html(f"<p>{LEAD}</p>", head=""))
    assert isinstance(outcome, Read)
    assert outcome.article.title == "about us"
    assert "no title is given" in outcome.notes[0]


@pytest.mark.parametrize("markup", [
    '<meta name="DC.date.created" content="2013-01-01"><meta name="DC.date.modified" content="2016-12-19">',
    '<meta property="article:published_time" content="2016-12-19T10:00:00+02:00"><meta name="DC.date.modified" '
    'content="2020-01-01">',
    '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": "2016-12-19"}]}</script>',
    '<meta name="date" content="December 19, 2016">',
    '<meta name="date" content="2016-02-30"><meta name="dcterms.modified" content="2016-12-19">',
])  # fmt: skip
def test_the_date_is_that_of_publication_else_of_the_last_change(tmp_path: Path, markup: str) -> None:
    head = f"<title>Learn About Asbestos</title>{markup}"
    assert read_one(tmp_path, "a.html", html(CONTENT, head=head)).published == date(2016, 12, 19)


def test_a_date_in_the_text_is_not_the_date_of_the_page(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.html", html(CONTENT + "<p>A law of May 5, 2010 forbids it.</p>")).published is None


def test_an_impossible_date_is_left_out_with_a_note(tmp_path: Path) -> None:
    head = '<title>Learn About Asbestos</title><meta name="date" content="2016-02-30">'
    outcome = read_bytes(tmp_path, "a.html", html(CONTENT, head=head))
    assert isinstance(outcome, Read)
    assert outcome.article.published is None
    assert outcome.notes == ("'date' cannot be used and was left out: '2016-02-30'",)


def test_the_canonical_address_is_the_id_where_it_is_a_whole_one(tmp_path: Path) -> None:
    head = '<title>T</title><link rel="canonical" href="https://example.org/learn">'
    article = read_one(tmp_path, "a.html", html(CONTENT, head=head))
    assert (article.id, article.url) == ("https://example.org/learn", "https://example.org/learn")
    for href in ("../node/17853.html", "javascript:alert(1)", "http://", "https://[broken"):
        article = read_one(
            tmp_path, "a.html", html(CONTENT, head=f'<title>T</title><link rel=canonical href="{href}">')
        )
        assert (article.id, article.url) == ("a", "")


def test_keywords_language_and_section_are_read(tmp_path: Path) -> None:
    head = '<meta name="keywords" content="lungs, vermiculite; fibres"><meta property="article:section" content="Air">'
    article = read_one(tmp_path, "a.html", html(CONTENT, head=head, lang="en-US"))
    assert article.tags == ("lungs", "vermiculite", "fibres")
    assert (article.language, article.section) == ("en-US", ("Air",))


def test_the_folders_are_the_section_where_none_is_stated(tmp_path: Path) -> None:
    folder = tmp_path / "html" / "asbestos"
    folder.mkdir(parents=True)
    (folder / "learn.HTM").write_text(html(CONTENT))
    [outcome] = outcomes(tmp_path)
    assert isinstance(outcome, Read)
    assert (outcome.article.id, outcome.article.section) == ("html/asbestos/learn", ("asbestos",))


@pytest.mark.parametrize("markup", [
    f"<title>T</title><p>{LEAD}</p><h2>Risks</h2><p>{MORE}</p>",
    f"<p>{LEAD}</p>",
    LEAD,
    f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{LEAD}</p></body></html>',
])  # fmt: skip
def test_pages_without_html_and_body_tags_are_read(tmp_path: Path, markup: str) -> None:
    outcome = read_bytes(tmp_path, "a.html", markup)
    assert isinstance(outcome, Read)
    assert outcome.article.lead == LEAD


def test_a_page_of_links_and_boxes_keeps_its_headings_and_its_lines(tmp_path: Path) -> None:
    boxes = "".join(
        f"<div class='box'><h2>Box {n}</h2><ul><li><a href='/{n}'>Link {n}</a></li><li></li></ul></div>"
        for n in range(9)
    )
    article = read_one(tmp_path, "a.html", html(f"<h1>Learn About Asbestos</h1>{boxes}"))
    assert headings(article) == [f"Box {n}" for n in range(9)]
    assert article.body[3].text == "- Link 3"


@pytest.mark.parametrize(("declared", "encoding"), [
    ('<meta charset="windows-1252">', "cp1252"),
    ("<meta charset=iso-8859-1>", "cp1252"),
    ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-2">', "iso8859-2"),
    ("<meta charset='Shift_JIS'>", "cp932"),
    ("<meta charset=utf-8>", "utf-8"),
    ("<meta charset=utf-8>", "utf-16"),
    ("", "utf-8"),
    ("<meta charset=utf-16>", "utf-8"),
])  # fmt: skip
def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path, declared: str, encoding: str) -> None:
    word = "日本語" if encoding == "cp932" else "né"
    data = f"<html><head>{declared}<title>{word}</title></head><body><p>{word} {LEAD}</p></body></html>"
    article = read_one(tmp_path, "a.html", data.encode(encoding))
    assert (article.title, article.lead) == (word, f"{word} {LEAD}")


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "the file is empty"),
    (b"<p>\x00</p>", "binary"),
])  # fmt: skip
def test_what_holds_no_article_is_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, "a.html", data)


def test_a_page_nested_beyond_reason_is_refused_or_read_but_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body>" + "<div>" * 20_000 + LEAD)
    (tmp_path / "b.html").write_text(html(CONTENT))
    last = outcomes(tmp_path)[-1]
    assert isinstance(last, Read) and last.article.id == "b"


def test_payloads_come_out_as_inert_text(tmp_path: Path) -> None:
    head = "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"
    main = f"<p>{LEAD} &lt;img src=x onerror=alert(2)&gt;</p><script>alert(3)</script><p onclick='alert(4)'>{MORE}</p>"
    article = read_one(tmp_path, "a.html", html(main, head=head))
    assert article.title == "<script>alert(1)</script>"
    assert article.body == (Section("", "", f"{LEAD} <img src=x onerror=alert(2)>\n\n{MORE}"),)


def test_no_control_character_gets_in_by_a_reference(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.html", html(f"<p>{LEAD} a&#7;b&#27;c don&#146;t</p>"))
    assert article.lead.endswith("abc don’t")


@pytest.mark.parametrize(
    "character", ["\x0b", "\x0c", "&#11;", "&#x0C;", "&#12 ", "&#1;", "&#031;", "&#x1e", "\ufffe", "&#xFFFF;"]
)
def test_a_control_character_may_stand_beside_what_is_left_out(tmp_path: Path, character: str) -> None:
    content = html(
        f"<p>{LEAD} <script>x</script>{character} {MORE}</p><noscript></noscript>{character}<p>One &#110;&#x1e9; two."
    )
    assert read_one(tmp_path, "a.html", content).body == (Section("", "", f"{LEAD} {MORE}\n\nOne n\u01e9 two."),)


@pytest.mark.parametrize(
    "block", ["<nav>Home</nav>", "<div class='noindex'>No</div>", "<aside><a href='/x'>X</a></aside>"]
)
def test_words_around_a_block_that_is_left_out_stay_apart(tmp_path: Path, block: str) -> None:
    text = read_one(tmp_path, "a.html", html(f"<div>{LEAD} iron{block}deficiency.</div>")).body[0].text
    assert "iron deficiency" in text


def test_a_line_break_begins_a_line_and_leaves_a_list_its_points(tmp_path: Path) -> None:
    content = f"<h1>Iron</h1><p>{LEAD}<br>{MORE}</p><ul><li><br>in schools<br>and shops</li><li>at work</li></ul>"
    text = read_one(tmp_path, "a.html", html(content)).body[0].text
    assert text == f"{LEAD}\n{MORE}\n\n- in schools\nand shops\n- at work"


LONG = "<p>Words of a page that is <b>long</b>.</p>" * 5_000


@pytest.mark.parametrize(
    ("head", "below", "day"),
    [
        ("", '<aside>Concert: <time datetime="2031-05-01">1 May</time></aside>', None),
        ("", '<time datetime="2031-05-01" itemprop="datePublished">1 May</time>', None),
        ("", '<p>In <time datetime="1999-05-01">May</time></p>', None),
        ('<header><time datetime="PT30M">½ h</time><time datetime="2020-05-01">1 May</time></header>', "", 2020),
        ('<p>By Ann, <time datetime="2020-05-01T10:00">1 May</time></p>', "", 2020),
        ('<time datetime="">?</time>', '<p><time datetime="2020-05-01" pubdate>1 May</time></p>', 2020),
        (
            '<aside><time datetime="2019-01-01" pubdate>1 January</time></aside>',
            '<ol class="comments"><li><header><time datetime="2021-01-01" pubdate>then</time></header></li></ol>'
            '<footer><time datetime="2020-05-01" itemprop="datePublished">1 May</time></footer>',
            2020,
        ),
    ],
)
def test_the_day_of_a_large_page_is_that_of_its_head(tmp_path: Path, head: str, below: str, day: int | None) -> None:
    page = f"<html><body><article><h1>A long page</h1>{head}{LONG}{below}</article></body></html>"
    article = read_one(tmp_path, "a.html", page)
    assert article.published == (date(day, 5, 1) if day else None)
