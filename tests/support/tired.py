"""Articles of which the first for a query say what it is about, so that one that fits comes before one that strays."""

from __future__ import annotations

from harbor_search.article import Article, Section

__all__ = ["ARTICLES", "QUERY", "article"]

QUERY = "morning fatigue"


def article(name: str, text: str) -> Article:
    return Article(name, name, (Section("", "", text),))


ARTICLES = [
    *(article(f"good {n}", f"morning fatigue fatigue from ferritin and anaemia {'x' * n}a") for n in range(3)),
    article("strays", "morning fatigue after concerts and hotels"),
    article("fits", "morning fatigue with ferritin and anaemia"),
    *(article(f"other {n}", f"nothing to do with it {'y' * n}b") for n in range(30)),
]
