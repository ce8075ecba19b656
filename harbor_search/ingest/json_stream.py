"""The records of a JSON file, whatever its size, one at a time, by ijson."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from harbor_search.ingest.field_names import fold
from harbor_search.ingest.no_characters import escapes_mended
from harbor_search.ingest.outcome import Unreadable
from harbor_search.ingest.repeated_keys import merged
from harbor_search.ingest.stream_encoding import beginning_of, encoding_of

__all__ = ["MEMBERS", "TOP", "beginning", "list_with", "open_json", "records_in"]

TOP = "item"
"""Where the records of a file are that is one list, in the notation of ijson."""

MEMBERS = ("_source", "node", "attributes", "fields", "fieldData")
"""Names under which search engines, GraphQL and others keep a record within a record."""

_CHUNK = 1 << 16
_DEEPEST = 6
"""Names of objects on the way to a list of articles."""


class _Gathered(dict[str, Any]):
    """An object in the making, which keeps names that are given several times as `merged` does."""

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self:
            value = merged([(name, self[name]), (name, value)])[name]
        super().__setitem__(name, value)


class _Text:
    """A file as the UTF-8 that ijson reads; of one record at most `max_bytes` are let through, 0 meaning any number."""

    def __init__(self, stream: BufferedIOBase, encoding: str, max_bytes: int) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._max_bytes = max_bytes
        self._of_record = 0
        self._rest = ""

    def read(self, size: int) -> bytes:
        while True:
            data = self._stream.read(size)
            self._of_record += len(data)
            if self._max_bytes and self._of_record > self._max_bytes + _CHUNK:
                raise Unreadable(
                    f"the record is larger than {self._max_bytes} bytes, and what follows it was not read:"
                    " split it or raise max_source_bytes"
                )
            text = self._rest + self._decoder.decode(data, final=not data)
            text, self._rest = escapes_mended(text, is_end=not data)
            # An empty answer would be the end of the file.
            if text or not data:
                return text.encode()

    def begin_record(self) -> None:
        """What is read from here on belongs to the next record."""
        self._of_record = 0


def open_json(path: Path) -> BufferedIOBase:
    """The file, unpacked where its name says that it is compressed.

    Raises:
        OSError: it cannot be opened.
    """
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def beginning(path: Path, size: int) -> str:
    """The first `size` bytes as text."""
    with open_json(path) as stream:
        data = stream.read(size)
    return data.decode(encoding_of(data), "replace").lstrip()


def list_with(path: Path, titles: frozenset[str], texts: frozenset[str]) -> str:
    """Where in the file the first list is whose objects have both a name of `titles` and one of `texts`, folded.

    Lists within lists are not looked into. Without `titles` one of `texts` is enough. Empty where there is none.

    Raises:
        Unreadable: the file is no JSON.
    """
    import ijson

    seen: dict[str, set[str]] = {}
    with open_json(path) as stream:
        try:
            for prefix, event, value in ijson.parse(_text_of(path, stream)):
                if event == "start_map":
                    seen.pop(prefix, None)
                elif event == "map_key" and (place := _list_around(prefix)):
                    names = seen.setdefault(place, set())
                    names.add(fold(value))
                    if names & texts and (not titles or names & titles):
                        return place
        except ijson.JSONError as error:
            raise Unreadable(_fault(error)) from None
    return ""


def records_in(path: Path, place: str, max_bytes: int = 0) -> Iterator[Any]:
    """The values at `place`, as ijson names it (`data.articles.item`), each of at most about `max_bytes`.

    Raises:
        Unreadable: the file is no JSON from there on, or the next record is too large.
    """
    import ijson

    with open_json(path) as stream:
        text = _text_of(path, stream, max_bytes)
        try:
            for record in ijson.items(text, place, map_type=_Gathered, use_float=True, buf_size=_CHUNK):
                text.begin_record()
                yield record
        except ijson.JSONError as error:
            raise Unreadable(_fault(error)) from None


def _list_around(prefix: str) -> str:
    """The place of the records of which the object at `prefix` is one, or a part; empty where it is in no list."""
    *above, last = prefix.split(".")
    if last in MEMBERS and above:
        prefix, last = ".".join(above), above.pop()
    return prefix if last == TOP and TOP not in above and len(above) <= _DEEPEST else ""


def _text_of(path: Path, stream: BufferedIOBase, max_bytes: int = 0) -> _Text:
    with open_json(path) as again:
        encoding = encoding_of(beginning_of(again))
    return _Text(stream, encoding, max_bytes)


def _fault(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    first = (said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)).split("\n", 1)[0].strip()
    return f"from here on the file is no valid JSON: {first}"
