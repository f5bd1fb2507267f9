"""Arrays and lists that show native values, and write what is changed in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

__all__ = ["ArrayView", "ListView"]

T = TypeVar("T")


class ArrayView(np.ndarray[Any, np.dtype[Any]]):
    """An array of what the core holds; elements that are set are set in the core.

    It is a copy: later steps do not change it. From then on, like an array of a state that has
    gone, it writes into itself only. What is computed from it is a plain array; parts of it cannot
    be written.
    """

    _write: Callable[[NDArray[Any]], None] | None = None
    _is_current: Callable[[NDArray[Any]], bool]

    @classmethod
    def of(
        cls,
        values: NDArray[Any],
        write: Callable[[NDArray[Any]], None],
        is_current: Callable[[NDArray[Any]], bool],
    ) -> Self:
        """Return a view.

        Args:
            values: The values, of which it takes a copy.
            write: Puts changed values into the core, or raises.
            is_current: Returns whether the core still holds these values.
        """
        view = np.array(values).view(cls)
        view._write = write
        view._is_current = is_current
        return view

    def __setitem__(self, key: Any, value: Any) -> None:
        changed = np.array(self)
        changed[key] = value
        self._take(changed)

    def __getitem__(self, key: Any) -> Any:
        part = np.asarray(self)[key]
        if isinstance(part, np.ndarray):
            part.flags.writeable = False
        return part

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        plain = [np.asarray(x) if isinstance(x, ArrayView) else x for x in inputs]
        out = kwargs.get("out", ())
        if not any(isinstance(x, ArrayView) for x in out):
            return getattr(ufunc, method)(*plain, **kwargs)
        kwargs["out"] = tuple(np.array(x) if isinstance(x, ArrayView) else x for x in out)
        getattr(ufunc, method)(*plain, **kwargs)
        for view, result in zip(out, kwargs["out"], strict=True):
            if isinstance(view, ArrayView):
                view._take(result)
        return out[0] if len(out) == 1 else out

    def __reduce__(self) -> Any:
        return np.asarray(self).copy().__reduce__()

    def __deepcopy__(self, memo: Any) -> NDArray[Any]:  # type: ignore[override]
        return np.array(self)

    def _take(self, changed: NDArray[Any]) -> None:
        if self._write is not None and self._is_current(np.asarray(self)):
            self._write(changed)
        np.asarray(self)[...] = changed


def _changing(name: str) -> Any:
    change = getattr(list, name)

    def method(self: ListView[Any], *args: Any, **kwargs: Any) -> Any:
        changed = list(self)
        result = change(changed, *args, **kwargs)
        if self._read() != self:
            raise RuntimeError(
                f"This list shows what was true before, {list(self)!r}. Read it from the "
                "environment again to change it."
            )
        self._write(changed)
        list.__setitem__(self, slice(None), changed)
        return self if name in ("__iadd__", "__imul__") else result

    return method


class ListView(list[T]):
    """A list of what the core holds; changing it changes that.

    Args:
        read: Returns what the core holds.
        write: Puts a changed list into the core, or raises.
    """

    def __init__(self, read: Callable[[], list[T]], write: Callable[[list[T]], None]) -> None:
        super().__init__(read())
        self._read = read
        self._write = write

    __setitem__ = _changing("__setitem__")
    __delitem__ = _changing("__delitem__")
    __iadd__ = _changing("__iadd__")
    __imul__ = _changing("__imul__")
    append = _changing("append")
    clear = _changing("clear")
    extend = _changing("extend")
    insert = _changing("insert")
    pop = _changing("pop")
    remove = _changing("remove")
    reverse = _changing("reverse")
    sort = _changing("sort")

    def __reduce__(self) -> Any:
        return list, (list(self),)

    def __deepcopy__(self, memo: Any) -> list[T]:
        return list(self)
