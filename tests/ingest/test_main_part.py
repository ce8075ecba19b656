"""A page's own main part is kept: what it folds, what stands in its boxes, what has a widget's name and is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.ingest import Read, Skipped
from tests.ingest.reading import headings, read_bytes, read_one

LEAD = "Most people need about six glasses of water a day, and more of it when the weather is hot."
MORE = "Thirst is a good guide for the young; older people should drink by the clock, since it fades with age."


def text_of(folder: Path, main: str, *, around: str = "<main>{}</main>") -> str:
    """All headings and texts of a page with two paragraphs above `main`."""
    body = around.format(f"<h1>Drinking</h1><p>{LEAD}</p><p>{MORE}</p>{main}")
    page = f"<html><head><title>Drinking</title></head><body>{body}</body></html>"
    outcome = read_bytes(folder, "a.html", page)
    assert isinstance(outcome, Read), outcome
    return "\n".join(f"{section.heading}\n{section.text}" for section in outcome.article.body)


@pytest.mark.parametrize("main", [
    "<details><summary>And tea?</summary><p>barleywater</p></details>",
    '<div hidden="until-found">barleywater</div>',
    '<h2><button aria-expanded="false" aria-controls="x">Tea?</button></h2><div id="x" hidden>barleywater</div>',
    '<button aria-expanded="false">Tea?</button><div aria-hidden="true">barleywater</div>',
    '<div role="tablist"><button role="tab" aria-controls="p">Tea</button></div><div role="tabpanel" id="p" hidden>barleywater</div>',
    '<a data-toggle="collapse" href="#x">Tea?</a><div id="x" class="collapse" style="display: none">barleywater</div>',
    '<div class="answer" style="display:none">Tea counts as well as water does, and so does barleywater.</div>',
    '<label for="c">Tea?</label><input type="checkbox" id="c"><div class="panel">barleywater</div>',
    "<figure><img src=a.png><figcaption>A jug of barleywater.</figcaption></figure>",
    '<div class="wp-caption"><img src=a><p class="wp-caption-text">barleywater</p></div>',
    '<aside class="note"><p>Never drink barleywater that is a week old.</p></aside>',
    '<aside role="note">barleywater</aside>',
    '<div class="menu"><p>Monday: barleywater and bread.</p></div>',
    '<section class="social"><h2>In company</h2><p>People who drink barleywater together drink more.</p></section>',
    '<div class="share"><p>The share of people who like barleywater grows.</p></div>',
    '<div class="sidebar"><p>A box beside the text about barleywater and what it does.</p></div>',
    '<div class="comments"><p>What the doctor comments: barleywater counts.</p></div>',
    "<table><tr><td>Drinks</td><td><ul><li>tea</li><li>barleywater</li></ul></td></tr></table>",
    "<table><caption>barleywater</caption><tr><td>1</td></tr></table>",
    "<dl><dt>Barleywater</dt><dd>a drink</dd></dl>",
    "<blockquote><p>Barleywater, said the nurse.</p><footer>A nurse</footer></blockquote>",
    "<form><p>A page in a form: barleywater.</p></form>",
    "<pre>barleywater 2 l</pre>",
    "<h2>Barleywater</h2>",
    "<h3><a href='#x'>Barleywater</a></h3><p>It counts.</p>",
    "<ul><li><a href='/b'>Barleywater</a></li><li><a href='/c'>Tea</a></li></ul>",
    "<my-box><p>barleywater</p></my-box>",
    "<center><font size=2>barleywater</font></center>",
])  # fmt: skip
@pytest.mark.parametrize("around", ["<main>{}</main>", "<article>{}</article>", "<div><div role=main>{}</div></div>"])
def test_what_is_in_the_main_part_is_kept(tmp_path: Path, main: str, around: str) -> None:
    assert "barleywater" in text_of(tmp_path, main, around=around).lower()


@pytest.mark.parametrize("part", [
    "<nav>unwanted</nav>", "<script>unwanted</script>", "<template>unwanted</template>", "<noscript>unwanted</noscript>",
    '<div hidden>unwanted</div>', '<span aria-hidden="true">unwanted</span>', "<svg><title>unwanted</title></svg>",
    '<ul class="share"><li><a href="x">unwanted</a></li></ul>', '<div class="breadcrumb"><a href="/">unwanted</a></div>',
    '<div class="related"><h3><a href=x>unwanted</a></h3></div>', '<button>unwanted</button>',
    '<section id="comments"><div class="comment"><p>unwanted words of somebody else here</p></div></section>',
    '<form class="newsletter"><p>unwanted</p><input type=email></form>', '<div role="navigation">unwanted</div>',
    '<i class="material-icons">unwanted</i>', "<iframe>unwanted</iframe>", "<select><option>unwanted</option></select>",
    '<div id="toc"><ul><li><a href="#a">unwanted</a></li><li><a href="#b">x</a></li></ul></div>',
    '<aside><ul><li><a href=x>unwanted</a></li><li><a href=y>this too</a></li></ul></aside>',
    '<a class="anchor" href="#a">unwanted</a>',
])  # fmt: skip
def test_what_is_no_text_of_the_article_goes(tmp_path: Path, part: str) -> None:
    assert "unwanted" not in text_of(tmp_path, part)


def test_a_byline_is_not_the_lead(tmp_path: Path) -> None:
    byline = '<p class="byline">By <a rel="author">A. Nurse</a></p><time datetime="2024-01-05">January 5, 2024</time>'
    page = f"<title>Drinking</title><main><header><h1>Drinking</h1>{byline}</header><p>{LEAD}</p></main>"
    assert read_one(tmp_path, "a.html", page).lead == LEAD


def test_a_label_above_the_title_is_not_the_lead(tmp_path: Path) -> None:
    page = f"<title>Drinking</title><main><p>Health advice</p><h1>Drinking</h1><p>{LEAD}</p></main>"
    assert read_one(tmp_path, "a.html", page).lead == LEAD


@pytest.mark.parametrize(("markup", "text"), [
    ("One line<br>another<br/>and a third", "One line\nanother\nand a third"),
    ("<p>In the <b>first</b><br>line</p>", "In the first\nline"),
    ("<ul><li>one<br>two</li><li>three</li></ul>", "- one\ntwo\n- three"),
    ("<table><tr><th>Tablet</th><th>Colour</th></tr><tr><td>Morning<br>or noon</td><td>yellow</td></tr></table>",
     "Tablet | Colour\nMorning or noon | yellow"),
    ("<dl><dt>Dose</dt><dd>5 mg</dd><dt>Times</dt><dd>two</dd></dl>", "Dose\n5 mg\nTimes\ntwo"),
    ("<ruby>漢字<rp>(</rp><rt>kanji</rt><rp>)</rp></ruby>です", "漢字です"),
    ("Water<sup><a href='#fn1'>1</a></sup> is H<sub>2</sub>O, 5 m<sup>2</sup>.", "Water is H2O, 5 m2."),
    ("<a href=a>one</a><a href=b>two</a>", "one two"),
    ("<div>one</div><div>two</div>three", "one\n\ntwo\n\nthree"),
    ("<section>one</section><address>two</address>", "one\n\ntwo"),
    ("caf&eacute; &amp; tea &#8211; un<b>believ</b>able", "café & tea – unbelievable"),
    ("<p>one<span class=figcaption>two</span>three</p>", "one\n\ntwo\n\nthree"),
    ("<math><mi>x</mi><annotation encoding='application/x-tex'>\\x</annotation></math>", "x"),
])  # fmt: skip
def test_lines_and_words_stay_apart_and_together_as_the_page_shows_them(tmp_path: Path, markup: str, text: str) -> None:
    page = f"<title>T</title><main><h1>T</h1><p>{LEAD}</p><h2>Here</h2>{markup}</main>"
    assert read_one(tmp_path, "a.html", page).body[-1].text == text


@pytest.mark.parametrize("heading", [
    'On Linux<a class="headerlink" href="#linux" title="Link to this heading">¶</a>',
    '<a class="anchor" aria-hidden="true" href="#linux"><svg></svg></a>On Linux',
    'On Linux <a href="#linux">#</a>',
    'On Linux<a class="hash-link" href="#linux" aria-label="Direct link to On Linux">\u200b</a>',
    '<a href="#linux">On Linux</a>',
    'On Linux<span class="mw-editsection">[edit]</span>',
    'On Linux<a class="permalink" href="/install.html#linux">Permalink</a>',
    "<button>On Linux</button>",
    "<span>On</span><br><span>Linux</span>",
])  # fmt: skip
def test_a_heading_is_without_the_signs_behind_it(tmp_path: Path, heading: str) -> None:
    page = f"<title>T</title><main><h1>T</h1><p>{LEAD}</p><h2 id='linux'>{heading}</h2><p>{MORE}</p></main>"
    article = read_one(tmp_path, "a.html", page)
    assert headings(article) == ["", "On Linux"]
    assert article.body[1].anchor == "linux"


def test_a_page_without_marks_is_read_without_the_site_around_it(tmp_path: Path) -> None:
    page = f"""<html><head><title>Drinking</title></head><body><div id="header"><a href="/">House of Health</a></div>
    <div id="nav"><ul class="navigation"><li><a href="/a">Archive</a></li><li><a href="/b">Pharmacies</a></li></ul></div>
    <div id="wrap"><div id="text"><h1>Drinking</h1><p>{LEAD}</p><p>{MORE}</p><details><summary>Tea?</summary>
    <p>barleywater</p></details></div>
    <div class="sidebar"><h3>Read on</h3><ul><li><a href="/c">Ten rashes</a></li><li><a href="/d">Knees</a></li></ul></div>
    </div><div id="footer"><p>Imprint and telephone</p></div></body></html>"""
    text = str(read_one(tmp_path, "a.html", page).body)
    assert "barleywater" in text and LEAD in text and MORE in text
    assert not [word for word in ("House", "Archive", "Ten rashes", "Imprint") if word in text]


def test_a_page_of_which_little_is_left_is_noted(tmp_path: Path) -> None:
    hidden = f"<div hidden>{MORE * 20}</div>"
    outcome = read_bytes(tmp_path, "a.html", f"<title>T</title><main><h1>T</h1><p>{LEAD}</p>{hidden}</main>")
    assert isinstance(outcome, Read)
    assert "words of its main part were taken for the article" in outcome.notes[0]


@pytest.mark.parametrize(
    "page", ["<html><body><nav>Home</nav></body></html>", "<html></html>", "<h1>Only a title</h1>"]
)
def test_a_page_without_a_text_is_skipped(tmp_path: Path, page: str) -> None:
    outcome = read_bytes(tmp_path, "a.html", page)
    assert isinstance(outcome, Skipped) and outcome.reason == "the page has no text besides navigation"


@pytest.mark.parametrize("box", [
    '<div class="box multi related-info right"><h2>Related</h2><div><p>Boxed.</p></div></div>',
    '<div class="pane"><aside><h3>Related</h3><p>Boxed.</p></aside></div>',
    '<div style="float: right"><h2>Related</h2><p>Boxed.</p></div>',
    '<section class="article-infobox"><h2>Related</h2><p>Boxed.</p></section>',
    "<details><summary><h2>Related</h2></summary><p>Boxed.</p></details>",
    '<div role="note"><h4>Related</h4><blockquote><h5>Said</h5><p>Quoted.</p></blockquote><p>Boxed.</p></div>',
    '<figure><h3>Related</h3><figcaption>Boxed.</figcaption></figure>',
])  # fmt: skip
@pytest.mark.parametrize("before", ["", "<h2>Glasses</h2><p>Four.</p>"])
def test_text_below_a_box_goes_on_with_the_text_above_it(tmp_path: Path, before: str, box: str) -> None:
    parts = text_of(tmp_path, f"{before}{box}<p>barleywater</p><h2>Next</h2><p>Tea.</p>").split("\n")
    assert parts.index("barleywater") < parts.index("Related") < parts.index("Boxed.") < parts.index("Next")


@pytest.mark.parametrize("part", [
    '<div class="box"><h2>Related</h2></div><p>barleywater</p>',
    '<div class="header"><h2>Related</h2><p>Below.</p></div><p>barleywater</p>',
    f'<div class="box"><h2>Related</h2><p>{"tea " * 500}</p></div><p>barleywater</p>',
], ids=["a frame around the heading alone", "no box by its name", "most of the page"])  # fmt: skip
def test_text_below_a_heading_that_stands_in_no_box_is_its_own(tmp_path: Path, part: str) -> None:
    parts = text_of(tmp_path, part).split("\n")
    assert parts.index("Related") < parts.index("barleywater")
