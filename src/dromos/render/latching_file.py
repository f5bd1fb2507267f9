"""A file for muxers, which do not stop at an error."""

from __future__ import annotations

import io
import os
import stat
from contextlib import suppress

__all__ = ["LatchingFile"]


class LatchingFile:
    """A file that keeps its first error and then swallows what is written.

    A muxer that meets an error goes on to patch and end the file, and would spoil what is there.
    Here the file instead ends where the last complete fragment does.

    Args:
        path: The file, replaced if it is there.

    Raises:
        OSError: If the file cannot be opened for writing.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = io.FileIO(path, "w")
        self._failure: OSError | None = None
        self._header: int | None = None  # bytes before the first fragment
        self._complete = 0

    def write(self, data: bytes) -> int:
        """Write all of `data`, or nothing once there has been an error."""
        try:
            rest = memoryview(data)
            while self._failure is None and len(rest):
                rest = rest[self._file.write(rest) :]
        except OSError as failure:
            self._failure = failure
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position, as files do."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._file.tell()

    def check(self) -> None:
        """Raise the first error, if there was one."""
        if self._failure is not None:
            raise self._failure

    def mark(self) -> None:
        """Note that the file could end here, the first time that its header is written."""
        self._complete = self._file.tell()
        if self._header is None:
            self._header = self._complete

    def finish(self) -> None:
        """Close the file, after an error cut at the last mark; without pictures remove it."""
        bare = self._header is None
        with suppress(OSError):
            if self._failure is not None:
                self._file.truncate(self._complete)
                bare = bare or self._complete == self._header
        regular = stat.S_ISREG(os.fstat(self._file.fileno()).st_mode)
        self._file.close()
        if bare and regular:
            os.unlink(self._path)
