"""A file without a name, in memory, through which a vector and its workers share everything.

Its first part is mapped by all of them. Far behind it lie *regions*, one message each: the file is
sparse, so a region costs what was written to it and any message fits. With the last process that
has the file open it is gone, however the processes ended.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable
from typing import Any

from dromos._core import workers as native
from dromos.vector.utils.misc import cloud_dumps, dumps

__all__ = ["SharedFile"]

_FIRST_REGION = 1 << 40
_REGION_BITS = 32
_LENGTH_BYTES = 8

#: The most that is read at once before the length of a message is known.
_GLANCE = 4096

#: Messages of at least this size give their memory back once they are read.
_LARGE = 1 << 20


class SharedFile:
    """An unnamed file; it can be sent to a process that is being started.

    Args:
        file: The descriptor, which the object owns from then on.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._spent: tuple[int, int] | None = None  # where the last message read lies, if large

    @classmethod
    def create(cls) -> SharedFile:
        """Return a new, empty one."""
        if hasattr(os, "memfd_create"):
            return cls(os.memfd_create("dromos-vector"))
        import tempfile

        with tempfile.TemporaryFile() as file:
            return cls(os.dup(file.fileno()))

    def __del__(self) -> None:
        self.close()

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Travel to a process while `multiprocessing` starts it."""
        from multiprocessing import reduction

        return _received, (reduction.DupFd(self._file),)

    def map(self, size: int) -> mmap.mmap:
        """Return the first `size` bytes, shared between processes; new ones are zero."""
        if os.fstat(self._file).st_size < size:
            os.ftruncate(self._file, size)
        return mmap.mmap(self._file, size)

    def write(self, region: int, message: object) -> None:
        """Put a message into a region; its reader must have read the one before it."""
        self._write(region, dumps(message))

    def write_portably(self, region: int, message: object) -> None:
        """Put a message into a region for a process that may not have the classes of a script."""
        self._write(region, cloud_dumps(message))

    def _write(self, region: int, pickled: bytes) -> None:
        if len(pickled) >> _REGION_BITS:
            raise OverflowError(
                f"A message to or from a worker may have up to 4 GiB, found {len(pickled)} bytes"
            )
        offset = _offset(region)
        data = memoryview(len(pickled).to_bytes(_LENGTH_BYTES, "little") + pickled)
        while data:
            written = os.pwrite(self._file, data, offset)
            data, offset = data[written:], offset + written

    def read(self, region: int, keep: bool = False) -> Any:
        """Return the message in a region.

        Args:
            region: The region.
            keep: Whether the message can be read again, until `free` is called. Otherwise it is
                gone if it was large.
        """
        import pickle

        offset = _offset(region)
        data = os.pread(self._file, _GLANCE, offset)
        length = int.from_bytes(data[:_LENGTH_BYTES], "little") + _LENGTH_BYTES
        while len(data) < length:
            data += os.pread(self._file, length - len(data), offset + len(data))
        message = pickle.loads(memoryview(data)[_LENGTH_BYTES:length])
        self._spent = (offset, length) if length >= _LARGE else None
        if not keep:
            self.free()
        return message

    def free(self) -> None:
        """Give back the memory of the message read last, if it was large."""
        if self._spent is not None:
            native.discard(self._file, *self._spent)

    def close(self) -> None:
        """Close the file in this process; what is mapped stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _offset(region: int) -> int:
    return _FIRST_REGION + (region << _REGION_BITS)


def _received(duplicate: Any) -> SharedFile:
    return SharedFile(duplicate.detach())
