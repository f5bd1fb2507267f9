"""The processes of a vector's workers: who they are, how each starts and ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from dromos.vector.utils.misc import CloudpickleWrapper
from dromos.vector.workers.entries import Loss
from dromos.vector.workers.process import WorkerProcess, end_processes
from dromos.vector.workers.settings import CrewSettings
from dromos.vector.workers.shared_file import SharedFile
from dromos.vector.workers.worker import WorkerPlan

__all__ = ["Staff"]


class Staff:
    """Starts workers and ends them, at the latest when it is forgotten or this process ends.

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
        self, env_fns: Sequence[Callable[[], Any]], settings: CrewSettings, file: SharedFile
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
            rows: For one that follows another, the arguments of `WorkerLanes.attach`.
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

    @property
    def is_ours(self) -> bool:
        """Whether this process started the workers; one forked from it did not."""
        return os.getpid() == self._owner

    def end(self, grace: float) -> None:
        """End all workers, those that do so by themselves within `grace` seconds unharmed."""
        end_processes(self.workers, self._owner, grace)
