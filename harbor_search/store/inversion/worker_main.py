"""Main program of the second process of a rebuild, which analyses texts and writes their part of the segment.

Requests are pickled to standard input: a `TextWriter`, then `Batch`es, then None. Replies are pickled to standard
output as pairs (kind, value): ("ready", None) at first, and ("done", the postings file) at the end, or ("failed", the
error) instead. A thread does the work while the main thread waits for requests: if these end early, the parent was
killed, and this process exits at once.
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
from harbor_search.store.inversion.text_writer import TextWriter, warm_up
from harbor_search.store.inversion.texts import Texts
from harbor_search.store.inversion.worker_thread import BackgroundThread

__all__ = ["Batch", "serve"]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of texts, and the size in bytes of all doc values in the parent so far."""

    texts: Texts
    values: int


class _Replies:
    """The pipe to the parent."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def send(self, kind: str, value: object = None) -> None:
        """Send a reply; exit if the parent is gone."""
        try:
            self._stream.write(pickle.dumps((kind, value)))
            self._stream.flush()
        except OSError:
            os._exit(1)

    def fail(self, error: BaseException) -> None:
        """Report an error and exit."""
        try:
            self.send("failed", error)
        except Exception:  # some errors cannot be pickled
            self.send("failed", RuntimeError(f"{type(error).__name__}: {error}"))
        os._exit(1)


def serve(code_folder: str, analyzer: str) -> None:
    """Serve the parent's requests; `code_folder` is where it caches compiled kernels ("" for the default)."""
    replies = _Replies(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # keep what libraries print out of the replies
    keep_code_in(code_folder)
    _guarded(replies, warm_up, get_analyzer(analyzer))
    replies.send("ready")
    work = BackgroundThread("texts")
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
    encoding = BackgroundThread("encoding")
    try:
        replies.send("done", writer.finish(encoding))
    finally:
        encoding.close()
