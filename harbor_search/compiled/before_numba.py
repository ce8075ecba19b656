"""Numba, imported without PyYAML.

Where that is installed, numba imports it for a settings file in the current folder, which would cost a tenth of the time
that a search in the terminal takes, and let whoever may write there set the compiler. Variables (NUMBA_...) still count.
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
