"""Reading lines with their numbers, for error messages."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from harbor_search.errors import UserError

__all__ = ["fault_in", "lines_of"]


def lines_of(file: Path) -> Iterator[tuple[int, str]]:
    """The non-blank lines of a file, plain or compressed, with their numbers from 1.

    Raises:
        UserError: the file cannot be read, is damaged, or is not UTF-8.
    """
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield number, text
    except UnicodeDecodeError:
        raise fault_in(file, number, "the line is not valid UTF-8; convert the file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"the compressed file {file} is damaged: {error}") from error
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror or error}") from error


def fault_in(file: Path, number: int, reason: str) -> UserError:
    """An error about a line of a file."""
    return UserError(f"{file}, line {number}: {reason}")
