"""NumPy dtypes as JSON: a type string, or the fields of a structure."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from dromos.plain.errors import MalformedError, NotPlainError

__all__ = ["clear_padding", "dtype_from_tree", "dtype_to_tree", "has_padding"]

# Bool, integers, floats, complex, times, bytes, text, raw bytes; no objects, no pointers.
_SIMPLE = re.compile(r"[<>|][biufcSUV]\d{1,9}|[<>][mM]8(\[\d{0,9}[a-zA-Zμ]{1,7}\])?")

#: x86 keeps 10 bytes of a number in the 12 or 16 of a long double; the others hold garbage.
_EXTENDED_BYTES = 10
_EXTENDED_MANTISSA = 63

_MAX_NESTING = 16


def dtype_to_tree(dtype: np.dtype[Any]) -> Any:
    """Return a dtype as a string, ``{"fields": …}`` or ``{"base": …, "shape": …}``.

    Raises:
        NotPlainError: If the dtype holds Python objects or pointers.
    """
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return {"base": dtype_to_tree(base), "shape": list(shape)}
    if dtype.fields is None:
        if not _SIMPLE.fullmatch(dtype.str) or dtype.itemsize == 0:
            raise NotPlainError(f"of dtype {dtype}", "its elements have no bytes of their own")
        return dtype.str
    fields: list[Any] = []
    fields_of: Any = dtype.fields
    for name in dtype.names or ():
        field: Any = fields_of[name]
        fields.append([name, dtype_to_tree(field[0]), *field[1:]])
    tree: dict[str, Any] = {"fields": fields, "itemsize": dtype.itemsize}
    if dtype.isalignedstruct:
        tree["align"] = True
    return tree


def dtype_from_tree(tree: Any, depth: int = 0) -> np.dtype[Any]:
    """Return the dtype that `dtype_to_tree` described.

    Raises:
        MalformedError: If `tree` describes none.
    """
    if depth > _MAX_NESTING:
        raise MalformedError(f"dtype nested deeper than {_MAX_NESTING} levels")
    try:
        if isinstance(tree, str) and _SIMPLE.fullmatch(tree):
            dtype: np.dtype[Any] = np.dtype(tree)
        elif isinstance(tree, dict) and tree.keys() == {"base", "shape"}:
            dtype = np.dtype((dtype_from_tree(tree["base"], depth + 1), tuple(tree["shape"])))
        elif isinstance(tree, dict) and tree.keys() - {"align"} == {"fields", "itemsize"}:
            dtype = _structure(tree, depth)
        else:
            raise ValueError("no such form")
        if dtype.itemsize == 0:
            raise ValueError("no bytes")
    except (TypeError, ValueError, OverflowError, RuntimeError) as reason:
        if isinstance(reason, MalformedError):
            raise
        raise MalformedError(f"expected a dtype, found {_short(tree)} ({reason})") from None
    return dtype


def _structure(tree: dict[str, Any], depth: int) -> np.dtype[Any]:
    if type(tree["fields"]) is not list:
        raise TypeError("the fields are a list")
    names, formats, offsets, titles = [], [], [], []
    for name, form, offset, *title in tree["fields"]:
        if type(offset) is not int or any(type(text) is not str for text in (name, *title)):
            raise TypeError("a field is [name, dtype, offset] or [name, dtype, offset, title]")
        names.append(name)
        formats.append(dtype_from_tree(form, depth + 1))
        offsets.append(offset)
        titles.append(title[0] if title else None)
    description: dict[str, Any] = {
        "names": names,
        "formats": formats,
        "offsets": offsets,
        "titles": titles,
        "itemsize": tree["itemsize"],
    }
    make_dtype: Any = np.dtype
    dtype: np.dtype[Any] = make_dtype(description, align=tree.get("align", False) is True)
    return dtype


def _short(tree: Any) -> str:
    text = repr(tree)
    return text if len(text) <= 60 else text[:57] + "..."


def has_padding(dtype: np.dtype[Any]) -> bool:
    """Return whether some bytes of an element belong to no value."""
    if dtype.subdtype is not None:
        return has_padding(dtype.subdtype[0])
    if dtype.fields is None:
        return dtype.char in "gG" and np.finfo(np.longdouble).nmant == _EXTENDED_MANTISSA
    fields: Any = dtype.fields
    parts = [fields[name][0] for name in dtype.names or ()]
    return sum(part.itemsize for part in parts) != dtype.itemsize or any(map(has_padding, parts))


def clear_padding(array: np.ndarray) -> np.ndarray:
    """Return a C-contiguous copy of `array` in which bytes that belong to no value are 0.

    Without this, equal arrays could have different bytes.
    """
    clean = np.zeros(array.shape, array.dtype)
    _copy_values(array, clean)
    return clean


def _copy_values(source: np.ndarray, target: np.ndarray) -> None:
    if source.dtype.names is not None:
        for name in source.dtype.names:
            _copy_values(source[name], target[name])
    elif has_padding(source.dtype):
        half = np.dtype(np.longdouble).itemsize
        shape = (*source.shape, source.dtype.itemsize // half, half)
        raw = np.ascontiguousarray(source).view(np.uint8).reshape(shape)
        kept = np.zeros(shape, np.uint8)
        kept[..., :_EXTENDED_BYTES] = raw[..., :_EXTENDED_BYTES]
        target[...] = kept.reshape(-1).view(source.dtype).reshape(source.shape)
    else:
        target[...] = source
