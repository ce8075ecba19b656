"""All words of an index are read in the background, and readers have those of the index before meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from harbor_search.engines.opensearch.word_list import WordList, WordReading
from harbor_search.errors import OperationalError
from harbor_search.spelling import Lexicon


@pytest.fixture(name="reading")
def _reading() -> Iterator[WordReading]:
    reading = WordReading()
    yield reading
    reading.close()


class Source:
    """Words that are read when they are let; how often they were is counted."""

    def __init__(self, *words: str, let: bool = True) -> None:
        self.words, self.let, self.read = words, Event(), 0
        self.fault = ""
        if let:
            self.let.set()

    def __call__(self) -> Callable[[], list[str] | None]:
        left = [list(self.words)]

        def more() -> list[str] | None:
            if not left:
                return None
            self.read += 1
            assert self.let.wait(60)
            if self.fault:
                raise OperationalError(self.fault)
            return left.pop()

        return more


def knows(lexicon: Lexicon, word: str) -> bool:
    return word in lexicon


def until_read(words: WordList) -> None:
    words.prepare(60)


def test_who_is_first_waits_and_nobody_reads_again(reading: WordReading) -> None:
    source = Source("insomnia")
    words = WordList(source, reading)
    assert source.read == 0
    assert knows(words.lexicon(), "insomnia") and knows(words.lexicon(), "insomnia")
    assert source.read == 1


def test_the_words_of_the_index_before_are_known_until_those_of_this_one_are_read(reading: WordReading) -> None:
    first = WordList(Source("insomnia"), reading)
    first.lexicon()
    source = Source("hydration", let=False)
    second = WordList(source, reading, first)
    assert knows(second.lexicon(), "insomnia")
    source.let.set()
    until_read(second)
    assert knows(second.lexicon(), "hydration") and not knows(second.lexicon(), "insomnia")


def test_what_cannot_be_read_is_tried_again_and_stops_nobody_who_has_words(reading: WordReading) -> None:
    source = Source("hydration")
    source.fault = "no node answers"
    with pytest.raises(OperationalError, match="no node answers"):
        WordList(source, reading).lexicon()
    first = WordList(Source("insomnia"), reading)
    first.lexicon()
    second = WordList(source, reading, first)
    until_read(second)
    assert knows(second.lexicon(), "insomnia")
    source.fault = ""
    until_read(second)
    assert knows(second.lexicon(), "hydration")


def test_of_many_indices_in_a_row_one_is_read_at_a_time_and_those_that_are_no_more_live_are_left_out(
    reading: WordReading,
) -> None:
    first = WordList(Source("insomnia"), reading)
    first.lexicon()
    slow, passed, last = Source("slow", let=False), Source("passed"), Source("last")
    second = WordList(slow, reading, first)
    second.lexicon()
    third = WordList(passed, reading, second)
    third.lexicon()
    fourth = WordList(last, reading, third)
    assert knows(fourth.lexicon(), "insomnia")
    slow.let.set()
    until_read(second)
    until_read(fourth)
    assert knows(fourth.lexicon(), "last")
    assert (slow.read, passed.read, last.read) == (1, 0, 1)


def test_a_slow_reading_that_is_late_is_still_newer_than_what_was_known(reading: WordReading) -> None:
    first = WordList(Source("insomnia"), reading)
    first.lexicon()
    late = Source("late", let=False)
    second = WordList(late, reading, first)
    second.lexicon()
    late.let.set()
    until_read(second)
    third = WordList(Source("never", let=False), reading, second)
    assert knows(third.lexicon(), "late")
    third._read.let.set()  # type: ignore[attr-defined]


@contextmanager
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert not {thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("words")}


def test_closing_ends_what_is_being_read_and_leaves_no_thread() -> None:
    with no_thread_left():
        reading = WordReading()
        source = Source("insomnia", let=False)
        words = WordList(source, reading)
        words.prepare(0)
        closing = threading.Thread(target=reading.close)
        closing.start()
        while not reading._closed.is_set():
            pass
        source.let.set()
        closing.join(60)
        with pytest.raises(OperationalError, match="closed while its words were read"):
            words._own.result()  # type: ignore[union-attr]
