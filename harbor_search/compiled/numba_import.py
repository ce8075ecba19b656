"""Numba, imported without PyYAML and SciPy.

Where PyYAML is installed, numba imports it for a settings file in the current folder. That would cost a tenth of the
time of a search in the terminal, and let whoever may write there set the compiler. Variables (NUMBA_...) still count.
Where SciPy is, numba imports it to look at its version; kernels have no linear algebra, for which numba needs it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import cast

from harbor_search.errors import OperationalError

__all__: list[str] = []

_modules = cast("dict[str, ModuleType | None]", sys.modules)

_absent = [name for name in ("yaml", "scipy") if name not in _modules]
_modules.update(dict.fromkeys(_absent))
try:
    import_module("numba")
except Exception as error:
    # A library that is missing, or of another version than this one: numba raises whatever that leads to.
    raise OperationalError(
        f"kernels cannot be compiled here: {error}; reinstall the compiler: "
        f"`{sys.executable} -m pip install --force-reinstall numba llvmlite`"
    ) from error
finally:
    for name in _absent:
        del _modules[name]
