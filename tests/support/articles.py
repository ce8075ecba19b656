"""A small collection: enough for three pages of results, two levels of sections, several years and odd cases."""

from __future__ import annotations

from datetime import date

from harbor_search.article import Article, Section

__all__ = ["COLLECTION", "collection", "plain"]


def plain(article_id: str, title: str = "", text: str = "", **more: object) -> Article:
    """An article with one section of text and no heading."""
    body = (Section("", "", text),) if text else ()
    return Article(id=article_id, title=title or article_id, body=body, lead=text.split("\n\n")[0], **more)  # type: ignore[arg-type]


def collection() -> list[Article]:
    """24 nights of sleep, and some other articles."""
    nights = [
        plain(
            f"sleep/night-{number:02}",
            f"Night {number}",
            f"Notes on a quiet night, number {number}. Good sleep begins with a dark room.",
            section=("Health", "Sleep"),
            published=date(2022 + number % 3, 1 + number % 12, 1 + number),
            views=1000 + number,
        )
        for number in range(1, 25)
    ]
    return [*nights, IRON, TEA, UNDATED]


IRON = Article(
    id="food/iron",
    title="Signs of Low Iron",
    body=(
        Section("", "", "Feeling tired is common. Low iron is one reason among many.\n\nIt can be put right."),
        Section(
            "What to Look For",
            "what-to-look-for",
            "Pale skin, cold hands and short breath.\n\n- tiredness\n- headaches",
        ),
        Section("Foods with Iron", "foods-with-iron", "Beans, lentils and dark leaves."),
        Section("Iron and Tea", "iron-and-tea", "Tea with a meal makes iron harder to take up."),
        Section("When to Ask for Help", "when-to-ask-for-help", "If you are short of breath, ask today."),
    ),
    lead="Feeling tired is common. Low iron is one reason among many.",
    url="https://example.org/food/iron",
    section=("Health", "Food"),
    published=date(2025, 1, 6),
    views=2036,
    tags=("iron", "tiredness"),
    source="food/iron.txt",
    language="en",
)
TEA = plain(
    "food/tea",
    "Tea & Coffee",
    "Both delay sleep when drunk late.",
    section=("Health", "Food"),
    published=date(2024, 5, 1),
    views=77,
)
UNDATED = plain("family/toddlers", "Toddlers at Night", "Small children need much sleep.", section=("Family",))

COLLECTION = collection()
