"""Elements, rows and parts of contiguous arrays in kernels, read in few instructions.

Numba's own say the same in a way that is ready for any layout: thirty lines of intermediate code for an element, which
its optimiser takes apart again. Most of the time of compiling was spent on writing and reading them. What is not an
index or a part of a contiguous array is left to numba.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.datamodel.models import ArrayModel
from numba.core.imputils import impl_ret_borrowed, impl_ret_untracked, lower_builtin
from numba.extending import lower_getattr, register_model
from numba.np import arrayobj

__all__ = ["address", "array_value", "is_pair", "is_plain", "part_at", "position", "position_in_row"]
__all__ += ["row_at", "size_of", "size_of_element"]

_NUMBER = ir.IntType(64)

_MEMINFO, _PARENT, _COUNT, _ITEM_SIZE, _DATA, _SHAPE, _STRIDES = range(7)
"""The places of what numba knows of an array."""


def array_value(context: Any, builder: Any, kind: Any, data: Any, shape: Sequence[Any], owner: Any = None) -> Any:
    """A contiguous array as numba has it, of one or two dimensions.

    Args:
        kind: its numba type, of numbers or truth values.
        data: a pointer to its first element.
        shape: how long it is in each dimension.
        owner: an array whose memory it shares; None where nobody counts references to it.
    """
    size = _NUMBER(size_of_element(kind.dtype))
    value = ir.Constant(context.get_value_type(kind), None)
    columns = shape[-1] if kind.ndim == 2 else None
    strides = [size] if columns is None else [builder.mul(columns, size), size]
    for place in () if owner is None else (_MEMINFO, _PARENT):
        value = builder.insert_value(value, builder.extract_value(owner, place), place)
    value = builder.insert_value(value, shape[0] if columns is None else builder.mul(shape[0], columns), _COUNT)
    value = builder.insert_value(value, size, _ITEM_SIZE)
    value = builder.insert_value(value, data, _DATA)
    for axis in range(kind.ndim):
        value = builder.insert_value(value, shape[axis], [_SHAPE, axis])
        value = builder.insert_value(value, strides[axis], [_STRIDES, axis])
    return value


def size_of_element(kind: Any) -> int:
    """How many bytes a number or truth value of a numba type takes in an array."""
    return 1 if isinstance(kind, types.Boolean) else kind.bitwidth // 8


def size_of(builder: Any, array: Any) -> Any:
    """How many elements an array has."""
    return builder.extract_value(array, _COUNT)


def address(builder: Any, array: Any, place: Any) -> Any:
    """A pointer to the element of a contiguous array that is so many from its first one."""
    return builder.gep(builder.extract_value(array, _DATA), [place])


@register_model(types.Array)
class _Array(ArrayModel):  # type: ignore[misc]
    """Numba's own model, but that references are counted to the array's memory without a look at its other members."""

    def traverse(self, builder: Any) -> list[Any]:
        """No members: all that is counted of an array is what `get_nrt_meminfo` returns."""
        return []

    def has_nrt_meminfo(self) -> bool:
        """An array has memory to which references are counted."""
        return True

    def get_nrt_meminfo(self, builder: Any, value: Any) -> Any:
        """The memory, null where an array is of memory that nobody counts references to."""
        return builder.extract_value(value, _MEMINFO)


@lower_getattr(types.Array, "size")  # type: ignore[untyped-decorator]
def _size(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return impl_ret_untracked(context, builder, kind, size_of(builder, value))


@lower_getattr(types.Array, "shape")  # type: ignore[untyped-decorator]
def _shape(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return impl_ret_untracked(context, builder, kind, builder.extract_value(value, _SHAPE))


@lower_builtin(operator.getitem, types.Array, types.Integer)  # type: ignore[untyped-decorator]
def _element_or_row(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, index = signature.args
    if not is_plain(context, array) or array.ndim > 2:
        return arrayobj.getitem_arraynd_intp(context, builder, signature, arguments)
    if array.ndim == 1:
        place = position(context, builder, arguments[0], 0, index, arguments[1])
        return _element(context, builder, signature.return_type, array, arguments[0], place)
    data, shape = row_at(context, builder, arguments[0], index, arguments[1])
    row = array_value(context, builder, signature.return_type, data, shape, arguments[0])
    return impl_ret_borrowed(context, builder, signature.return_type, row)


def row_at(context: Any, builder: Any, array: Any, kind: Any, index: Any) -> tuple[Any, list[Any]]:
    """A pointer to the row of a contiguous table that an index of a numba type names, and its shape."""
    columns = builder.extract_value(array, [_SHAPE, 1])
    place = position(context, builder, array, 0, kind, index)
    return address(builder, array, builder.mul(place, columns)), [columns]


@lower_builtin(operator.getitem, types.Array, types.SliceType)  # type: ignore[untyped-decorator]
def _part(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, part = signature.args
    if not is_plain(context, array) or part.has_step or array.ndim > 2 or signature.return_type.layout != "C":
        return arrayobj.getitem_arraynd_intp(context, builder, signature, arguments)
    data, shape = part_at(builder, array, arguments[0], arguments[1])
    value = array_value(context, builder, signature.return_type, data, shape, arguments[0])
    return impl_ret_borrowed(context, builder, signature.return_type, value)


def part_at(builder: Any, kind: Any, array: Any, part: Any) -> tuple[Any, list[Any]]:
    """A pointer to the part of a contiguous array of a numba type that a slice without step names, and its shape."""
    size, *columns = (builder.extract_value(array, [_SHAPE, axis]) for axis in range(kind.ndim))
    start, stop = (_bound(builder, builder.extract_value(part, place), size) for place in (0, 1))
    length = builder.sub(stop, start)
    length = builder.select(builder.icmp_signed("<", length, _NUMBER(0)), _NUMBER(0), length)
    return address(builder, array, builder.mul(start, columns[0]) if columns else start), [length, *columns]


def _bound(builder: Any, index: Any, size: Any) -> Any:
    """Where a part begins or ends that Python says to do so at `index`, of an array of this size."""
    from_end = builder.add(index, size)
    index = builder.select(builder.icmp_signed("<", index, _NUMBER(0)), from_end, index)
    index = builder.select(builder.icmp_signed("<", index, _NUMBER(0)), _NUMBER(0), index)
    return builder.select(builder.icmp_signed(">", index, size), size, index)


@lower_builtin(operator.getitem, types.Array, types.BaseTuple)  # type: ignore[untyped-decorator]
def _element_in_row(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, index = signature.args
    if not is_plain(context, array) or not is_pair(array, index):
        return arrayobj.getitem_array_tuple(context, builder, signature, arguments)
    place = position_in_row(context, builder, arguments[0], index, arguments[1])
    return _element(context, builder, signature.return_type, array, arguments[0], place)


def is_plain(context: Any, array: Any) -> bool:
    """Whether an array is contiguous, at its own alignment, of scalars, and indices need not be looked at."""
    return (
        array.layout == "C"
        and array.aligned
        and array.ndim >= 1
        and isinstance(array.dtype, types.Number | types.Boolean)
        and not context.enable_boundscheck
    )


def is_pair(array: Any, index: Any) -> bool:
    return array.ndim == len(index) == 2 and all(isinstance(each, types.Integer) for each in index)


def position(context: Any, builder: Any, array: Any, axis: int, kind: Any, index: Any) -> Any:
    """An index as a number from the first element on; those below zero count from the end, as in Python."""
    if not kind.signed:
        return context.cast(builder, index, kind, types.uintp)
    index = context.cast(builder, index, kind, types.intp)
    if isinstance(index, ir.Constant) and isinstance(index.constant, int) and index.constant >= 0:
        return index
    from_end = builder.add(index, builder.extract_value(array, [_SHAPE, axis]))
    return builder.select(builder.icmp_signed("<", index, _NUMBER(0)), from_end, index)


def position_in_row(context: Any, builder: Any, array: Any, kinds: Any, indices: Any) -> Any:
    row, column = (
        position(context, builder, array, axis, kind, builder.extract_value(indices, axis))
        for axis, kind in enumerate(kinds)
    )
    return builder.add(builder.mul(row, builder.extract_value(array, [_SHAPE, 1])), column)


def _element(context: Any, builder: Any, kind: Any, array: Any, value: Any, place: Any) -> Any:
    element = context.unpack_value(builder, array.dtype, address(builder, value, place))
    return impl_ret_borrowed(context, builder, kind, element)
