"""How well the text of web pages is found: `python -m benchmarks.extraction`.

Twenty pages of a public site, spread over its areas. What belongs to the article of each was decided by reading it
beside the page: all in its main column but the title, which is kept apart, and the links back to the top. Measured are
the share of the article's words that are found (recall), of the words found that are the article's (precision), each
word as often as it comes, and their harmonic mean (F1). Extractors that are not installed are left out.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import lxml.html

from harbor_search.ingest.html import read_html
from harbor_search.ingest.outcome import Origin

__all__ = ["EXTRACTORS", "Score", "main", "pages", "score"]

ROOT = Path(__file__).parents[1]
SITE = Path(os.environ.get("HARBOR_SHARED", ROOT.parent / "shared")) / "data" / "epa-html" / "html"
PAGES = 20

_WORD = re.compile(r"\w+")


class Score(NamedTuple):
    """Means over the pages, each from 0 to 1, and the milliseconds that a page took."""

    precision: float
    recall: float
    f1: float
    milliseconds: float


def pages() -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and the article's text of each page; none where the collection is not there."""
    names = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    for name in names[:: max(len(names) // PAGES, 1)][:PAGES]:
        data = (SITE / name).read_bytes()
        yield name, data, _article(data)


def score(extract: Callable[[bytes], str]) -> Score:
    """How well `extract` finds the text of all pages.

    Raises:
        FileNotFoundError: the collection is not there.
    """
    rows = []
    for _, data, wanted in pages():
        started = time.perf_counter()
        found = _words(extract(data))
        milliseconds = (time.perf_counter() - started) * 1000
        right = (found & _words(wanted)).total()
        precision, recall = right / max(found.total(), 1), right / _words(wanted).total()
        rows.append((precision, recall, 2 * right / (found.total() + _words(wanted).total()), milliseconds))
    if not rows:
        raise FileNotFoundError(f"{SITE} is not there; HARBOR_SHARED can name the directory that holds data/")
    return Score(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def _article(data: bytes) -> str:
    tree = lxml.html.fromstring(data.decode("utf-8"))
    [column] = tree.xpath("//*[contains(@class, 'main-column')]")
    for element in column.xpath(".//script | .//style | .//noscript | .//h1 | .//*[contains(@class, 'pagetop')]"):
        element.drop_tree()
    for line_break in column.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    return " ".join(column.itertext())


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _ours(data: bytes) -> str:
    body = read_html(data, Origin("page", "page.html")).article.body
    return "\n".join(f"{section.heading}\n{section.text}" for section in body)


def _trafilatura(data: bytes, **options: Any) -> str:
    return str(import_module("trafilatura").extract(data, include_comments=False, **options) or "")


def _readability(data: bytes) -> str:
    summary = import_module("readability").Document(data.decode("utf-8")).summary()
    return " ".join(lxml.html.fromstring(summary).itertext())


def _resiliparse(data: bytes) -> str:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return str(extract(data.decode("utf-8"), main_content=True))


def _justext(data: bytes) -> str:
    library = import_module("justext")
    paragraphs = library.justext(data, library.get_stoplist("English"))
    return "\n".join(each.text for each in paragraphs if not each.is_boilerplate)


def _boilerpy(data: bytes) -> str:
    return str(import_module("boilerpy3.extractors").ArticleExtractor().get_content(data.decode("utf-8")))


EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "harbor_search": _ours,
    "trafilatura": _trafilatura,
    "trafilatura, recall": lambda data: _trafilatura(data, favor_recall=True),
    "readability-lxml": _readability,
    "resiliparse": _resiliparse,
    "jusText": _justext,
    "boilerpy3": _boilerpy,
}


def main() -> int:
    """Print the table; 2 where the collection is not there."""
    print(f"{'':22}{'precision':>10}{'recall':>10}{'F1':>10}{'ms a page':>12}")
    for name, extract in EXTRACTORS.items():
        try:
            found = score(extract)
        except ImportError:
            print(f"{name:22}{'not installed':>20}")
        except FileNotFoundError as error:
            print(error, file=sys.stderr)
            return 2
        else:
            print(f"{name:22}{found.precision:10.3f}{found.recall:10.3f}{found.f1:10.3f}{found.milliseconds:12.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
