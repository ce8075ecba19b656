"""Numba, imported without PyYAML.

Where that is installed, numba imports it for a settings file in the current folder. That would cost a tenth of the time
of a search in the terminal, and let whoever may write there set the compiler. Variables (NUMBA_...) still count.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import cast

__all__: list[str] = []

_modules = cast("dict[str, ModuleType | None]", sys.modules)

if "yaml" not in _modules:
    _modules["yaml"] = None
    import_module("numba")
    del _modules["yaml"]
