"""Compiled code is used again exactly as long as nothing that it was compiled from has changed."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from numba.core.dispatcher import Dispatcher

import harbor_search
from harbor_search.compiled import fingerprint as fingerprints

PROGRAM = {
    "constants": """
import numpy as np
from enum import IntEnum
SIZE = 8
MARK = np.uint64(5)
WEIGHTS = np.array([1.0, 2.0])
PAIR = (1, 2)
UNRELATED = 7
class Kind(IntEnum):
    FIRST = 1
""",
    "helpers": """
from harbor_search.compiled import inlined, part
from {package}.constants import SIZE
STEP = 3
@inlined
def smaller(number):
    return number - STEP
@part
def small(number):
    return smaller(number) - SIZE
@part
def unused(number):
    return number
""",
    "views": """
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from harbor_search.ranking.tables import View, view
at = view(View("numbers", 0, dict(first=types.int64)))
PLACE = 1
@intrinsic
def one(typing_context, number):
    def generate(context, builder, signature, arguments):
        return ir.Constant(ir.IntType(64), PLACE)
    return types.int64(types.int64), generate
""",
    "kernels": """
from harbor_search.compiled import kernel
from {package} import constants
from {package}.constants import MARK, PAIR, WEIGHTS, Kind
from {package}.helpers import small
from {package}.views import at, one
@kernel
def counts(number):
    '''What it does.'''
    return small(number) + 1
@kernel
def marks(number):
    return number ^ MARK
@kernel
def weighs(number):
    return WEIGHTS[number] + PAIR[1]
@kernel
def looks(address):
    return at(address).first + one(address)
@kernel
def sizes(number):
    return number * constants.SIZE + Kind.FIRST
""",
}

KERNELS = {"counts", "marks", "weighs", "looks", "sizes"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose packages can be imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    # Two editions within one second would be taken for one.
    monkeypatch.setattr(fingerprints, "_OURS", ("harbor_search", "program"))
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] == "program"]:
        del sys.modules[name]


def digests(folder: Path, module: str = "", old: str = "", new: str = "") -> dict[str, bytes]:
    """The fingerprints of the kernels of a program in which `old` was replaced in one of its modules."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "program"]:
        del sys.modules[name]
    package = folder / "program"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    for name, text in PROGRAM.items():
        text = text.replace("{package}", "program")
        assert name != module or old in text
        (package / f"{name}.py").write_text(text.replace(old, new) if name == module else text)
    importlib.invalidate_caches()
    fingerprints._source.cache_clear()
    kernels: ModuleType = importlib.import_module("program.kernels")
    return {name: fingerprints.fingerprint(getattr(kernels, name).py_func) for name in KERNELS}


@pytest.mark.parametrize(
    ("module", "old", "new", "renewed"),
    [
        ("kernels", "+ 1\n", "+ 2\n", {"counts"}),
        ("kernels", "small(number) + 1", "small( number )+1  # as it was", set()),
        ("kernels", "What it does.", "What else it does.", set()),
        ("kernels", "@kernel\ndef counts", "\n\n@kernel\ndef counts", set()),
        ("helpers", "- SIZE", "+ SIZE", {"counts"}),
        ("helpers", "number - STEP", "STEP - number", {"counts"}),
        ("helpers", "STEP = 3", "STEP = 4", {"counts"}),
        ("helpers", "@part\ndef small", "@inlined\ndef small", {"counts"}),
        ("helpers", "return number\n", "return number + 1\n", set()),
        ("constants", "SIZE = 8", "SIZE = 9", {"counts", "sizes"}),
        ("constants", "SIZE = 8", "SIZE = 8.0", {"counts", "sizes"}),
        ("constants", "uint64(5)", "uint32(5)", {"marks"}),
        ("constants", "[1.0, 2.0]", "[1.0, 2.5]", {"weighs"}),
        ("constants", "(1, 2)", "(1, 3)", {"weighs"}),
        ("constants", "FIRST = 1", "FIRST = 2", {"sizes"}),
        ("constants", "UNRELATED = 7", "UNRELATED = 8", set()),
        ("views", "types.int64))", "types.int32))", {"looks"}),
        ("views", '"numbers", 0', '"numbers", 1', {"looks"}),
        ("views", "PLACE = 1", "PLACE = 2", {"looks"}),
        ("views", "IntType(64)", "IntType(32)", {"looks"}),
    ],
)
def test_an_edit_renews_the_kernels_that_are_compiled_from_it(
    folder: Path, module: str, old: str, new: str, renewed: set[str]
) -> None:
    before, after = digests(folder), digests(folder, module, old, new)
    assert {name for name in KERNELS if before[name] != after[name]} == renewed


def test_a_value_of_an_unknown_kind_stands_for_the_whole_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "_everything", lambda: b"one edition")
    before = digests(folder, "constants", "SIZE = 8", "class Own: pass\nSIZE = Own()")
    fingerprints._one.cache_clear()
    monkeypatch.setattr(fingerprints, "_everything", lambda: b"another")
    after = {name: fingerprints.fingerprint(getattr(sys.modules["program.kernels"], name).py_func) for name in KERNELS}
    assert {name for name in KERNELS if before[name] != after[name]} == {"counts", "sizes"}


def test_every_kernel_is_known_by_what_it_is_compiled_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of ours needs the rule for unknown values, by which any edit would renew it."""
    for module in pkgutil.walk_packages(harbor_search.__path__, "harbor_search."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    monkeypatch.setattr(fingerprints, "_everything", lambda: pytest.fail("a value of an unknown kind"))
    fingerprints._one.cache_clear()
    every = {
        id(value): value
        for name, module in list(sys.modules.items())
        if name.startswith("harbor_search.")
        for value in list(vars(module).values())
        if isinstance(value, Dispatcher)
    }
    digests = [fingerprints.fingerprint(each.py_func) for each in every.values()]
    assert len(digests) > 200
    assert len(set(digests)) == len(digests)
