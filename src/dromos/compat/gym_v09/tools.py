"""Small helpers of Gym's that environments and tools of then import."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

__all__ = ["Closer", "atomic_write", "json_encode_np"]


@contextmanager
def atomic_write(filepath: str, binary: bool = False, fsync: bool = False) -> Iterator[Any]:
    """Within the block, write to a file that takes the place of `filepath` at its end.

    Args:
        filepath: The file.
        binary: Whether bytes are written.
        fsync: Whether to wait until the disk has them.
    """
    folder, name = os.path.split(os.path.abspath(filepath))
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f"{name}.")
    try:
        with os.fdopen(handle, "wb" if binary else "w") as file:
            yield file
            if fsync:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, filepath)
    except BaseException:
        os.unlink(temporary)
        raise


def json_encode_np(obj: Any) -> Any:
    """Return NumPy's numbers and arrays as what `json.dumps` takes; others as they are."""
    if isinstance(obj, np.ndarray):
        return list(obj)
    return obj.item() if isinstance(obj, np.generic) else obj


class Closer:
    """Closes what is registered with it when the program ends.

    Args:
        atexit_register: Whether it does so of its own accord.
    """

    def __init__(self, atexit_register: bool = True) -> None:
        self.closeables: WeakValueDictionary[int, Any] = WeakValueDictionary()
        self._next = 0
        if atexit_register:
            atexit.register(self.close)

    def register(self, closeable: Any) -> int:
        """Register an object with a ``close`` method; return its number."""
        self._next += 1
        self.closeables[self._next] = closeable
        return self._next

    def unregister(self, id: int) -> None:
        """Forget the object of a number."""
        self.closeables.pop(id, None)

    def close(self) -> None:
        """Close all objects."""
        for closeable in list(self.closeables.values()):
            closeable.close()
