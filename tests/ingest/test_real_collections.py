"""Real collections, where they are at hand: beside the project, or where HARBOR_SHARED says."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.extraction import EXTRACTORS, score
from harbor_search.ingest import Read, Skipped, count_hint, read_articles
from tests.ingest.reading import headings, outcomes, texts
from tests.ingest.test_any_bytes import check_article

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("HARBOR_SHARED", ROOT.parent / "shared"))


def collection(name: str) -> Path:
    """The collection, or a skipped test."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not there; HARBOR_SHARED can name the directory that holds it")
    return path


def test_the_model_page_is_read_exactly() -> None:
    path = collection("seed/healthharbor-article.txt")
    [outcome] = outcomes(path)
    assert isinstance(outcome, Read) and outcome.notes == ()
    article = outcome.article
    assert article.title == "Crying During Therapy Sessions: Is It Unhealthy?"
    assert (article.section, article.published, article.views) == (("Health",), date(2025, 1, 6), 2036)
    assert article.lead.startswith("It's a common misconception that crying")
    assert headings(article) == [
        "",
        "Emotional Expression in Therapy",
        "Why Crying in Therapy Can Be Harmful",
        "Is Therapy Right for Everyone?",
        "Why Crying Is Not Necessarily a Bad Sign",
        "An Overview of Therapy Sessions: Express, Explore, Resolve",
        "Express",
        "Explore",
        "Resolve",
        "Conclusion",
    ]
    blocks = path.read_text().split("\n\n")
    body = [text for section in article.body for text in (section.heading, *section.text.split("\n\n")) if text]
    assert body == blocks[6:]


def test_the_sample_corpus_is_read_without_a_note() -> None:
    found = outcomes(ROOT / "corpus")
    articles = [each.article for each in found if isinstance(each, Read)]
    assert [each for each in found if not isinstance(each, Read | Skipped)] == []
    assert [each.notes for each in found if isinstance(each, Read) and each.notes] == []
    for article in articles:
        check_article(article)
        assert article.published and article.views is not None and len(article.section) >= 1
        blocks = (ROOT / "corpus" / article.source).read_text().strip().split("\n\n")
        assert (
            sum(len(text.split("\n\n")) for text in texts(article) if text) + len(article.body) - 1 == len(blocks) - 6
        )
        assert not [h for h in headings(article) if h.endswith((".", ":"))]


def test_titles_and_dates_of_real_pages_are_those_of_their_manifest_and_no_navigation_is_read() -> None:
    root = collection("data/epa-html")
    manifest = {each["file"]: each for each in map(json.loads, (root / "manifest.jsonl").open())}
    found = outcomes(root)
    articles = {each.article.source.removeprefix("html/"): each.article for each in found if isinstance(each, Read)}
    assert set(articles) == set(manifest)
    assert [each for each in found if not isinstance(each, Read)] == [
        Skipped(
            (root / "manifest.jsonl").as_posix(),
            "its records have no field for an article's text, such as 'text' or 'sections'",
        )
    ]
    for file, article in articles.items():
        check_article(article)
        assert article.title == manifest[file]["dc_title"]
        assert str(article.published) == manifest[file]["dc_date"]
        lines = set("\n".join(texts(article)).split("\n"))
        assert not lines & {"Facebook", "Twitter", "Pinterest", "- Facebook", "Contact Us", "Jump to main content"}
        assert not re.search("FOIA Requests|Inspector General|Main menu|Laws and Executive Orders|gtm", str(lines))


def test_real_pages_keep_their_headings() -> None:
    path = collection("data/epa-html") / "html" / "asbestos" / "learn-about-asbestos.html"
    [outcome] = outcomes(path)
    assert isinstance(outcome, Read)
    article = outcome.article
    assert [heading for heading in headings(article) if heading] == [
        "What is Asbestos?",
        "Where Can I Find Asbestos?",
        "How Can People Be Exposed to Asbestos?",
        "Health Effects From Exposure to Asbestos",
    ]
    assert "- Vinyl floor tiles and the backing on vinyl sheet flooring and adhesives\n- Roofing" in str(
        texts(article)[2]
    )


def test_real_records_of_questions_and_answers_are_read_whole() -> None:
    path = collection("data/medquad.jsonl.gz")
    found = Counter(type(each).__name__ for each in read_articles([path], max_bytes=20_000_000))
    assert found == {"Read": 5486}
    assert count_hint([path]) == 5486
    for outcome in islice(read_articles([path], max_bytes=20_000_000), 0, None, 50):
        assert isinstance(outcome, Read)
        check_article(outcome.article)
        assert outcome.article.section in (("Disease",), ("Other",))
        assert all(section.heading for section in outcome.article.body)


def test_real_passages_with_only_a_text_are_read() -> None:
    path = collection("data/enwiki-100k.jsonl.gz")
    for outcome in islice(read_articles([path], max_bytes=20_000_000), 500):
        assert isinstance(outcome, Read) and outcome.notes == ()
        check_article(outcome.article)


def test_the_text_of_real_pages_is_found_as_somebody_who_reads_them_finds_it() -> None:
    collection("data/epa-html")
    found = score(EXTRACTORS["harbor_search"])
    assert found.recall >= 0.98
    assert found.f1 >= 0.97
