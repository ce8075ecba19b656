"""Kernels: functions over arrays, compiled to machine code on first use and kept for the next process."""

import harbor_search.compiled.numba_import  # noqa: F401  (it must come first)
from harbor_search.compiled.array_loops import copy_values, total
from harbor_search.compiled.compiling_notice import watching
from harbor_search.compiled.folders import code_kept_in, keep_code_in
from harbor_search.compiled.intrinsics import bit_count, load_bits, lowest_bit, prefetch, store_bits
from harbor_search.compiled.kernels import entry, inlined, kernel, part
from harbor_search.compiled.parallel_compiling import compile_beside, usable_processors

__all__ = [
    "bit_count",
    "code_kept_in",
    "compile_beside",
    "copy_values",
    "entry",
    "inlined",
    "keep_code_in",
    "kernel",
    "load_bits",
    "lowest_bit",
    "part",
    "prefetch",
    "store_bits",
    "total",
    "usable_processors",
    "watching",
]
