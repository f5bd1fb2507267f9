"""Arrays in memory that processes share."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["create_array", "view", "write"]

#: Codes of `dtype.char` that `multiprocessing` knows as C types of its own.
_CTYPE_CODES = "bBhHiIlLqQfd"


def create_array(ctx: Any, dtype: np.dtype[Any], size: int) -> Any:
    """Return a locked array of `size` elements from `ctx`, a context of `multiprocessing`.

    A dtype without a C type there, such as float16, gets as many bytes as it needs.
    """
    from ctypes import c_bool, c_uint8

    if dtype.kind == "b":
        return ctx.Array(c_bool, size)
    if dtype.isnative and dtype.char in _CTYPE_CODES:
        return ctx.Array(dtype.char, size)
    return ctx.Array(c_uint8, size * dtype.itemsize)


def view(memory: Any, dtype: np.dtype[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Return the array in `memory`, sharing it."""
    buffer = memory.get_obj() if hasattr(memory, "get_obj") else memory
    if 0 in shape:  # NumPy makes no array of an empty buffer
        return np.empty(shape, dtype)
    return np.frombuffer(buffer, dtype).reshape(shape)


def write(
    memory: Any, dtype: np.dtype[Any], shape: tuple[int, ...], index: int, value: Any
) -> None:
    """Write an element of `shape` to its place in an array of such elements in `memory`."""
    if 0 not in shape:
        view(memory, dtype, (-1, *shape))[index] = np.asarray(value, dtype).reshape(shape)
