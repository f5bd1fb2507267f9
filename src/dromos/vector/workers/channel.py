"""What a vector and its workers tell each other: entries of the exchange, and messages in a file.

An entry is a lane with one of the kinds below in the bits above it. Where the kind says so, a
message lies in one of the lane's or the worker's *regions* of the shared file: a file without a
name, in memory where the system has such files, the first part of which is mapped by all processes.
Regions lie far behind that; the file is sparse, so a region costs what was written to it and any
message fits. With the last process that has the file open it is gone, however the processes ended.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from dromos._core import workers as native
from dromos.error import WorkerError
from dromos.vector.utils.misc import cloud_dumps, dumps

__all__ = [
    "ANSWER",
    "BROKEN",
    "DONE",
    "FAILED",
    "LANE_MASK",
    "READY",
    "RENEW",
    "REQUEST",
    "RESET",
    "RESET_MESSAGE",
    "RESULT",
    "RESULT_MESSAGE",
    "RUN",
    "STEP",
    "STEP_MESSAGE",
    "Loss",
    "Regions",
    "Results",
    "SharedFile",
]

LANE_BITS = native.LANE_BITS
LANE_MASK = (1 << LANE_BITS) - 1

#: To a worker: step with the action in the shared rows, or with the one in the lane's region.
STEP, STEP_MESSAGE = 0 << LANE_BITS, 1 << LANE_BITS
#: To a worker: reset, without seed and options or with those in the lane's region.
RESET, RESET_MESSAGE = 2 << LANE_BITS, 3 << LANE_BITS
#: To a worker: make the lane's environment anew because of the `Loss` in the lane's answer region.
RENEW = 4 << LANE_BITS
#: To a worker: do what its region asks; the entry's lane is the worker's first.
REQUEST = 5 << LANE_BITS
#: To a worker: make as many steps as the shared arrays of a run say; an answer follows likewise.
RUN = 6 << LANE_BITS

#: From a worker: the lane's results are in the shared rows.
RESULT = 0 << LANE_BITS
#: The same, and what has no place there is in the lane's answer region: the `Results` of this and
#: perhaps further lanes.
RESULT_MESSAGE = 1 << LANE_BITS
#: From a worker: the lane raised the `RemoteError` in its answer region.
FAILED = 2 << LANE_BITS
#: From a worker: the answer to a request is in the worker's answer region.
ANSWER = 3 << LANE_BITS
#: From a worker: it has made its environments, the facts of which are in its answer region.
READY = 4 << LANE_BITS
#: From a worker: it could not; the `RemoteError` is in its answer region.
BROKEN = 5 << LANE_BITS
#: From a worker: it has done what was asked, and there is nothing to answer.
DONE = 6 << LANE_BITS


class Results(NamedTuple):
    """What some lanes report besides the shared rows.

    Attributes:
        lanes: The lanes.
        infos: Their infos; none if all are empty.
        observations: Their observations, if those have no shared rows, else None.
        finals: Likewise their final observations.
    """

    lanes: list[int]
    infos: list[dict[str, Any]]
    observations: list[Any] | None
    finals: list[Any] | None


class Loss(NamedTuple):
    """Why a lane's environment is lost, and how to start the next one.

    Attributes:
        reason: What happened.
        seed: The seed of the next reset, None for one from the system.
    """

    reason: str
    seed: int | None


class Regions(NamedTuple):
    """The regions of the shared file."""

    num_lanes: int
    num_workers: int

    def lane(self, lane: int) -> int:
        """Return the region of what a lane is to do."""
        return lane

    def lane_answer(self, lane: int) -> int:
        """Return the region of what a lane reports."""
        return self.num_lanes + lane

    def request(self, worker: int) -> int:
        """Return the region of what a worker is asked."""
        return 2 * self.num_lanes + worker

    def answer(self, worker: int) -> int:
        """Return the region of what a worker answers."""
        return 2 * self.num_lanes + self.num_workers + worker


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
        """Return a new, empty one.

        Raises:
            WorkerError: If this process may not write files of that size, or the system has no
                such files.
        """
        _require_large_files()
        if native.USES_LINUX and hasattr(os, "memfd_create"):
            return cls(os.memfd_create("dromos-vector"))
        import tempfile

        file, path = tempfile.mkstemp(prefix="dromos-vector-")
        os.unlink(path)
        return cls(file)

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
            self._spent = None

    def close(self) -> None:
        """Close the file in this process; what is mapped stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _require_large_files() -> None:
    try:
        import resource
    except ImportError:
        raise WorkerError(
            "Workers share a file as POSIX has them, which this system, "
            f"{sys.platform}, has not. Use SyncVectorEnv."
        ) from None
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if most != resource.RLIM_INFINITY:
        raise WorkerError(
            f"Workers share a sparse file with addresses beyond {_FIRST_REGION} bytes, but this "
            f"process may write files up to {most} bytes only. Lift the limit with "
            "`ulimit -f unlimited`, or use SyncVectorEnv."
        )


def _offset(region: int) -> int:
    return _FIRST_REGION + (region << _REGION_BITS)


def _received(duplicate: Any) -> SharedFile:
    return SharedFile(duplicate.detach())
