"""Assignments to elements, rows and parts of contiguous arrays in kernels, in few instructions.

Numba's own assignment to a part is ready for any shapes, and writes those that do not agree into the message of an
error: with all that it takes to format text, a hundred times the code of a copy. What is assigned to anything but an
element, row or part of a contiguous array, and arrays of another type or with gaps, are left to numba.
"""

from __future__ import annotations

import operator
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin
from numba.np import arrayobj

from harbor_search.compiled.array_access import (
    address,
    is_pair,
    is_plain,
    part_at,
    position,
    position_in_row,
    row_at,
    size_of,
    size_of_element,
)

__all__: list[str] = []

_OTHER_SIZE = "cannot assign to part of an array what has another size"


@lower_builtin(operator.setitem, types.Array, types.Integer, types.Any)  # type: ignore[untyped-decorator]
def _set_element_or_row(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, index, value = signature.args
    if not is_plain(context, array) or array.ndim > 2 or not (array.ndim == 1 or _can_fill(context, array, value, 1)):
        return arrayobj.setitem_array(context, builder, signature, arguments)
    if array.ndim == 1:
        place = position(context, builder, arguments[0], 0, index, arguments[1])
        return _store(context, builder, array, address(builder, arguments[0], place), value, arguments[2])
    data, shape = row_at(context, builder, arguments[0], index, arguments[1])
    return _fill(context, builder, array, data, shape, value, arguments[2])


@lower_builtin(operator.setitem, types.Array, types.BaseTuple, types.Any)  # type: ignore[untyped-decorator]
def _set_element_in_row(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, index, value = signature.args
    if not is_plain(context, array) or not is_pair(array, index):
        return arrayobj.setitem_array(context, builder, signature, arguments)
    place = position_in_row(context, builder, arguments[0], index, arguments[1])
    return _store(context, builder, array, address(builder, arguments[0], place), value, arguments[2])


@lower_builtin(operator.setitem, types.Array, types.SliceType, types.Any)  # type: ignore[untyped-decorator]
def _set_part(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, part, value = signature.args
    if not is_plain(context, array) or part.has_step or not _can_fill(context, array, value, array.ndim):
        return arrayobj.setitem_array(context, builder, signature, arguments)
    data, shape = part_at(builder, array, arguments[0], arguments[1])
    return _fill(context, builder, array, data, shape, value, arguments[2])


def _can_fill(context: Any, array: Any, value: Any, axes: int) -> bool:
    """Whether a row or part of `array`, of so many axes, can be assigned a `value`: a number, or a row of its type."""
    if isinstance(value, types.Array):
        return is_plain(context, value) and value.ndim == axes == 1 and value.dtype == array.dtype
    return isinstance(value, types.Number | types.Boolean)


def _fill(context: Any, builder: Any, array: Any, data: Any, shape: Any, kind: Any, value: Any) -> None:
    """Assign what has this shape and begins at `data` a number or a row."""
    if isinstance(kind, types.Array):
        _copy(context, builder, array, data, shape[0], value)
        return
    count = shape[0]
    for each in shape[1:]:
        count = builder.mul(count, each)
    _repeat(context, builder, array, data, count, context.cast(builder, value, kind, array.dtype))


def _repeat(context: Any, builder: Any, array: Any, data: Any, count: Any, element: Any) -> None:
    with cgutils.for_range(builder, count) as loop:
        context.pack_value(builder, array.dtype, element, builder.gep(data, [loop.index]))


def _copy(context: Any, builder: Any, array: Any, data: Any, count: Any, source: Any) -> None:
    """Assign a row to `count` elements, which it may overlap; one element is assigned to each."""
    size, first = size_of(builder, source), address(builder, source, count.type(0))
    with builder.if_else(builder.icmp_signed("==", size, count)) as (same, other):
        with same:
            cgutils.raw_memmove(builder, data, first, count, size_of_element(array.dtype))
        with other:
            with builder.if_then(builder.icmp_signed("!=", size, count.type(1)), likely=False):
                context.call_conv.return_user_exc(builder, ValueError, (_OTHER_SIZE,))
            _repeat(context, builder, array, data, count, context.unpack_value(builder, array.dtype, first))


def _store(context: Any, builder: Any, array: Any, place: Any, kind: Any, element: Any) -> None:
    context.pack_value(builder, array.dtype, context.cast(builder, element, kind, array.dtype), place)
