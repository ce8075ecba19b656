"""Reading judged queries, and what is said about files that are none."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from harbor_search.errors import UserError
from harbor_search.evaluation import read_qrels, read_queries
from harbor_search.evaluation.judgements import check_judgements

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("HARBOR_SHARED", ROOT.parent / "shared"))


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_queries_come_from_a_table_in_its_order(tmp_path: Path) -> None:
    file = written(tmp_path, "queries.tsv", "query-id\tquery\nq2\tback pain\n\nq1\tcan't sleep\n")
    assert list(read_queries(file).items()) == [("q2", "back pain"), ("q1", "can't sleep")]


def test_tables_from_windows_editors_read_the_same(tmp_path: Path) -> None:
    file = written(tmp_path, "queries.tsv", b"\xef\xbb\xbfquery-id\tquery\r\nq1\tback pain\r\n")
    assert read_queries(file) == {"q1": "back pain"}


def test_queries_come_from_json_lines_too(tmp_path: Path) -> None:
    file = written(tmp_path, "queries.jsonl", '{"_id": "1", "text": "café", "metadata": {}}\n{"_id": "2", "text": "b"}')
    assert read_queries(file) == {"1": "café", "2": "b"}


def test_compressed_files_read_the_same(tmp_path: Path) -> None:
    queries = written(tmp_path, "queries.jsonl.gz", gzip.compress(b'{"_id": "1", "text": "a"}\n'))
    qrels = written(tmp_path, "test.tsv.gz", gzip.compress(b"query-id\tcorpus-id\tscore\n1\td1\t2\n"))
    assert read_queries(queries) == {"1": "a"}
    assert read_qrels(qrels) == {"1": {"d1": 2}}


def test_judgements_come_from_our_table_and_from_that_of_beir(tmp_path: Path) -> None:
    ours = written(tmp_path, "ours.tsv", "query-id\tarticle-id\tgrade\nq1\ta/b\t3\nq1\tc\t0\nq2\ta/b\t1\n")
    beir = written(tmp_path, "beir.tsv", "query-id\tcorpus-id\tscore\nq1\ta/b\t3\nq1\tc\t0\nq2\ta/b\t1\n")
    assert read_qrels(ours) == read_qrels(beir) == {"q1": {"a/b": 3, "c": 0}, "q2": {"a/b": 1}}


def test_the_same_judgement_twice_is_one(tmp_path: Path) -> None:
    file = written(tmp_path, "q.tsv", "query-id\tarticle-id\tgrade\nq1\ta\t3\nq1\ta\t3\n")
    assert read_qrels(file) == {"q1": {"a": 3}}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("query-id\tarticle-id\tgrade\nq1\ta\tgood\n", "line 2: the grade must be a whole number, not 'good'"),
        ("query-id\tarticle-id\tgrade\nq1\ta\n", "line 2: expected 3 columns with tabs between"),
        ("q1\ta\t3\n", "line 1: expected the header query-id<TAB>article-id<TAB>grade"),
        ("q1 0 a\n", "line 1: expected 3 columns"),
        ("q1 0 a 3\nq1 0 b\n", "line 2: expected 4 columns: query-id, iteration, article-id, grade"),
        ("query-id\tarticle-id\tgrade\nq1\ta\t3\nq1\ta\t2\n", "line 3: 'a' has the grade 3 for 'q1' further up"),
        ("query-id\tarticle-id\tgrade\n", "holds no judgements"),
        (b"query-id\tarticle-id\tgrade\nq\xff\ta\t1\n", "line 2: the line is not valid UTF-8"),
        ("", "holds no judgements"),
    ],
)
def test_a_bad_table_of_judgements_is_named_with_line_and_cure(
    tmp_path: Path, content: str | bytes, fault: str
) -> None:
    file = written(tmp_path, "qrels.tsv", content)
    with pytest.raises(UserError) as error:
        read_qrels(file)
    assert str(file) in str(error.value)
    assert fault in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("q.tsv", "query-id\tquery\nq1\ta\nq1\tb\n", "line 3: the query id 'q1' was there before"),
        ("q.tsv", "query-id\tquery\nq1\t \n", "line 2: expected 2 columns"),
        ("q.tsv", "query-id\tquery\n", "holds no queries"),
        ("q.jsonl", "{not json}\n", "line 1: the line is not valid JSON"),
        ("q.jsonl", '{"_id": 1, "text": "a"}\n', "line 1: expected an object with the texts _id and text"),
        ("q.jsonl", "[]\n", "line 1: expected an object"),
        ("q.jsonl.gz", b"no gzip", "damaged"),
    ],
)
def test_a_bad_file_of_queries_is_named_with_line_and_cure(
    tmp_path: Path, name: str, content: str | bytes, fault: str
) -> None:
    with pytest.raises(UserError, match=fault):
        read_queries(written(tmp_path, name, content))


def test_a_file_that_is_not_there_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.tsv: No such file"):
        read_queries(tmp_path / "none.tsv")


def test_judgements_of_queries_that_are_not_there_are_refused() -> None:
    with pytest.raises(UserError, match="1 queries that the queries file does not have: q9"):
        check_judgements({"q1": "a"}, {"q1": {"a": 1}, "q9": {"a": 1}})


def test_queries_without_a_relevant_article_are_told_apart() -> None:
    queries = {"q1": "a", "q2": "b", "q3": "c"}
    assert check_judgements(queries, {"q1": {"a": 1}, "q2": {"a": 0}}) == ("q2", "q3")


def test_judgements_without_any_relevant_article_measure_nothing() -> None:
    with pytest.raises(UserError, match="no query has a relevant article"):
        check_judgements({"q1": "a"}, {"q1": {"a": 0}})


def test_the_sample_corpus_has_judgements_of_its_own_articles_only() -> None:
    queries, qrels = read_queries(ROOT / "corpus/queries.tsv"), read_qrels(ROOT / "corpus/qrels.tsv")
    assert len(queries) >= 80
    assert check_judgements(queries, qrels) == ()
    articles = {file.relative_to(ROOT / "corpus").with_suffix("").as_posix() for file in ROOT.glob("corpus/*/*.txt")}
    judged = {article for grades in qrels.values() for article in grades}
    assert judged <= articles
    assert {grade for grades in qrels.values() for grade in grades.values()} == {1, 2, 3}


@pytest.mark.parametrize(("name", "queries"), [("med", 30), ("cisi", 112), ("npl", 93)])
def test_public_test_collections_read_as_they_are(name: str, queries: int) -> None:
    folder = SHARED / "data" / "eval" / name
    if not folder.is_dir():
        pytest.skip(f"no test collection in {folder}")
    read = read_queries(folder / "queries.jsonl")
    assert len(read) == queries
    check_judgements(read, read_qrels(folder / "qrels" / "test.tsv"))
