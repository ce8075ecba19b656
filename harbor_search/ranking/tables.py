"""Tables of arrays: kernels find the arrays that all of them need by their places in one.

Handing an array to a kernel costs a tenth of a microsecond, and a query needs three dozen; from one kernel to its parts
an array is seven numbers. With a table they hand over one number, its address, and arrays are attributes of it: a
`View` says which attribute stands where. The table's owner keeps the arrays alive, and writes an array's address again
where it is replaced by a larger one, between kernels only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from ctypes import addressof, c_char
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import carray, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model
from numba.np.numpy_support import as_dtype

from harbor_search.compiled import inlined
from harbor_search.compiled.array_access import array_value

__all__ = ["View", "address_of", "float32s", "int32s_at", "int64s", "new_table", "place_of", "set_arrays"]
__all__ += ["uint8s", "uint8s_at", "view"]

_WIDTH = 3
"""Numbers an array: its address, its length, and the columns where it has rows of them."""


def new_table(places: int) -> npt.NDArray[np.int64]:
    """A table for so many arrays."""
    return np.zeros(places * _WIDTH, np.int64)


def set_arrays(table: npt.NDArray[np.int64], first: int, arrays: Iterable[npt.NDArray[Any]]) -> None:
    """Write the addresses of `arrays`, contiguous and of one or two dimensions, to the places from `first` on."""
    for place, array in enumerate(arrays, first):
        columns = array.shape[1] if array.ndim == 2 else 1
        table[place * _WIDTH : (place + 1) * _WIDTH] = array.ctypes.data, array.shape[0], columns


def address_of(array: npt.NDArray[Any]) -> int:
    """Where the elements of a writable array are that has some, in a third of the time that numpy takes to say so."""
    return addressof(c_char.from_buffer(array.data))


def place_of(table: npt.NDArray[np.int64], place: int) -> memoryview[int]:
    """The numbers at a place of a table, to be written one by one: where an array is, and how long."""
    return table.data[place * _WIDTH : (place + 1) * _WIDTH]


class View(types.Type):  # type: ignore[misc]
    """The type of a table in kernels whose arrays from the place `first` on are known by names.

    `arrays` are the numba types by name, of one or two dimensions; a number's type stands for the one number of an
    array.
    """

    def __init__(self, name: str, first: int, arrays: dict[str, Any]) -> None:
        # By its name numba, and the names of kept code, tell a type from others.
        layout = repr((first, [(each, str(kind)) for each, kind in arrays.items()])).encode()
        super().__init__(name=f"View({name}, {hashlib.blake2b(layout, digest_size=6).hexdigest()})")
        self.first = first
        self.arrays = arrays
        self.places = {each: first + i for i, each in enumerate(arrays)}
        self._shapes = {each: _shape(kind) for each, kind in arrays.items()}

    def set_arrays(self, table: npt.NDArray[np.int64], **arrays: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
        """Write where arrays are to their places in a table. Returns the arrays: somebody must keep them.

        Raises:
            TypeError: an array is not what kernels take it for.
        """
        for name, array in arrays.items():
            if self._shapes[name] != (array.dtype, array.ndim) or not array.flags.c_contiguous:
                raise TypeError(f"{name} must be a contiguous {self.arrays[name]}, not {array.dtype} of {array.shape}")
            set_arrays(table, self.places[name], [array])
        return tuple(arrays.values())

    @property
    def end(self) -> int:
        """The first place after its arrays."""
        return self.first + len(self.arrays)


def _shape(kind: Any) -> tuple[Any, int]:
    """The dtype and the number of dimensions of what a numba type stands for."""
    return (as_dtype(kind.dtype), kind.ndim) if isinstance(kind, types.Array) else (as_dtype(kind), 1)


def view(kind: View) -> Callable[[int], Any]:
    """What makes a table of its address, for kernels."""

    def at(typing_context: Any, address: Any) -> Any:
        return kind(types.int64), lambda context, builder, signature, arguments: arguments[0]

    return intrinsic(at)  # type: ignore[no-any-return]


@register_model(View)
class _Address(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: View) -> None:
        super().__init__(manager, kind, ir.IntType(64))


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc]
    key = View

    def generic_resolve(self, kind: View, name: str) -> Any:
        return kind.arrays.get(name)


@lower_getattr_generic(View)  # type: ignore[untyped-decorator]
def _array_of(context: Any, builder: Any, kind: View, address: Any, name: str) -> Any:
    """An array as numba has it, from its place in a table.

    No kernel changes a table, so what is read of it may be read but once in a loop that writes.
    """
    wanted, place = kind.arrays[name], kind.places[name]
    number = ir.IntType(64)
    table = builder.inttoptr(address, number.as_pointer())

    def entry(i: int) -> Any:
        loaded = builder.load(builder.gep(table, [number(place * _WIDTH + i)]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    element = wanted.dtype if isinstance(wanted, types.Array) else wanted
    data = builder.inttoptr(entry(0), context.get_data_type(element).as_pointer())
    if element is wanted:
        return context.unpack_value(builder, wanted, data)
    return array_value(context, builder, wanted, data, [entry(1 + axis) for axis in range(wanted.ndim)])


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(typing_context: Any, address: Any) -> Any:
    """An address as a pointer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.int64), generate


@inlined
def int64s(address, size):
    """The int64[size] at an address."""
    return carray(_pointer(address), size, np.int64)


@inlined
def int32s_at(address, size):
    """The int32[size] at an address."""
    return carray(_pointer(address), size, np.int32)


@inlined
def uint8s_at(address, size):
    """The uint8[size] at an address."""
    return carray(_pointer(address), size, np.uint8)


@inlined
def float32s(table, place):
    """The float32[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.float32)


@inlined
def uint8s(table, place):
    """The uint8[n] at a place of the table."""
    return carray(_pointer(table[place * _WIDTH]), table[place * _WIDTH + 1], np.uint8)
