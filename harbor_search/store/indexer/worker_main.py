"""The second process of a rebuild: it analyses texts and writes their part of the segment.

Requests come pickled on standard input: a `TextWriter`, then `Batch`es, then None. Replies go pickled to standard
output, each a pair (what, value): ("ready", None) at once, and in the end ("done", the postings file) or, instead of
that, ("failed", the error). Work is done in a thread, while the main thread waits for requests: where these end before
the last reply was asked for, the parent is gone, by whatever signal, and so is this process at once.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from harbor_search.analysis import get_analyzer
from harbor_search.compiled import keep_code_in
from harbor_search.store.indexer.text_writer import TextWriter, warm_up
from harbor_search.store.indexer.texts import Texts
from harbor_search.store.indexer.worker_thread import Background

__all__ = ["Batch", "serve"]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of texts, and the bytes that the values of all documents take by now in the parent."""

    texts: Texts
    values: int


class _Replies:
    """The pipe to the parent."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def send(self, what: str, value: object = None) -> None:
        """Tell the parent, if it is still there."""
        try:
            self._stream.write(pickle.dumps((what, value)))
            self._stream.flush()
        except OSError:
            os._exit(1)

    def fail(self, error: BaseException) -> None:
        """Tell what went wrong and end: nothing that this process has begun is of use any more."""
        try:
            self.send("failed", error)
        except Exception:  # not every error can be pickled
            self.send("failed", RuntimeError(f"{type(error).__name__}: {error}"))
        os._exit(1)


def serve(code_folder: str, analyzer: str) -> None:
    """Do what the parent asks; `code_folder` is where it keeps compiled code ("" for the usual places)."""
    replies = _Replies(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # what libraries print must not mix with replies
    keep_code_in(code_folder)
    _guarded(replies, warm_up, get_analyzer(analyzer))
    replies.send("ready")
    work = Background("texts")
    try:
        writer: TextWriter = pickle.load(sys.stdin.buffer)
        while (batch := pickle.load(sys.stdin.buffer)) is not None:
            work.run(_guarded, replies, writer.add, batch.texts, batch.values)
        work.run(_guarded, replies, _finish, writer, replies)
        sys.stdin.buffer.read(1)
    except (EOFError, pickle.UnpicklingError):
        pass
    except BaseException as error:
        replies.fail(error)
    os._exit(0)


def _guarded(replies: _Replies, call: Callable[..., object], *arguments: Any) -> None:
    try:
        call(*arguments)
    except BaseException as error:
        replies.fail(error)


def _finish(writer: TextWriter, replies: _Replies) -> None:
    encoding = Background("encoding")
    try:
        replies.send("done", writer.finish(encoding))
    finally:
        encoding.close()
