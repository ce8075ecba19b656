"""Ways of writing, exporting and marking articles that generators and systems have, each by one small file of its kind."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from harbor_search.article import Article
from harbor_search.ingest import Outcome, Read, Refused, Skipped, Source, read_articles
from harbor_search.ingest.script_object import exported_metadata, object_of_script
from harbor_search.ingest.template_marks import without_template_marks

SLEEP = "\n\nSleep is the balm of hurt minds, and comes to all who wait for it in the dark.\n"
PARAGRAPH = f"<p>{SLEEP.strip()}</p>"


class Kept(NamedTuple):
    """A text that is an article: its title, the day it is dated, and words that it has and has not."""

    title: str
    day: str | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def page(main: str, head: str = "", article: str = "") -> str:
    """A page of HTML whose main part is an article with these attributes."""
    return (
        f"<!doctype html><html lang=en><head><title>A</title>{head}</head>"
        f"<body><main><article {article}><h1>A</h1>{main}</article></main></body></html>"
    )


def read(folder: Path, files: dict[str, str | bytes], **source: Any) -> list[Outcome]:
    """What becomes of `files`: of a folder with them, or of the only one where it is a source by itself."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    address = folder / next(iter(files)) if source.pop("alone", False) else folder
    return list(read_articles([Source(str(address), **source)], max_bytes=1_000_000))


def articles(outcomes: list[Outcome]) -> list[Article]:
    """The articles among them."""
    return [each.article for each in outcomes if isinstance(each, Read)]


def text_of(article: Article) -> str:
    """All that a reader sees of an article."""
    return "\n".join([article.title, *(f"{part.heading}\n{part.text}" for part in article.body)])


KEPT_BACK = {
    "Eleventy, front matter in JavaScript": ("a.md", f'---js\n{{\n  title: "A",\n  draft: true, // not yet\n}}\n---{SLEEP}'),
    "Eleventy, computed values beside a statement": ("a.md", f"---js\n{{ title: t(1), draft: true }}\n---{SLEEP}"),
    "MDX, exported metadata": (
        "a.mdx",
        f"import X from './x'\n\nexport const metadata = {{\n  title: 'A',\n  robots: {{ index: false }},\n}}\n\n# A{SLEEP}",
    ),
    "MDX, exported with a computed value": (
        "a.mdx", f"export const meta = {{ title: 'A', image: img(x), draft: true }}\n\n# A{SLEEP}",
    ),
    "Hexo, front matter without its first line": ("a.md", f"title: A\ntags:\n- x\ndraft: true\n---{SLEEP}"),
    "YAML with a title that has to be quoted": ("a.md", f"---\ntitle: Sleep: A Guide\ndraft: true\n---{SLEEP}"),
    "Drupal, a page that only its editors see": ("a.html", page(PARAGRAPH, article="class='node node--unpublished'")),
    "Joomla, a part that only its editors see": ("a.html", page(f"<div class=system-unpublished>{PARAGRAPH}</div>")),
    "Sphinx, the page that searches": ("search.html", page("<p>Please activate JavaScript to search.</p>")),
}  # fmt: skip

