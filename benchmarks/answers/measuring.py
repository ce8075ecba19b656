"""What the product answers, measured through `searching.search` and the evaluation that publishers use."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.answers.typing import misspelt
from harbor_search import Article, Section, open_index
from harbor_search.evaluation import read_qrels, read_queries
from harbor_search.index import Index

__all__ = ["measure"]

_SETS = ("cisi", "med", "npl")
_MISSPELLINGS = 500
_TITLES = 300
_SEED = 20_261_128

Qrels = Mapping[str, Mapping[str, int]]


def measure(shared: Path, corpus: Path, **settings: Any) -> dict[str, float]:
    """All measures, by name, without those of collections that are absent; `settings` are others than the defaults."""
    found: dict[str, float] = {}
    with TemporaryDirectory() as folder, open_index(folder, **settings) as index:
        index.rebuild_from([corpus])
        queries, qrels = read_queries(corpus / "queries.tsv"), read_qrels(corpus / "qrels.tsv")
        found |= _judged(index, "sample", queries, qrels, typos=True)
    for name in _SETS:
        part = shared / "data" / "eval" / name
        if part.is_dir():
            with TemporaryDirectory() as folder, open_index(folder, **settings) as index:
                index.rebuild(_collection(part / "corpus.jsonl.gz"))
                qrels = read_qrels(next((part / "qrels").glob("*.tsv")))
                found |= _judged(index, name, read_queries(part / "queries.jsonl"), qrels)
    medquad = shared / "data" / "medquad.jsonl.gz"
    if medquad.is_file():
        with TemporaryDirectory() as folder, open_index(folder, **settings) as index:
            articles = list(_medquad(medquad))
            index.rebuild(articles)
            found |= _named(index) | _misspellings(index, articles)
            titles = {article.id: article.title for article in random.Random(_SEED).sample(articles, _TITLES)}
            found |= _judged(index, "medquad", titles, {each: {each: 1} for each in titles}, typos=True)
    return found


def _judged(
    index: Index, name: str, queries: Mapping[str, str], qrels: Qrels, *, typos: bool = False
) -> dict[str, float]:
    judged = {key: text for key, text in queries.items() if key in qrels}
    whole = _ndcg(index, judged, qrels)
    found = {f"{name}: nDCG@10": whole}
    if typos:
        chance = random.Random(_SEED)
        mistyped = {key: _with_typo(text, index, chance) for key, text in judged.items()}
        found[f"{name}: nDCG@10 with a typo in the rarest word, share of that without"] = (
            _ndcg(index, mistyped, qrels) / whole
        )
    return found


def _ndcg(index: Index, queries: Mapping[str, str], qrels: Qrels) -> float:
    report = index.evaluate(queries, {key: qrels[key] for key in queries})
    return report.means["nDCG@10"]


def _with_typo(text: str, index: Index, chance: random.Random) -> str:
    """`text` with a mistake in that of its words which fewest articles have."""
    vocabulary = index.engine.vocabulary()
    words = [word for word in re.findall(r"[A-Za-z]{4,}", text) if vocabulary.frequency(word.lower())]
    if not words:
        return text
    rarest = min(words, key=lambda word: vocabulary.frequency(word.lower()))
    for _ in range(50):
        typed = misspelt(rarest.lower(), chance)
        if not vocabulary.frequency(typed):
            return re.sub(rf"\b{rarest}\b", typed, text, count=1)
    return text


def _named(index: Index) -> dict[str, float]:
    """How often an article with the clinical name in its title is among the first three for a lay name."""
    rows = Path(__file__).with_name("lay_names.tsv").read_text("utf-8").splitlines()
    held = 0
    for row in rows:
        name, titles = row.split("\t")
        wanted = [title.lower() for title in titles.split("|")]
        hits = index.search(name, per_page=3, facets=False, snippets=False).hits
        held += any(title in hit.title.lower() for hit in hits for title in wanted)
    return {"lay names: clinical title in the first three": held / len(rows)}


def _misspellings(index: Index, articles: Sequence[Article]) -> dict[str, float]:
    """How many of the first ten for a word are among the first ten for the word misspelt."""
    chance = random.Random(_SEED)
    counts = Counter(word for article in articles for word in set(_words(article)))
    common = sorted(word for word, count in counts.items() if count >= 3 and len(word) >= 5)
    total = asked = 0.0
    while asked < _MISSPELLINGS:
        word = chance.choice(common)
        typed = misspelt(word, chance)
        if index.engine.vocabulary().frequency(typed):
            continue
        right = _first_ten(index, word)
        total += len(right & _first_ten(index, typed)) / max(len(right), 1)
        asked += 1
    return {"misspelt words: recall@10": total / asked}


def _first_ten(index: Index, query: str) -> set[str]:
    return {hit.id for hit in index.search(query, facets=False, snippets=False).hits}


def _words(article: Article) -> list[str]:
    text = " ".join([article.title, *(section.text for section in article.body)])
    return re.findall(r"[a-z]+", text.lower())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _collection(path: Path) -> Iterator[Article]:
    for row in _lines(path):
        yield Article(row["_id"], row.get("title", ""), (Section("", "", row["text"]),), row["text"][:200])


def _medquad(path: Path) -> Iterator[Article]:
    for row in _lines(path):
        sections = tuple(Section(each["heading"], "", each["text"]) for each in row["sections"])
        yield Article(row["id"], row["title"], sections)
