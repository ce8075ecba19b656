"""Numba's passes that rewrite a function before and after its types are inferred, without what they do beside that.

Each of numba's ends with an analysis of where each variable lives, for generators and for passes that kernels do not
need. In kernels that is needed once, and only where references are counted (see `lowering`).
"""

from __future__ import annotations

from typing import Any

from numba.core import typed_passes, untyped_passes
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.ir_utils import build_definitions
from numba.core.rewrites import static_binop, static_getitem, static_raise
from numba.core.ssa import reconstruct_ssa
from numba.core.transforms import canonicalize_cfg

__all__ = ["Constants", "PhisStripped", "SingleAssignments"]

_REWRITES = (
    static_binop.DetectStaticBinops,
    static_getitem.RewriteConstGetitems,
    static_getitem.RewriteConstSetitems,
    static_raise.RewriteConstRaises,
)
"""Those for constants; the others are for what is printed."""


@register_pass(mutates_CFG=True, analysis_only=False)
class Constants(FunctionPass):  # type: ignore[misc]
    """Gives each loop one way back, and each constant index, exponent and error a form of its own."""

    _name = "constants"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Rewrite the blocks of a function."""
        code = state.func_ir
        code.blocks = canonicalize_cfg(code.blocks)
        for each in _REWRITES:
            rewrite = each(state)
            waiting = list(code.blocks)
            while waiting:
                label = waiting[-1]
                if rewrite.match(code, code.blocks[label], None, None):
                    code.blocks[label] = rewrite.apply()
                else:
                    waiting.pop()
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class SingleAssignments(untyped_passes.ReconstructSSA):  # type: ignore[misc]
    """Gives each assignment of a variable a variable of its own."""

    _name = "single_assignments"

    def run_pass(self, state: Any) -> bool:
        """Rewrite the blocks of a function."""
        state.func_ir = reconstruct_ssa(state.func_ir)
        state.func_ir._definitions = build_definitions(state.func_ir.blocks)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class PhisStripped(typed_passes.PreLowerStripPhis):  # type: ignore[misc]
    """Assigns, where blocks meet, what was assigned in each to the variable that all have after that."""

    _name = "phis_stripped"

    def run_pass(self, state: Any) -> bool:
        """Rewrite the blocks of a function."""
        state.func_ir = self._strip_phi_nodes(state.func_ir)
        state.func_ir._definitions = build_definitions(state.func_ir.blocks)
        return True
