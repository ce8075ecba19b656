"""Compiled code on disk: a file for each kernel and signature, found by name alone.

The name has digests of everything the code depends on: the signature, processor and Python first, then what the
compiler reads (see `fingerprint`). So processes of any versions and machines may share a folder; what is outdated is
not found; and because a file appears whole, by renaming, processes that start at once need no lock. In the file stands
the digest of its content before the content: what a crash of the machine tore is compiled again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

from harbor_search.compiled.fingerprint import fingerprint
from harbor_search.compiled.folders import can_keep, folders, make_folder
from harbor_search.compiled.linking import formats_errors, packed, prepare_loading

if TYPE_CHECKING:
    from harbor_search.compiled.compiling_process import Maker

__all__ = ["KernelCache"]

_log = logging.getLogger(__name__)

_DIGEST_BYTES = 16


class KernelCache:
    """What numba asks where a kernel meets a signature for the first time, in the place of its own cache.

    That one reads an index beside each file, is confused by a torn one, and loads all that compiling needs, a quarter
    of a second, before it looks.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._name = f"{function.__module__.removeprefix('harbor_search.')}.{function.__qualname__}"
        self.cache_path = ""
        self.maker: Maker | None = None
        """A process that was asked to compile the kernel (see `beside`)."""
        self._job = ""

    def made_by(self, maker: Maker, job: str) -> None:
        """`maker` compiles the kernel, and calls that `job`."""
        self.maker, self._job = maker, job

    def has(self, signature: Any) -> bool:
        """Whether a folder has the kernel for this signature."""
        name = self._file_name(signature, cpu_target.target_context.codegen())
        return _find(name) is not None

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The compiled kernel, None where no folder has it."""
        name = self._file_name(signature, target.codegen())
        content = _find(name)
        if content is None:
            _tell_once()
        if self.maker:
            self._wait_for(self.maker)
            content = content or _find(name)
        if content is None:
            return None
        prepare_loading(target)
        return CompileResult._rebuild(target, *pickle.loads(content))

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep a compiled kernel in the first folder that can be written, if any can."""
        name = self._file_name(signature, result.codegen)
        # Nobody reads what types its variables have, and it would be a fifth of the file.
        _, *parts, environments = result._replace(type_annotation="")._reduce()
        # Code reads constants from its environments; those without any would only have modules of numba imported, and
        # are needed where values are put into the text of an error.
        if not formats_errors(result.library):
            environments = tuple(each for each in environments if each.consts)
        content = dumps((packed(result.library), *parts, environments))
        for folder in folders():
            with suppress(OSError):
                _write(folder / name, content)
                break

    def _wait_for(self, maker: Maker) -> None:
        code = maker.wait_for(self._job)
        self.maker = None
        if code:
            _log.warning("the process that compiled %s ended with %d; it is compiled here", self._name, code)

    def _file_name(self, signature: Any, codegen: Any) -> str:
        place = _digest(repr((signature, codegen.magic_tuple(), sys.implementation.cache_tag)).encode())
        return f"{self._name}.{place}.{self._fingerprint}.code"

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self._function).hex()[:16]


def _find(name: str) -> bytes | None:
    """The content of a file of code in the first folder that has it whole; None where none has."""
    return next((content for folder in folders() if (content := _read(folder / name)) is not None), None)


def _read(path: Path) -> bytes | None:
    """The content of a file of code; None where it is not there or not whole."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    content = stored[_DIGEST_BYTES:]
    return content if _sum(content) == stored[:_DIGEST_BYTES] else None


def _write(path: Path, content: bytes) -> None:
    """Put a file of code in its place, and remove those of older versions.

    Raises:
        OSError: the folder cannot be written.
    """
    make_folder(path.parent)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as stream:
        try:
            stream.write(_sum(content) + content)
            stream.close()
            # Others may run it, as they may run the program.
            os.chmod(stream.name, 0o644)
            os.replace(stream.name, path)
        except OSError:
            Path(stream.name).unlink(missing_ok=True)
            raise
    place = path.name.rsplit(".", 2)[0]
    for older in path.parent.glob(f"{place}.*.code"):
        if older != path:
            older.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _tell_once() -> None:
    """Say why this process takes seconds to begin, before its first kernel is compiled."""
    if can_keep():
        _log.warning("harbor_search compiles for this processor, the first time only; it takes a minute or two")
    else:
        _log.warning(
            "harbor_search compiles for this processor, which takes a minute or two each time: no folder can be "
            "written to keep the result in (looked at: %s); the setting kernel_cache names one",
            ", ".join(map(str, folders())) or "none that only you can write",
        )


def _digest(content: bytes) -> str:
    return _sum(content).hex()[:16]


def _sum(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()
