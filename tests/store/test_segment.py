"""Segments: what articles become on disk, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbor_search.analysis import get_analyzer, tokenize
from harbor_search.article import Article, Section
from harbor_search.errors import OperationalError
from harbor_search.store.format import KEYWORD_FIELDS, NO_DATE, NO_VIEWS, TEXT_FIELDS
from harbor_search.store.inversion.list_kernels import POSITION_GAP
from harbor_search.store.segment.article_record import display_of, pack_article, unpack_article
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.segment.writer import SegmentWriter
from tests.support.articles import COLLECTION, IRON, plain
from tests.support.places import places_of

_word = st.sampled_from("sleep Sleeping don’t it's café 東京 naïve B12 \u00ad a\u0301b".split(" "))
_texts = st.text(max_size=30) | st.lists(_word, max_size=12).map(" ".join)
_articles = st.builds(
    Article,
    id=st.text(min_size=1, max_size=12),
    title=_texts,
    body=st.lists(st.builds(Section, _texts, st.text(max_size=3), _texts), max_size=4).map(tuple),
    lead=_texts,
    section=st.lists(st.text(max_size=4), max_size=3).map(tuple),
    published=st.none() | st.dates(),
    views=st.none() | st.integers(0, 2**62),
    tags=st.lists(st.text(max_size=5), max_size=3).map(tuple),
)


def _told_apart(batches: list[list[Article]]) -> list[list[Article]]:
    """No two articles of a segment have one id."""
    numbers = count()
    return [[article._replace(id=f"{article.id}{next(numbers)}") for article in batch] for batch in batches]


_collections = st.lists(st.lists(_articles, max_size=4), max_size=3).map(_told_apart)
_property = settings(max_examples=60)


def _write(folder: Path, batches: Sequence[Sequence[Article]], analyzer: str = "english") -> SegmentReader:
    writer = SegmentWriter(folder, "segment", get_analyzer(analyzer))
    for batch in batches:
        writer.add(batch)
    writer.finish()
    return SegmentReader(folder, "segment")


def _texts_of(article: Article, field: str) -> list[str]:
    return {
        "title": [article.title],
        "lead": [article.lead],
        "headings": [section.heading for section in article.body],
        "body": [section.text for section in article.body],
        "names": ["\n".join(article.tags)],
    }[field]


def _occurrences(article: Article, field: str, analyzer: str) -> Iterator[tuple[str, int, int, int, int]]:
    """(term, position, text, start, end) of every word of a field."""
    position = 0
    for number, text in enumerate(_texts_of(article, field)):
        position += POSITION_GAP if position else 0
        for token in get_analyzer(analyzer).analyze(text):
            yield token.text, position, number, token.start, token.end
            position += 1


@given(_collections, st.sampled_from(["english", "simple"]))
@_property
def test_posting_lists_and_lengths_are_those_of_the_articles_words(batches: list[list[Article]], analyzer: str) -> None:
    articles = [article for batch in batches for article in batch]
    with TemporaryDirectory() as folder:
        segment = _write(Path(folder), batches, analyzer)
        assert segment.count == len(articles)
        for field in TEXT_FIELDS:
            expected: dict[bytes, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
            for number, article in enumerate(articles):
                for term, position, *_ in _occurrences(article, field, analyzer):
                    expected[term.encode()][number].append(position)
            assert _lists(segment, field) == sorted((term, dict(found)) for term, found in expected.items())
            lengths = [sum(1 for _ in _occurrences(article, field, analyzer)) for article in articles]
            assert segment.lengths(field).tolist() == lengths


def _lists(segment: SegmentReader, field: str) -> list[tuple[bytes, dict[int, list[int]]]]:
    """(term, positions by document) of all terms of a field, in its order."""
    reader, found = segment.fields[field], []
    for term, entry in reader.dictionary.starting_at(b""):
        documents, frequencies = reader.postings(entry)
        positions = reader.positions(entry, frequencies)
        ends = [0, *np.cumsum(frequencies).tolist()]
        found.append(
            (term, {d: positions[a:b].tolist() for d, (a, b) in zip(documents.tolist(), pairwise(ends), strict=True)})
        )
        for document, expected in found[-1][1].items():
            assert reader.positions_in(entry, document, 999).tolist() == expected
    return found


@given(_collections)
@_property
def test_places_give_the_characters_of_each_word(batches: list[list[Article]]) -> None:
    articles = [article for batch in batches for article in batch]
    with TemporaryDirectory() as folder:
        segment = _write(Path(folder), batches)
        for number, article in enumerate(articles):
            for field in ("title", "headings", "body"):
                expected = list(_occurrences(article, field, "english"))
                positions = np.array([position for _, position, *_ in expected], np.int32)
                assert places_of(segment, number, field, positions) == [each[2:] for each in expected]


def test_spans_cover_the_characters_of_the_original_text(tmp_path: Path) -> None:
    texts = ("«Cafe\u0301» isn’t tea.", "ﬁn\u00adal 東京")
    article = Article("a", "", tuple(Section("", "", text) for text in texts))
    segment = _write(tmp_path, [[article]])
    positions = np.array([0, 1, 2, 3 + POSITION_GAP, 4 + POSITION_GAP, 5 + POSITION_GAP], np.int32)
    words = [texts[text][start:end] for text, start, end in places_of(segment, 0, "body", positions)]
    assert words == ["Cafe\u0301", "isn’t", "tea", "ﬁn\u00adal", "東", "京"]


@given(_collections)
@_property
def test_articles_and_their_values_are_read_back(batches: list[list[Article]]) -> None:
    articles = [article for batch in batches for article in batch]
    with TemporaryDirectory() as folder:
        segment = _write(Path(folder), batches)
        assert [segment.article(number) for number in range(segment.count)] == articles
        assert segment.ids() == [article.id.encode() for article in articles]
        days = [article.published.toordinal() if article.published else NO_DATE for article in articles]
        assert segment.columns["published"].tolist() == days
        views = [NO_VIEWS if article.views is None else article.views for article in articles]
        assert segment.columns["views"].tolist() == views
        assert [segment.sections[code] for code in segment.columns["section"]] == [a.section for a in articles]


@given(st.lists(_articles, max_size=9, unique_by=lambda article: article.id), st.text(max_size=4))
@_property
def test_an_article_is_found_by_its_id_and_no_other_is(articles: list[Article], other: str) -> None:
    with TemporaryDirectory() as folder:
        segment = _write(Path(folder), [articles])
        for number, article in enumerate(articles):
            assert segment.find(article.id.encode()) == number
            assert segment.article_id(number) == article.id.encode()
        if other not in {article.id for article in articles}:
            assert segment.find(other.encode()) is None


def test_content_hashes_are_equal_just_for_equal_articles(tmp_path: Path) -> None:
    longer = IRON._replace(tags=(*IRON.tags, "more"))
    hashes = []
    for number, article in enumerate([IRON, plain("a"), longer, IRON]):
        folder = tmp_path / str(number)
        folder.mkdir()
        hashes.append(_write(folder, [[article]]).content_hash(0))
    assert hashes[0] == hashes[3]
    assert len(set(hashes)) == 3


def test_two_articles_with_one_id_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two articles have the id 'food/iron'"):
        _write(tmp_path, [[IRON, plain("a")], [IRON]])


def _documents(segment: SegmentReader, field: str, term: str) -> list[int]:
    entry = segment.fields[field].dictionary.find(term.encode())
    return [] if entry is None else segment.fields[field].postings(entry)[0].tolist()


def test_keywords_are_indexed_verbatim_and_sections_at_each_level(tmp_path: Path) -> None:
    two = plain("b/2", section=("Health", "Sleep"), tags=("Sleep Aid", "a, b", "Sleep Aid"))
    segment = _write(tmp_path, [[IRON, two, plain("none")]])
    assert _documents(segment, "section", "Health") == [0, 1]
    assert _documents(segment, "section", "Health > Sleep") == [1]
    assert _documents(segment, "section", "Sleep") == []
    assert _documents(segment, "tags", "Sleep Aid") == _documents(segment, "tags", "a, b") == [1]
    assert _documents(segment, "id", "b/2") == [1]
    assert sum(len(segment.fields[field].dictionary) for field in ("published", "views")) == 2


def test_long_keywords_are_truncated_at_a_character_and_indexed_once(tmp_path: Path) -> None:
    long = "é" * 3000
    article = plain("long", section=(long, long, "x"), tags=(long + "a", long + "b"))
    segment = _write(tmp_path, [[plain("none"), article]])
    for field in ("section", "tags"):
        ((term, entry),) = list(segment.fields[field].dictionary.starting_at(b""))
        assert term.decode() == "é" * 2048
        assert segment.fields[field].postings(entry)[0].tolist() == [1]
    assert segment.article(1) == article


def test_the_longest_id_that_is_accepted_is_a_whole_term(tmp_path: Path) -> None:
    ids = ["\U0001f600" * 1023 + last for last in "ab"]
    segment = _write(tmp_path, [[plain(each) for each in ids]])
    assert [_documents(segment, "id", each) for each in ids] == [[0], [1]]


def test_lists_of_many_blocks_are_read_back_across_batches(tmp_path: Path) -> None:
    articles = [plain(f"{n:04}", text="common " * (n % 7) + ("rare " if n % 100 == 0 else "")) for n in range(700)]
    segment = _write(tmp_path, [articles[:1], articles[1:350], articles[350:]])
    assert _documents(segment, "body", "rare") == [0, 100, 200, 300, 400, 500, 600]
    entry = segment.fields["body"].dictionary.find(b"common")
    assert entry is not None
    documents, frequencies = segment.fields["body"].postings(entry, base=10_000)
    assert documents.tolist() == [10_000 + n for n in range(700) if n % 7]
    assert frequencies.tolist() == [n % 7 for n in range(700) if n % 7]
    assert segment.article(699) == articles[699]


def test_a_segment_of_no_articles_is_empty_and_readable(tmp_path: Path) -> None:
    segment = _write(tmp_path, [])
    assert segment.count == 0
    assert segment.ids() == []
    assert segment.find(b"a") is None
    assert all(len(segment.fields[field].dictionary) == 0 for field in (*TEXT_FIELDS, *KEYWORD_FIELDS))


def test_an_article_with_only_an_id_is_indexed(tmp_path: Path) -> None:
    segment = _write(tmp_path, [[Article("bare", "")]])
    assert segment.article(0) == Article("bare", "")
    assert segment.lengths("body").tolist() == [0]


def test_lone_surrogates_in_a_word_do_not_reach_the_index() -> None:
    assert [token.text for token in tokenize("a\ud800b \udc00")] == ["a", "b"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("segment")
    _write(folder, [COLLECTION])
    return folder


_files = st.sampled_from(["segment.postings", "segment.documents", "segment.spans"])


def _read_all(segment: SegmentReader) -> None:
    for number in range(segment.count):
        segment.article(number)
        places_of(segment, number, "title", np.empty(0, np.int32))
    for field in (*TEXT_FIELDS, *KEYWORD_FIELDS):
        reader = segment.fields[field]
        for _, entry in reader.dictionary.starting_at(b""):
            documents, frequencies = reader.postings(entry)
            assert documents.size == 0 or (documents.min() >= 0 and documents.max() < segment.count)
            if reader.positional:
                reader.positions(entry, frequencies)
                reader.positions_in(entry, int(documents[0]), 8)


@given(_files, st.data())
@_property
def test_a_file_cut_short_is_an_operational_error(written: Path, name: str, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        for path in written.iterdir():
            content = path.read_bytes()
            size = data.draw(st.integers(0, len(content) - 1)) if path.name == name else len(content)
            (Path(folder) / path.name).write_bytes(content[:size])
        with pytest.raises(OperationalError, match=f"{name}.*rebuild"):
            _read_all(SegmentReader(Path(folder), "segment"))


def test_damage_anywhere_in_the_columns_is_no_crash_when_articles_are_read(written: Path) -> None:
    """All over the file, as random places rarely meet the few bytes that say which section an article is in."""
    content = (written / "segment.postings").read_bytes()
    with TemporaryDirectory() as folder:
        for path in written.iterdir():
            (Path(folder) / path.name).write_bytes(path.read_bytes())
        for place in range(0, len(content), 7):
            changed = bytearray(content)
            changed[place] ^= 0xFF
            (Path(folder) / "segment.postings").write_bytes(changed)
            try:
                segment = SegmentReader(Path(folder), "segment")
                for number in range(segment.count):
                    segment.article(number)
            except OperationalError as error:
                assert "rebuild" in str(error)


@given(_files, st.data())
@settings(_property, max_examples=300)
def test_damage_gives_other_values_or_an_operational_error_and_never_a_crash(
    written: Path, name: str, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        for path in written.iterdir():
            content = bytearray(path.read_bytes())
            if path.name == name:
                for _ in range(data.draw(st.integers(1, 3))):
                    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
            (Path(folder) / path.name).write_bytes(content)
        try:
            _read_all(SegmentReader(Path(folder), "segment"))
        except OperationalError as error:
            assert "rebuild" in str(error)


def test_a_missing_file_is_an_operational_error_that_names_it(tmp_path: Path) -> None:
    _write(tmp_path, [COLLECTION[:3]])
    (tmp_path / "segment.spans").unlink()
    with pytest.raises(OperationalError, match=r"segment\.spans"):
        SegmentReader(tmp_path, "segment")


def test_dates_of_all_years_are_days_in_a_column(tmp_path: Path) -> None:
    days = [date.min, date(1969, 12, 31), date.max]
    segment = _write(tmp_path, [[plain(str(day), published=day) for day in days]])
    assert [date.fromordinal(number) for number in segment.columns["published"].tolist()] == days


def test_a_time_of_publication_is_reduced_to_its_day() -> None:
    timed = IRON._replace(published=datetime(2026, 3, 4, 5, 6))
    assert unpack_article(pack_article(timed), display_of(timed)).published == date(2026, 3, 4)


@pytest.mark.parametrize("record", [b"7", b"\x00\x00\x00\x00", b"\xff" * 40, pack_article(IRON)[:30]])
def test_a_damaged_record_is_a_value_error(record: bytes) -> None:
    with pytest.raises(ValueError, match="not an article|unexpected|utf-8|input"):
        unpack_article(record, display_of(IRON))
