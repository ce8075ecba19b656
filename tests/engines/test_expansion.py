"""Beginnings and misspelt words stand for the terms that articles which are left have, the best of them first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.clauses import Fuzzy, Prefix
from harbor_search.engines.embedded import EmbeddedEngine, updating
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_expansion import Expansion, Lists, expand
from harbor_search.errors import OperationalError
from harbor_search.ranking import BM25F
from harbor_search.store import TermEntry
from tests.engines.reference import edits
from tests.engines.test_updates import changed_at, editions, update

FIELDS = tuple(name for name, _ in BM25F().fields)
LEAVES = st.builds(
    Prefix, st.sampled_from([b"", b"s", b"sl", b"t", b"zz"]), st.sampled_from([None, b"iron", b"tea"]), st.none()
)
LEAVES |= st.builds(Fuzzy, st.sampled_from(["slep", "irno", "tae", "xyz", "t"]), st.integers(1, 2), st.none())


def lists_of(snapshot: Snapshot) -> list[Lists]:
    pairs = list(zip(snapshot.bases, snapshot.segments, strict=True))
    return [Lists(segment.fields[name], i, base) for i, name in enumerate(FIELDS) for base, segment in pairs]


def terms_of(snapshot: Snapshot, article: Article) -> dict[str, dict[bytes, list[int]]]:
    """For each field the positions of each term."""
    texts = {
        "title": [article.title],
        "headings": [section.heading for section in article.body],
        "lead": [article.lead],
        "body": [section.text for section in article.body],
        "names": ["\n".join(article.tags)],
    }
    found: dict[str, dict[bytes, list[int]]] = {}
    for name, parts in texts.items():
        positions, at = defaultdict(list), 0
        for part in parts:
            at += 64 if at else 0
            for token in snapshot.analyzer.analyze(part):
                positions[token.text.encode()].append(at)
                at += 1
        found[name] = dict(positions)
    return found


def best(leaf: Prefix | Fuzzy, articles: Sequence[dict[str, dict[bytes, list[int]]]], most: int) -> list[bytes]:
    """By the definition: fewest edits, then most fields of articles, then last in order."""
    counts = Counter(term for article in articles for terms in article.values() for term in terms)
    if isinstance(leaf, Prefix):
        keys = {term: (0, count, term) for term, count in counts.items() if term.startswith(leaf.text)}
    else:
        away = {term: edits(term.decode(), leaf.text) for term in counts}
        keys = {term: (-away[term], count, term) for term, count in counts.items() if away[term] <= leaf.distance}
    chosen = sorted(keys, key=keys.__getitem__, reverse=True)[:most]
    own = [] if isinstance(leaf, Fuzzy) or leaf.term is None or leaf.term in chosen else [leaf.term]
    return chosen + own


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(collection=editions(), leaves=st.lists(LEAVES, min_size=1, max_size=5), most=st.integers(1, 6))
def test_the_terms_and_their_places_are_those_of_the_articles_that_are_left(
    collection: list[list[Article]], leaves: list[Prefix | Fuzzy], most: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(updating, "due_merges", lambda sizes: ())
        engine = changed_at(Path(folder))
        for articles in collection:
            update(engine, articles)
        snapshot = engine._searchers.current().snapshot
        contents = {snapshot.find(each.id): terms_of(snapshot, each) for each in collection[-1]}
        for leaf in leaves:
            expansion = expand(leaf, lists_of(snapshot), most)
            assert list(expansion.terms) == best(leaf, list(contents.values()), most)
            assert postings_of(expansion) == postings_by_definition(expansion.terms, contents)
            assert_places(snapshot, expansion, contents)
        engine.close()


def postings_of(expansion: Expansion) -> Counter[tuple[int, int]]:
    """How often each field of each document has any of the terms."""
    documents, frequencies, ends, fields = expansion.postings()
    each = np.repeat(fields, np.diff(ends, prepend=0)).tolist()
    found: Counter[tuple[int, int]] = Counter()
    for field, document, frequency in zip(each, documents.tolist(), frequencies.tolist(), strict=True):
        found[field, document] += frequency
    return +found


def postings_by_definition(
    terms: Sequence[bytes], contents: dict[int | None, dict[str, dict[bytes, list[int]]]]
) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for document, fields in contents.items():
        assert document is not None
        for field, name in enumerate(FIELDS):
            found[field, document] = sum(len(fields[name].get(term, ())) for term in terms)
    return +found


def assert_places(
    snapshot: Snapshot, expansion: Expansion, contents: dict[int | None, dict[str, dict[bytes, list[int]]]]
) -> None:
    for document, fields in contents.items():
        assert document is not None
        _, local = snapshot.locate(document)
        for field, name in enumerate(FIELDS):
            places = [fields[name].get(term, []) for term in expansion.terms]
            for most in (1, 100):
                found = positions(expansion, field, document - local, local, most)
                assert sorted(found) == sorted(place for each in places for place in each[:most])


def positions(expansion: Expansion, field: int, base: int, document: int, most: int) -> list[int]:
    found: list[int] = []
    for part in expansion.parts:
        if (part.lists.field, part.lists.base) == (field, base):
            for place in part.lists.reader.require_sound(part.places).tolist():
                found += part.lists.reader.positions_in(TermEntry(*place), document, most).tolist()
    return found


def test_a_damaged_list_is_told(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path))
    engine.rebuild([Article("a", "tea", (Section("", "", "tea teas teapot"),))], lambda *_: None)
    snapshot = engine._searchers.current().snapshot
    expansion = expand(Prefix(b"tea", None, None), lists_of(snapshot), 9)
    for part in expansion.parts:
        part.places[:, 1] += 1
    with pytest.raises(OperationalError, match="rebuild the index"):
        expansion.postings()
    with pytest.raises(OperationalError, match="rebuild the index"):
        positions(expansion, 0, 0, 0, 9)
