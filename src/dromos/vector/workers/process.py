"""Starting and ending the process of a worker."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from typing import Any

from dromos.vector.utils.misc import clear_mpi_env_vars
from dromos.vector.workers.math_threads import one_math_thread_for_children
from dromos.vector.workers.worker import WorkerPlan, run_worker

__all__ = ["WorkerProcess", "end_processes"]

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
            with clear_mpi_env_vars(), one_math_thread_for_children(), _interrupts_delayed():
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


@contextlib.contextmanager
def _interrupts_delayed() -> Iterator[None]:
    """Keep Ctrl-C from a process being started until it ignores it, and from this one meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
