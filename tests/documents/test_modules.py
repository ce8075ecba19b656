"""What no tool checks for us: names that a module binds twice, and circles of imports, hidden ones included."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("harbor_search", "benchmarks", "tests") for path in (ROOT / folder).rglob("*.py"))


def bound(module: ast.Module) -> Iterator[str]:
    """The names that the statements of a module bind, one by one; `if` and `try` may choose between two bindings."""
    for statement in module.body:
        match statement:
            case ast.FunctionDef(name=name, decorator_list=[ast.Name("overload"), *_]):
                continue
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names) | ast.ImportFrom(names=names):
                yield from dict.fromkeys((each.asname or each.name).split(".")[0] for each in names)
            case ast.Assign(targets):
                for target in targets:
                    stored = (each for each in ast.walk(target) if isinstance(each, ast.Name))
                    yield from (each.id for each in stored if isinstance(each.ctx, ast.Store))
            case ast.AnnAssign(target=ast.Name(name), value=ast.expr()):
                yield name


def bound_twice(text: str) -> list[str]:
    """The names that a module's text binds more than once; `import a.b` and `import a.c` both bind `a` to the same."""
    module = ast.parse(text)
    dotted = {each.name.split(".")[0] for s in module.body if isinstance(s, ast.Import) for each in s.names}
    return [name for name, times in Counter(bound(module)).items() if times > 1 and name not in dotted | {"_"}]


def test_no_module_binds_a_name_twice() -> None:
    """The second binding silently takes the place of the first."""
    found = {str(path.relative_to(ROOT)): twice for path in FILES if (twice := bound_twice(path.read_text()))}
    assert not found


@pytest.mark.parametrize(
    "again", ["A = 2", "A: int = 2", "from b import A", "def A(): ...", "class A: ...", "B, A = 1, 2"]
)
def test_every_kind_of_second_binding_is_seen(again: str) -> None:
    assert bound_twice(f"A = 1\n{again}") == ["A"]


def test_no_modules_import_each_other_not_even_inside_functions() -> None:
    imports = {name: set(imported(path)) for path in FILES if (name := module_name(path)).startswith("harbor_search")}
    left = {name: each & imports.keys() - {name} for name, each in imports.items()}
    while free := [name for name, needed in left.items() if not needed]:
        left = {name: needed.difference(free) for name, needed in left.items() if name not in free}
    # What is left is in a circle or needs one.
    assert not left


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """The modules that a file names in imports, anywhere in it."""
    known = {module_name(each) for each in FILES}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [f"{node.module}.{each.name}" for each in node.names]
            yield from (each if each in known else node.module for each in modules)
