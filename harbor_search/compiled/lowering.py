"""How a kernel becomes intermediate code: as numba does it, without code for what nobody counts.

Numba counts references to the memory of arrays, and for that says of each variable where it is used last, empties it
there, and looks at what was in it before it is assigned: for numbers, too, and in functions that only read and write
arrays of others.
"""

from __future__ import annotations

import operator
from typing import Any

from numba.core import cgutils, ir, types
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.lowering import Lower
from numba.core.postproc import PostProcessor
from numba.core.typed_passes import NativeLowering

__all__ = ["CountedOnly", "ShortLowering"]

_BORROWING = frozenset(
    "build_tuple cast exhaust_iter getattr getiter iternext null pair_first pair_second static_getitem".split()
)
"""Expressions whose arrays are of memory that somebody else has."""


@register_pass(mutates_CFG=False, analysis_only=False)
class CountedOnly(AnalysisPass):  # type: ignore[misc]
    """Says where variables with arrays are used last, in functions that may own memory; in others nothing is counted.

    A function owns what it returns, and what it is returned by others. Its arguments belong to who calls it.
    """

    _name = "counted_only"

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Insert deletions, or turn off counting in the target's context."""
        if not _owns(state):
            state.targetctx = state.targetctx.subtarget(enable_nrt=False)
            return True
        PostProcessor(state.func_ir).run(emit_dels=True)
        for block in state.func_ir.blocks.values():
            block.body = [each for each in block.body if not isinstance(each, ir.Del) or _is_counted(state, each.value)]
        return True


def _owns(state: Any) -> bool:
    """Whether a function may own memory."""
    statements = [each for block in state.func_ir.blocks.values() for each in block.body]
    return is_counted(state.targetctx, state.return_type) or any(_may_own(state, each) for each in statements)


def _may_own(state: Any, statement: Any) -> bool:
    """Whether a statement computes what has memory of its own, or may do so on the way."""
    if isinstance(statement, ir.Assign):
        return _is_counted(state, statement.target.name) and not _borrows(state, statement.value)
    if isinstance(statement, ir.SetItem | ir.StaticSetItem):
        return not isinstance(state.typemap[statement.value.name], types.Number | types.Boolean)
    return not isinstance(statement, ir.Terminator)


def _borrows(state: Any, value: Any) -> bool:
    """Whether what a value is computed of keeps the memory of arrays in it."""
    if not isinstance(value, ir.Expr):
        return True
    if value.op == "getitem":
        return isinstance(state.typemap[value.index.name], types.Integer | types.SliceType)  # type: ignore[attr-defined]
    return value.op in _BORROWING


def _is_counted(state: Any, variable: str) -> bool:
    return is_counted(state.targetctx, state.typemap[variable])


def is_counted(context: Any, kind: Any) -> bool:
    """Whether a type has arrays in it, or other memory to which references are counted."""
    return bool(context.data_model_manager[kind].contains_nrt_meminfo())


class _Lower(Lower):  # type: ignore[misc]
    """Lowers a function that is no generator, without what is for debuggers."""

    def lower_block(self, block: Any) -> None:
        """Lower a block, without a context for errors at each of its instructions."""
        self.pre_block(block)
        for instruction in block.body:
            self.loc = instruction.loc
            self.lower_inst(instruction)
        self.post_block(block)

    def lower_inst(self, inst: Any) -> None:
        """Lower an instruction, without a text that says what it is."""
        if isinstance(inst, ir.Assign):
            kind = self.typeof(inst.target.name)
            argument = inst.value.index + 1 if isinstance(inst.value, ir.Arg) else None
            self.storevar(self.lower_assign(kind, inst), inst.target.name, argument)
        else:
            super().lower_inst(inst)

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Assign a variable; what was in it is looked at where references to that are counted."""
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
            return
        kind = self.typeof(name)
        self._alloca_var(name, kind)
        if argidx is None and self.context.enable_nrt and is_counted(self.context, kind):
            self.decref(kind, self.builder.load(self.varmap[name]))
        self.builder.store(value, self.varmap[name])

    def alloca_lltype(self, name: str, lltype: Any, datamodel: Any = None) -> Any:
        """A place for a variable, which nobody debugs."""
        return cgutils.alloca_once(self.builder, lltype, name=name)

    def lower_binop(self, resty: Any, expr: Any, op: Any) -> Any:
        """Lower an operation of two operands."""
        if expr.static_lhs is not ir.UNDEFINED or expr.static_rhs is not ir.UNDEFINED:
            return super().lower_binop(resty, expr, op)
        return self._operation(op, resty, self.fndesc.calltypes[expr], (expr.lhs, expr.rhs))

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        """Lower what reads an element or a part."""
        return self._operation(operator.getitem, resty, signature, (value, index))

    def _operation(self, operation: Any, kind: Any, signature: Any, operands: Any) -> Any:
        """What an operator makes of operands, as was found when types were inferred."""
        function = self.context.typing_context.resolve_value_type(operation)
        if signature.args not in function._impl_keys:
            signature = function.get_call_type(self.context.typing_context, signature.args, {})
        values = [
            self.context.cast(self.builder, self.loadvar(each.name), self.typeof(each.name), wanted)
            for each, wanted in zip(operands, signature.args, strict=True)
        ]
        made = self.context.get_function(function, signature)(self.builder, values)
        return self.context.cast(self.builder, made, signature.return_type, kind)


@register_pass(mutates_CFG=True, analysis_only=False)
class ShortLowering(NativeLowering):  # type: ignore[misc]
    """Lowers a function with `_Lower`."""

    _name = "short_lowering"

    @property
    def lowering_class(self) -> type:
        """What lowers, as numba asks for it."""
        return _Lower
