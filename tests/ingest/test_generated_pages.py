"""Pages written in the model format are read back exactly, whichever lines of the header they lack."""

from __future__ import annotations

import calendar
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from harbor_search.ingest.cleaning import key
from tests.ingest.reading import read_one

WORD = st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x24F), min_size=2, max_size=9).map(
    lambda word: unicodedata.normalize("NFC", word)
)
NAME = st.lists(WORD.map(str.capitalize), min_size=1, max_size=4).map(" ".join)
SECTION = st.builds("{}{}".format, NAME, st.sampled_from(["", " 2", "-19", " 24/7", " (Adults)"]))
TITLE = st.builds(
    "{}{}".format, NAME, st.sampled_from(["", "?", ": A Guide", " \u2013 \u201cYes\u201d or No?", " (2)"])
)
HEADING = st.builds("{}{}".format, NAME, st.sampled_from(["", "?", ": What Now", " 2"]))
SENTENCE = st.builds(
    "{}{}".format,
    st.lists(WORD, min_size=3, max_size=30).map(" ".join),
    st.sampled_from([".", "!", "\u2026", ".\u201d"]),
)
PARAGRAPHS = st.lists(SENTENCE, min_size=1, max_size=3).map("\n\n".join)
DAYS = st.dates(date(1995, 1, 1), date(2025, 12, 31))


@dataclass(frozen=True)
class Page:
    """A page before it is written."""

    title: str
    path: list[str]
    published: date
    views: int | None
    opening: str
    sections: list[tuple[str, str]]


PAGES = st.builds(
    Page,
    title=TITLE,
    path=st.lists(SECTION, min_size=1, max_size=3, unique_by=key),
    published=DAYS,
    views=st.none() | st.integers(0, 10**9),
    opening=PARAGRAPHS,
    sections=st.lists(st.tuples(HEADING, PARAGRAPHS), max_size=4),
)


def written(page: Page, *, site: bool, copy: bool, again: bool, grouped: bool, space: str, end: str) -> bytes:
    """The page as the site writes it, some lines left out."""
    views = "" if page.views is None else f"{page.views:,}" if grouped else str(page.views)
    month = calendar.month_name[page.published.month]
    stamp = f"{month} {page.published.day:02}, {page.published.year}{page.path[-1]}{views}"
    meta = f"{stamp}\n{page.title} {page.opening}"[: len(stamp) + 71].split("\n\n")[0] if copy else stamp
    breadcrumb = f"{space}>{space} ".join(["Location:HOME", *page.path, "content"])
    blocks = ["HealthHarbor"] * site + [breadcrumb, page.path[-1], page.title, meta] + [page.title] * again
    blocks += [page.opening, *(block for section in page.sections for block in section)]
    return end.join("\n\n".join(blocks).split("\n")).encode()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    page=PAGES,
    site=st.booleans(),
    copy=st.booleans(),
    again=st.booleans(),
    grouped=st.booleans(),
    space=st.sampled_from(["", " ", "\xa0"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_page_is_read_back_exactly(
    page: Page, site: bool, copy: bool, again: bool, grouped: bool, space: str, end: str
) -> None:
    # A lead that says the title over is told from its copy only by what stands below it.
    assume(not key(page.opening).startswith(key(page.title)) or (copy and again))
    with tempfile.TemporaryDirectory() as folder:
        data = written(page, site=site, copy=copy, again=again, grouped=grouped, space=space, end=end)
        article = read_one(Path(folder), "page.txt", data)
    assert article.title == page.title
    assert article.section == tuple(page.path)
    assert (article.published, article.views) == (page.published, page.views)
    assert article.lead == page.opening.split("\n\n")[0]
    assert [(section.heading, section.text) for section in article.body] == [("", page.opening), *page.sections]
