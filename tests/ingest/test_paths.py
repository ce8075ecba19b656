"""What the path of a file says about its article."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harbor_search.ingest import Read, Skipped
from harbor_search.ingest.paths import day_in, passed_over, section_of, title_from
from tests.ingest.reading import outcomes


@pytest.mark.parametrize("name", [
    "_drafts/a.md", "blog/_Drafts/a.md", "drafts/a.html", "unpublished/2024/a.md", "_private/a.txt", "_includes/nav.html",
    "_layouts/post.html", "docs/_sources/index.txt", "_templates/a.html", "node_modules/x/readme.md", "_note.md",
    "docs/_partial.mdx", "robots.txt", "ads.txt", "llms-full.txt", "requirements-dev.txt", "CMakeLists.txt", "LICENSE.txt",
    "404.html", "404/index.html", "dev-requirements.txt", "constraints-py311.txt",
    "google1a2b3c4d5e6f7a8b.html", "genindex.html", "genindex-A.html", "SUMMARY.md",
])  # fmt: skip
def test_what_is_no_article_by_its_place_or_name_is_passed_over(name: str) -> None:
    assert passed_over(name)


@pytest.mark.parametrize("name", [
    "a.md", "_posts/2024-01-01-a.md", "_index.md", "blog/_index.en.md", "drafting/a.md", "robots.md", "ads/a.txt",
    "requirements.md", "1984.html", "_recipes/tea.md", "README.md", "includes/a.md", "404-errors-explained.html",
    "visa-requirements.txt", "requirements-for-donors.txt", "constraints-of-sleep.txt", "draft_horses-facade.html",
])  # fmt: skip
def test_what_may_be_an_article_is_read(name: str) -> None:
    assert passed_over(name) == ""


@pytest.mark.parametrize(("name", "title", "section"), [
    ("guides/rowing/index.html", "rowing", ("guides",)),
    ("guides/rowing/index.en.html", "rowing", ("guides",)),
    ("guides/rowing/_index.md", "rowing", ("guides",)),
    ("guides/rowing/README.md", "rowing", ("guides",)),
    ("guides/rowing.html", "rowing", ("guides",)),
    ("guides/rowing.de.md", "rowing", ("guides",)),
    ("index.html", "index", ()),
    ("_posts/2024-02-16-warm-hands.md", "warm hands", ()),
    ("health/2019/05/03/warm_hands/index.html", "warm hands", ("health",)),
    ("health/2019-05/warm-hands.md", "warm hands", ("health",)),
    ("01-health/02-sleep/03-naps.md", "naps", ("health", "sleep")),
    ("recipes/24-hour-broth.md", "24 hour broth", ("recipes",)),
    ("years/1984.md", "1984", ("years",)),
    ("content/posts/node.js.md", "node.js", ()),
    ("wards/12/doctors.md", "doctors", ("wards", "12")),
])  # fmt: skip
def test_an_article_is_called_by_its_own_name_in_the_section_of_its_folders(
    name: str, title: str, section: tuple[str, ...]
) -> None:
    assert (title_from(name), section_of(name)) == (title, section)


@pytest.mark.parametrize(("name", "day"), [
    ("_posts/2024-01-05-cold-feet.md", date(2024, 1, 5)),
    ("2024-01-05-cold-feet/index.md", date(2024, 1, 5)),
    ("blog/2024/01/05/cold-feet.html", date(2024, 1, 5)),
    ("blog/2024/01/cold-feet/index.html", date(2024, 1, 1)),
    ("2024/cold-feet.md", None),
    ("2024-13-45-cold-feet.md", None),
    ("4711-12-13-14.md", date(4711, 12, 13)),
    ("cold-feet.md", None),
])  # fmt: skip
def test_the_day_in_a_name_is_that_of_the_article(name: str, day: date | None) -> None:
    assert day_in(name) == day


def test_a_page_among_numbered_ones_stands_in_for_none(tmp_path: Path) -> None:
    for number in (390, 404, 503):
        (tmp_path / f"{number}.md").write_text(f"# Article {number}\n\nSome text.")
    kinds = [type(each) for each in outcomes(tmp_path)]
    assert kinds == [Read, Read, Skipped]


def test_a_stated_date_wins_over_the_one_in_the_name_and_one_to_come_keeps_the_article_out(tmp_path: Path) -> None:
    (tmp_path / "2020-01-01-a.md").write_text("---\ntitle: A\ndate: 2021-02-03\n---\nText.")
    (tmp_path / "2020-01-01-b.html").write_text("<title>B</title><p>Some words of a page about tea.</p>")
    (tmp_path / "2999-01-01-c.md").write_text("# C\n\nText.")
    first, second, third = outcomes(tmp_path)
    assert isinstance(first, Read) and first.article.published == date(2021, 2, 3)
    assert isinstance(second, Read) and second.article.published == date(2020, 1, 1)
    assert isinstance(third, Skipped) and "still to come" in third.reason
