"""What kernels write text with, into an array of bytes from a place on. Each returns the place after what it wrote."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, part

__all__ = ["put", "put_byte", "put_utf8"]


@inlined
def put_byte(out, at, byte):
    """Write a byte."""
    out[at] = np.uint8(byte)
    return at + 1


@inlined
def put(out, at, literal):
    """Write some bytes (uint8)."""
    out[at : at + literal.size] = literal
    return at + literal.size


@part
def put_utf8(out, at, code):
    """Write a character by its code point in UTF-8 (RFC 3629): four bytes at most."""
    if code < 0x80:
        return put_byte(out, at, code)
    if code < 0x800:
        out[at], out[at + 1] = np.uint8(0xC0 | code >> 6), np.uint8(0x80 | code & 0x3F)
        return at + 2
    if code < 0x10000:
        out[at], out[at + 1] = np.uint8(0xE0 | code >> 12), np.uint8(0x80 | code >> 6 & 0x3F)
        out[at + 2] = np.uint8(0x80 | code & 0x3F)
        return at + 3
    out[at], out[at + 1] = np.uint8(0xF0 | code >> 18), np.uint8(0x80 | code >> 12 & 0x3F)
    out[at + 2], out[at + 3] = np.uint8(0x80 | code >> 6 & 0x3F), np.uint8(0x80 | code & 0x3F)
    return at + 4
