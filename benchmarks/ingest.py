"""What an article costs to read, by the format that it comes in: `python -m benchmarks ingest`.

The sample articles, written in every format and read back until there are as many as asked for; real pages beside them
where there are any. Times are of the processors (this process and those it starts), as other programs change them
least, and of the clock, with one process and with all processors.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import shutil
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape as escape_xml

from harbor_search.article import Article, article_to_dict
from harbor_search.compiled import usable_processors
from harbor_search.ingest import Read, Source, read_articles

__all__ = ["FORMATS", "ROOT", "Row", "as_markdown", "as_page", "measure_formats", "sample_articles"]

ROOT = Path(__file__).parents[1]
MAX_BYTES = 20_000_000


class Row(NamedTuple):
    """Of one format: articles read, and for each of them kilobytes of input, milliseconds of the processors with one
    process, and milliseconds of the clock with one process and with all processors."""

    format: str
    articles: int
    kilobytes: float
    processor_ms: float
    one_ms: float
    all_ms: float


def measure_formats(count: int, folder: Path, formats: Iterable[str], pages: Path) -> Iterator[Row]:
    """A row for each of `formats`, `count` articles each, written below `folder`; `pages` is a folder of real pages."""
    samples = sample_articles()
    for name in formats:
        place = folder / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        source = FORMATS[name](list(islice(cycle(samples), count)), place)
        yield _measured(name, source, place)
    if pages.is_dir():
        yield _measured("html, real pages", Source(str(pages)), pages)


def sample_articles() -> list[Article]:
    """The sample articles."""
    found = read_articles([ROOT / "corpus"], max_bytes=MAX_BYTES)
    return [each.article for each in found if isinstance(each, Read)]


def as_markdown(article: Article) -> str:
    """An article as a file of Markdown with front matter."""
    body = "\n\n".join(f"## {part.heading}\n\n{part.text}" if part.heading else part.text for part in article.body)
    return f"---\ntitle: {json.dumps(article.title)}\n---\n\n{body}\n"


def as_page(article: Article) -> str:
    """An article as a page of a site, with its navigation."""
    links = "".join(f'<li><a href="/topic-{number}">Topic {number}</a></li>' for number in range(60))
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{escape(article.title)} - Site</title></head>"
        f"<body><header><nav><ul>{links}</ul></nav></header><main><article><h1>{escape(article.title)}</h1>"
        f"{_markup(article)}</article></main><footer><ul>{links}</ul></footer></body></html>"
    )


def _measured(name: str, source: Source, place: Path) -> Row:
    # Once before, so that libraries are loaded and files in memory.
    next(read_articles([source], max_bytes=MAX_BYTES))
    began = _processor_seconds()
    articles, alone = _read(source, 1)
    processor = _processor_seconds() - began
    _, together = _read(source, max(2, usable_processors()))
    size = sum(each.stat().st_size for each in place.rglob("*") if each.is_file())
    per = 1000 / max(articles, 1)
    return Row(name, articles, size / max(articles, 1) / 1000, processor * per, alone * per, together * per)


def _read(source: Source, processes: int) -> tuple[int, float]:
    """How many articles there were, and the seconds that they took."""
    began = time.perf_counter()
    found = sum(isinstance(each, Read) for each in read_articles([source], max_bytes=MAX_BYTES, processes=processes))
    return found, time.perf_counter() - began


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _text(article: Article) -> str:
    return "\n\n".join(f"{part.heading}\n\n{part.text}".strip() for part in article.body)


def _jsonl(articles: list[Article], folder: Path) -> Source:
    records = ({**article_to_dict(each), "id": str(number), "url": ""} for number, each in enumerate(articles))
    (folder / "articles.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
    return Source(str(folder / "articles.jsonl"))


def _json(articles: list[Article], folder: Path) -> Source:
    records = [{**article_to_dict(each), "id": str(number), "url": ""} for number, each in enumerate(articles)]
    (folder / "articles.json").write_text(json.dumps({"articles": records}), "utf-8")
    return Source(str(folder / "articles.json"))


def _csv(articles: list[Article], folder: Path) -> Source:
    stream = io.StringIO()
    rows = ([number, each.title, _text(each), each.published or ""] for number, each in enumerate(articles))
    csv.writer(stream).writerows([["id", "title", "text", "date"], *rows])
    (folder / "articles.csv").write_text(stream.getvalue(), "utf-8")
    return Source(str(folder / "articles.csv"))


def _markdown(articles: list[Article], folder: Path) -> Source:
    for number, each in enumerate(articles):
        (folder / f"{number:06}.md").write_text(as_markdown(each), "utf-8")
    return Source(str(folder))


def _markup(article: Article) -> str:
    parts = (
        (f"<h2>{escape(part.heading)}</h2>" if part.heading else "")
        + "".join(f"<p>{escape(paragraph)}</p>" for paragraph in part.text.split("\n\n"))
        for part in article.body
    )
    return "".join(parts)


def _html(articles: list[Article], folder: Path) -> Source:
    for number, each in enumerate(articles):
        (folder / f"{number:06}.html").write_text(as_page(each), "utf-8")
    return Source(str(folder))


def _wordpress(articles: list[Article], folder: Path) -> Source:
    items = "".join(
        f"<item><title>{escape_xml(each.title)}</title><link>https://example.org/{number}/</link>"
        f"<wp:post_id>{number}</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
        f"<content:encoded>{escape_xml(_markup(each))}</content:encoded></item>"
        for number, each in enumerate(articles)
    )
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    (folder / "export.xml").write_text(f"<rss {spaces}><channel>{items}</channel></rss>", "utf-8")
    return Source(str(folder / "export.xml"))


def _docx(articles: list[Article], folder: Path) -> Source:
    import docx

    for number, each in enumerate(articles):
        document = docx.Document()
        document.add_heading(each.title, 0)
        for part in each.body:
            if part.heading:
                document.add_heading(part.heading, 1)
            for paragraph in part.text.split("\n\n"):
                document.add_paragraph(paragraph)
        document.save(str(folder / f"{number:06}.docx"))
    return Source(str(folder))


def _pdf(articles: list[Article], folder: Path) -> Source:
    import pypdf

    generic = pypdf.generic
    for number, each in enumerate(articles):
        writer = pypdf.PdfWriter()
        page = writer.add_blank_page(width=595, height=842)
        lines = textwrap.wrap(f"{each.title} {_text(each)}", 90)
        shown = "".join(f"({line.translate(_PDF_SIGNS)}) Tj T*\n" for line in lines)
        content = generic.DecodedStreamObject()
        content.set_data(f"BT /F1 9 Tf 12 TL 40 800 Td\n{shown}ET".encode("latin-1", "replace"))
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        names = {generic.NameObject(name): generic.NameObject(value) for name, value in font.items()}
        fonts = generic.DictionaryObject({generic.NameObject("/F1"): generic.DictionaryObject(names)})
        resources = generic.DictionaryObject({generic.NameObject("/Font"): fonts})
        page[generic.NameObject("/Resources")] = resources
        page[generic.NameObject("/Contents")] = writer._add_object(content)
        writer.add_metadata({"/Title": each.title})
        writer.write(folder / f"{number:06}.pdf")
    return Source(str(folder))


_PDF_SIGNS = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


FORMATS: dict[str, Callable[[list[Article], Path], Source]] = {
    "jsonl": _jsonl,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
    "wordpress": _wordpress,
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}