KEPT = {
    "Eleventy, front matter in JavaScript": (
        "a.md", f"---js\n{{ title: \"A\", date: '2024-01-02', }}\n---{SLEEP}", Kept("A", "2024-01-02", lacks=("title",)),
    ),
    "MDX, exported metadata": (
        "a.mdx", f"export const metadata = {{\n  title: 'Sleep',\n  date: '2024-01-02',\n}};\n\n# Sleep{SLEEP}",
        Kept("Sleep", "2024-01-02", lacks=("metadata",)),
    ),
    "MDX, an export in an example": (
        "a.mdx", f"# How to{SLEEP}\n```js\nexport const metadata = {{ draft: true }}\n```\n", Kept("How to", has=("draft",)),
    ),
    "Hexo, front matter without its first line": (
        "a.md", f"title: A\ndate: 2024-01-02 03:04:05\ntags:\n- x\n---{SLEEP}", Kept("A", "2024-01-02", lacks=("tags",)),
    ),
    "a heading and a list above a rule": ("a.md", f"Menu: for today\n- soup\n---{SLEEP}", Kept("a", has=("soup",))),
    "YAML with a title that has to be quoted": (
        "a.md", f"---\ntitle: Sleep: A Guide\ndate: 2024-01-02\n---{SLEEP}", Kept("Sleep: A Guide", "2024-01-02"),
    ),
    "MkDocs, several days by name": (
        "a.md", f"---\ntitle: A\ndate:\n  updated: 2024-05-06\n  created: 2023-01-02\n---{SLEEP}", Kept("A", "2023-01-02"),
    ),
    "MkDocs and VitePress, included files": (
        "a.md", f"# A{SLEEP}\n--8<-- \"abbreviations.md\"\n\n<<< @/snippets/x.js\n", Kept("A", lacks=("8<", "snippets")),
    ),
    "Nuxt, components": (
        "a.md",
        f"# A{SLEEP}\n::alert{{type=\"info\"}}\nMind the gap.\n::\n\n:icon{{name=\"star\"}} Five [stars]{{.gold}}.\n\n"
        "::card\n---\nicon: moon\n---\nIn the card.\n::\n",
        Kept("A", has=("Mind the gap.", "Five stars.", "In the card."), lacks=("::", "icon", "{", "moon")),
    ),
    "remark, directives": (
        "a.md", f"# A{SLEEP}\nThe :abbr[NIH]{{title=\"x\"}} at 10:30, std::vector.\n\n::video[A nap]{{#id}}\n",
        Kept("A", has=("The NIH at 10:30, std::vector.", "A nap"), lacks=("abbr", "#id")),
    ),
    "a root of shadow": (
        "a.html", page(f"{PARAGRAPH}<x-y><template shadowrootmode=open><style>p {{}}</style><p>In shadow.</p></template></x-y>"
                       "<template><p>Not yet.</p></template>"),
        Kept("A", has=("In shadow.",), lacks=("Not yet", "{}")),
    ),
    "Docusaurus, links below an article": (
        "a.html", page(f"{PARAGRAPH}<footer><a href=/e>Edit this page</a></footer>"), Kept("A", lacks=("Edit",)),
    ),
    "words below an article": (
        "a.html", page(f"{PARAGRAPH}<footer>Ask your doctor. <a href=/e>More</a></footer>"), Kept("A", has=("doctor",)),
    ),
    "a page that scripts fill, its text in JSON-LD": (
        "a.html",
        "<html><head><title>A</title><script type=application/ld+json>"
        + json.dumps({"@type": "Article", "datePublished": "2024-01-02", "articleBody": SLEEP.strip()})
        + "</script></head><body><div id=app></div></body></html>",
        Kept("A", "2024-01-02", has=("balm",)),
    ),
    "an article in a folder named search": ("search/aid.html", page(PARAGRAPH), Kept("A", has=("balm",))),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content"), KEPT_BACK.values(), ids=KEPT_BACK)
def test_what_is_not_to_be_published_is_skipped(tmp_path: Path, name: str, content: str) -> None:
    [outcome] = read(tmp_path, {name: content})
    assert isinstance(outcome, Skipped), outcome


@pytest.mark.parametrize(("name", "content", "kept"), KEPT.values(), ids=KEPT)
def test_an_article_is_read_as_its_generator_shows_it(tmp_path: Path, name: str, content: str, kept: Kept) -> None:
    [article] = articles(read(tmp_path, {name: content}))
    text = text_of(article)
    assert article.title == kept.title
    assert kept.day is None or str(article.published) == kept.day
    assert [each for each in kept.has if each not in text] == []
    assert [each for each in kept.lacks if each in text] == []


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>F</title><link>https://x.org/</link>{''.join(items)}</channel></rss>"


def item(title: str, text: str, link: str = "https://x.org/1") -> str:
    return f"<item><title>{title}</title><guid>{link}</guid><link>{link}</link><description>{text}</description></item>"


def test_a_feed_that_repeats_an_article_has_it_once_in_its_newest_version(tmp_path: Path) -> None:
    first, again, older = read(
        tmp_path, {"f.xml": rss(item("A", "New."), item("A", "New."), item("A", "Old."))}, alone=True
    )
    assert isinstance(first, Read) and first.article.lead == "New."
    assert isinstance(again, Skipped) and isinstance(older, Skipped)


def test_two_articles_of_a_feed_with_one_address_are_not_lost_in_silence(tmp_path: Path) -> None:
    _, other = read(tmp_path, {"f.xml": rss(item("A", "One."), item("B", "Other."))}, alone=True)
    assert isinstance(other, Refused)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.xml", rss(item("A", "One.", "/a"))),
        ("f.json", json.dumps({
            "version": "https://jsonfeed.org/version/1", "home_page_url": "https://x.org/",
            "items": [{"id": 7, "url": "a", "title": "A", "content_text": "One."}],
        })),
    ],
)  # fmt: skip
def test_addresses_in_a_feed_are_those_of_its_site(tmp_path: Path, name: str, content: str) -> None:
    [article] = articles(read(tmp_path, {name: content}, alone=True))
    assert article.url == "https://x.org/a"


