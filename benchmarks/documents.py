"""The texts to index, as one flat file that every peer reads in the same way.

A line is an id, a tab and the text, with tabs and line breaks of the text made spaces: reading it costs each engine the
same few nanoseconds a character, so that measuring the indexing measures neither JSON nor gzip.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.protocol import Text
from benchmarks.queries import Query, parse_query

__all__ = ["Corpus", "common_phrases", "keep", "one_line", "prepare", "read_flat", "read_json_lines"]

_BREAKS = str.maketrans("\t\n\r", "   ")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_COMMON_WORDS = 100  # in an encyclopedia's passages, each of these is in a tenth of them or more
_COMMON_SHARE = 0.05  # of the texts, at least: a small collection has fewer common words
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Corpus:
    """A flat file, how many documents and bytes it has, and a key that changes with its content."""

    path: Path
    documents: int
    bytes: int
    key: str


def prepare(source: Path, limit: int | None, work_dir: Path, *, grow: bool = False) -> Corpus:
    """The first `limit` documents of `source` (JSON Lines, gzipped or not) as a flat file below `work_dir`.

    With `grow`, documents past the end of `source` are made of its sentences, shuffled: words as frequent as they were,
    in texts of the same lengths, and with new words among them, as larger collections have.

    Raises:
        ValueError: a line of `source` is not a JSON object with a text.
        OSError: `source` cannot be read, or the flat file cannot be written.
    """
    name = hashlib.sha256(source.read_bytes()).hexdigest()[:12] + f"-{limit or 'all'}" + ("-grown" if grow else "")
    return keep(work_dir / "texts" / f"{name}.tsv", lambda: _texts(source, limit, grow))


def keep(path: Path, documents_of: Callable[[], Iterator[Text]]) -> Corpus:
    """The flat file at `path`, written with the documents that `documents_of` yields where it does not exist."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        with unfinished.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
            out.writelines("\t".join(each) + "\n" for each in documents_of())
        unfinished.replace(path)
    digest, documents = hashlib.sha256(), 0
    with path.open("rb") as lines:
        for line in lines:
            digest.update(line)
            documents += 1
    return Corpus(path, documents, path.stat().st_size, digest.hexdigest()[:12])


def read_flat(path: str | Path) -> Iterator[Text]:
    """The documents of a flat file, as tuples of their columns."""
    with open(path, "rb") as lines:
        for line in lines:
            yield tuple(line.rstrip(b"\n").decode().split("\t"))


def _texts(source: Path, limit: int | None, grow: bool) -> Iterator[Text]:
    first = (_text(identifier, values, source) for identifier, values in islice(read_json_lines(source), limit))
    if not (grow and limit is not None):
        yield from first
        return
    kept = list(first)
    yield from kept
    yield from islice(_reshuffled(kept), limit - len(kept))


def _reshuffled(texts: list[Text]) -> Iterator[Text]:
    sentences = [_SENTENCE_END.split(text) for _, text in texts]
    pool = [sentence for each in sentences for sentence in each]
    renewed = _rare_words(texts)
    places = [place for place, each in enumerate(pool) if not renewed.isdisjoint(_WORD.findall(each))]
    for copy in range(1, 1_000_000):
        shuffled = pool.copy()
        for place in places:
            shuffled[place] = _WORD.sub(partial(_renewed, renewed, _letters(copy)), pool[place])
        random.Random(copy).shuffle(shuffled)
        rest = iter(shuffled)
        for (identifier, _), own in zip(texts, sentences, strict=True):
            yield f"{identifier}.{copy}", " ".join(islice(rest, len(own)))


def _rare_words(texts: list[Text]) -> frozenset[str]:
    """Every second of the words that stand in one text alone.

    A vocabulary grows with the square root of a collection or a little faster (Heaps' law). In 100,000 passages of an
    encyclopedia half of the words stand in one alone; with half of these new in each copy, ten times the passages have
    3.3 times the words, as many as 100,000 have compared with 10,000.
    """
    frequencies = Counter(word for _, text in texts for word in set(_WORD.findall(text)))
    return frozenset(sorted(word for word, count in frequencies.items() if count == 1)[::2])


def _renewed(rare: frozenset[str], ending: str, word: re.Match[str]) -> str:
    return word[0] + ending if word[0] in rare else word[0]


def _letters(number: int) -> str:
    """A number in letters: what ends a word by it is a word still."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def read_json_lines(source: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, gzipped or not, each with an id: its own or the number of its line.

    Raises:
        ValueError: a line is not a JSON object.
    """
    compressed = source.suffix == ".gz"
    with gzip.open(source, "rt", encoding="utf-8") if compressed else source.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _object(line, number, source)


def _object(line: str, number: int, source: Path) -> tuple[str, dict[str, Any]]:
    try:
        values = json.loads(line)
        return one_line(str(values.get("id", number))), values
    except (ValueError, AttributeError) as error:
        raise ValueError(f'{source}, line {number}: expected {{"id": ..., "text": ...}} ({error})') from error


def one_line(text: str) -> str:
    """`text` with tabs and line breaks made spaces, so that it fits a column."""
    return text.translate(_BREAKS)


def _text(identifier: str, values: Mapping[str, Any], source: Path) -> Text:
    text = values.get("text")
    if text is None and "body" in values:
        text = f"{values.get('title', '')} {values['body']}"
    if not isinstance(text, str):
        raise ValueError(f'{source}: the document {identifier!r} has no "text"')
    return identifier, one_line(text)


def common_phrases(texts: Iterable[Text], most: int = 40) -> list[Query]:
    """Phrases of two and three words, each word among the hundred commonest of `texts`, that occur in them.

    They are taken evenly from the phrases in order of frequency, down to those that occur once in a thousand texts.
    """
    words = [_WORD.findall(text.lower()) for _, text in texts]
    frequencies = Counter(word for each in words for word in set(each)).most_common(_COMMON_WORDS)
    common = {word for word, texts_with in frequencies if texts_with >= _COMMON_SHARE * len(words)}
    chosen: list[Query] = []
    for size in (2, 3):
        grams: Counter[tuple[str, ...]] = Counter()
        for each in words:
            runs = zip(*(each[i:] for i in range(size)), strict=False)
            grams.update(gram for gram in runs if common.issuperset(gram))
        frequent = [gram for gram, n in grams.most_common() if n * 1000 >= len(words)]
        take = min(most // 2, len(frequent))
        spread = [frequent[i * len(frequent) // take] for i in range(take)]
        chosen += [parse_query(f'"{" ".join(gram)}"', "phrase_common") for gram in spread]
    return chosen
