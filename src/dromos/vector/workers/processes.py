"""The processes of a vector's workers: who they are, how each starts and ends."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from dromos.forks import is_of_this_process
from dromos.homes import importing
from dromos.vector.utils.misc import CloudpickleWrapper, clear_mpi_env_vars
from dromos.vector.workers.channel import Loss, SharedFile
from dromos.vector.workers.run import MATH_THREADS, WorkerPlan, run_worker
from dromos.vector.workers.settings import PoolSettings

__all__ = ["WorkerProcess", "WorkerProcesses"]

#: How long a process may take, in seconds, to follow SIGTERM before it gets SIGKILL.
_GRACE = 1.0


class WorkerProcess:
    """The process of a worker, started at once.

    Args:
        plan: What the worker is told.
        context: A context of `multiprocessing`.
        daemon: Whether `multiprocessing` ends it at the latest when this process exits.

    Attributes:
        process: The process.
    """

    def __init__(self, plan: WorkerPlan, context: Any, daemon: bool) -> None:
        name = f"dromos worker {plan.worker}"
        self.process = context.Process(target=run_worker, args=(plan,), name=name, daemon=daemon)
        try:
            # In a child of a fork, a module that another thread was importing would never be ready.
            with importing(), clear_mpi_env_vars(), _one_math_thread(), _interrupts_delayed():
                self.process.start()
        except BaseException:  # such as the interrupt that was delayed
            if self.process.pid is not None:
                self.kill()
            raise

    @property
    def end(self) -> str | None:
        """How the process ended, None if it has not."""
        code = self.process.exitcode
        if code is None:
            return None
        if code >= 0:
            return f"exited with code {code}"
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"

    def free(self) -> None:
        """Close what still leads to a process that has ended; its exit code stays."""
        popen = getattr(self.process, "_popen", None)
        if popen is not None and hasattr(popen, "close"):
            popen.close()

    def kill(self) -> None:
        """End the process at once, and leave nothing of it behind."""
        if self.process.exitcode is None:
            self.process.kill()
        self.process.join()


def end_processes(workers: Sequence[WorkerProcess], owner: int, grace: float = 0.0) -> None:
    """End processes and leave nothing of them behind; return when they have ended.

    Args:
        workers: The processes.
        owner: The process that started them; another one, forked from it, has none to end.
        grace: How long they may take to end by themselves, in seconds.
    """
    if os.getpid() != owner:
        return
    deadline = time.monotonic() + grace
    for worker in workers:
        worker.process.join(max(0.0, deadline - time.monotonic()))
    late = [worker for worker in workers if worker.process.exitcode is None]
    for worker in late:
        worker.process.terminate()
    deadline = time.monotonic() + _GRACE
    for worker in late:
        worker.process.join(max(0.0, deadline - time.monotonic()))
        worker.kill()
    for worker in workers:
        worker.free()


@contextlib.contextmanager
def _interrupts_delayed() -> Iterator[None]:
    """Keep Ctrl-C from a process being started until it ignores it, and from this one meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _one_math_thread() -> Iterator[None]:
    """Let processes that are started meanwhile find the variables set when they load libraries."""
    added = [name for name in MATH_THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


class WorkerProcesses:
    """The processes of a vector's workers: ended at the latest when it is forgotten or Python ends.

    Args:
        env_fns: The functions that make the environments of all lanes.
        settings: How the workers run.
        file: What is shared with them.

    Attributes:
        workers: Their processes.
        bounds: The first lane of each worker, and the number of lanes.
        worker_of: The worker of each lane.
    """

    def __init__(
        self, env_fns: Sequence[Callable[[], Any]], settings: PoolSettings, file: SharedFile
    ) -> None:
        self._settings = settings
        self._file = file
        self._owner = os.getpid()
        self.bounds = settings.bounds
        self._env_fns: list[CloudpickleWrapper[list[Callable[[], Any]]]] = [
            CloudpickleWrapper(partial(list, env_fns[first:last]))
            for first, last in pairwise(self.bounds)
        ]
        self.worker_of = [
            worker
            for worker, (first, last) in enumerate(pairwise(self.bounds))
            for _ in range(first, last)
        ]
        self.workers: list[WorkerProcess] = []
        from multiprocessing.util import Finalize

        Finalize(self, end_processes, args=(self.workers, self._owner), exitpriority=10)
        is_of_this_process(self)

    def __len__(self) -> int:
        return len(self._env_fns)

    def lanes_of(self, worker: int) -> range:
        """Return the lanes of a worker."""
        return range(self.bounds[worker], self.bounds[worker + 1])

    def by_worker(self, lanes: Sequence[int]) -> dict[int, list[int]]:
        """Return lanes sorted by their workers, the lower workers first."""
        sorted_lanes: dict[int, list[int]] = {}
        for lane in lanes:
            sorted_lanes.setdefault(self.worker_of[lane], []).append(lane)
        return dict(sorted(sorted_lanes.items()))

    def start(self, worker: int, rows: tuple[Any, ...] | None, losses: dict[int, Loss]) -> None:
        """Start a worker, the first time or in the place of one that has ended.

        Args:
            worker: Which; the first time they start in order.
            rows: For one that follows another, the arguments of `Worker.attach`.
            losses: Likewise, what became of each of its lanes.
        """
        settings = self._settings
        serves = settings.context.get_start_method() == "forkserver"
        plan = WorkerPlan(
            worker,
            self.bounds,
            self._env_fns[worker],
            settings.autoreset_mode,
            self._file,
            None if serves else self._owner,
            rows,
            losses,
        )
        self.workers[worker:] = [
            WorkerProcess(plan, settings.context, settings.daemon),
            *self.workers[worker + 1 :],
        ]

    def _leave_to_parent(self) -> None:
        """Keep `multiprocessing` from ending them when a fork exits, as if it had started them."""
        from multiprocessing import process

        for worker in self.workers:
            process._children.discard(worker.process)  # type: ignore[attr-defined]

    @property
    def is_ours(self) -> bool:
        """Whether this process started the workers; one forked from it did not."""
        return os.getpid() == self._owner

    def end(self, grace: float) -> None:
        """End all workers, those that do so by themselves within `grace` seconds unharmed."""
        end_processes(self.workers, self._owner, grace)