def test_comments_and_settings_in_an_export_of_blogger_are_skipped(tmp_path: Path) -> None:
    kind = "http://schemas.google.com/blogger/2008/kind#"
    entries = "".join(
        f"<entry><id>{each}</id><category scheme='x' term='{kind}{each}'/><title>{each}</title><content>Text.</content></entry>"
        for each in ("post", "comment", "settings", "template", "page")
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{entries}</feed>"
    found = read(tmp_path, {"blog.atom": feed}, alone=True)
    assert [each.title for each in articles(found)] == ["post", "page"]
    assert all(each.tags == () for each in articles(found)) and len(found) == 5


def test_rows_before_the_place_where_a_compressed_table_breaks_off_are_read(tmp_path: Path) -> None:
    digits = random.Random(1)
    rows = "".join(f"A {n},Text {digits.random()}\n" for n in range(3000))
    found = read(tmp_path, {"a.csv.gz": gzip.compress(f"title,text\n{rows}".encode())[:-9000]}, alone=True)
    assert len(articles(found)) > 100
    assert isinstance(found[-1], Refused) and "damaged" in found[-1].reason


def test_a_line_that_repeats_another_word_for_word_is_skipped(tmp_path: Path) -> None:
    line = '{"id": "a", "title": "A", "text": "One."}\n'
    _, again, other = read(tmp_path, {"a.jsonl": line + line + line.replace("One", "Other")})
    assert isinstance(again, Skipped) and isinstance(other, Refused)


def test_sections_of_a_record_may_have_titles(tmp_path: Path) -> None:
    record = {"title": "A", "sections": [{"title": "One", "text": "First."}, {"title": "Two", "text": "Second."}]}
    [article] = articles(read(tmp_path, {"a.jsonl": json.dumps(record)}))
    assert [(part.heading, part.text) for part in article.body] == [("One", "First."), ("Two", "Second.")]


@pytest.mark.parametrize(
    "part",
    [
        "::a\n---\n",
        "::a{",
        ":a[",
        ":a{",
        "[a]{.",
        "/* ",
        "// ",
        '"a\\',
        "'",
        "`",
        "import x\n",
        "{/* ",
        "<!-- ",
        " \n",
        "{",
    ],
)
def test_what_is_opened_and_never_closed_takes_no_time_that_a_reader_would_notice(part: str) -> None:
    text = part * (40_000 // len(part))
    without_template_marks(text)
    exported_metadata(text)
    exported_metadata(f"export const meta = {{{text}")
    object_of_script(f"{{{text[:9_000]}")
