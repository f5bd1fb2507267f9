"""What a worker process does: it moves its lanes when their entries come."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any, NamedTuple

from dromos._core import workers as native
from dromos.process_state import ProcessState
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.utils.misc import CloudpickleWrapper
from dromos.vector.workers.entries import (
    ANSWER,
    BROKEN,
    LANE_MASK,
    READY,
    REQUEST,
    Loss,
    Regions,
)
from dromos.vector.workers.failure import RemoteError
from dromos.vector.workers.math_threads import limit_math_threads
from dromos.vector.workers.requests import Requests
from dromos.vector.workers.shared_file import SharedFile
from dromos.vector.workers.worker_lanes import LaneRange, WorkerLanes

__all__ = ["WorkerPlan", "run_worker"]

#: How long a worker sleeps at a time, in seconds, before it looks for signals.
_NAP = 1.0


class WorkerPlan(NamedTuple):
    """All that a worker is told when it starts.

    Attributes:
        worker: Its number.
        bounds: The first lanes of all workers, and the number of lanes.
        make_env_fns: Returns the functions that make the environments of its lanes.
        autoreset_mode: When a lane whose episode has ended is reset.
        file: What it shares with the vector.
        parent: The number of the process that starts it; None if a fork server does.
        rows: For a worker that follows one that died, the arguments of `WorkerLanes.attach`.
        losses: Likewise, what became of each of its lanes.
        state: What its process has to be told.
    """

    worker: int
    bounds: list[int]
    make_env_fns: CloudpickleWrapper[list[Callable[[], Any]]]
    autoreset_mode: AutoresetMode
    file: SharedFile
    parent: int | None
    rows: tuple[Any, ...] | None
    losses: dict[int, Loss]
    state: ProcessState = ProcessState()

    @property
    def span(self) -> LaneRange:
        """The lanes of the worker."""
        return LaneRange(self.worker, self.bounds[self.worker], self.bounds[self.worker + 1])

    @property
    def regions(self) -> Regions:
        """The regions of the shared file."""
        return Regions(self.bounds[-1], len(self.bounds) - 1)


def run_worker(plan: WorkerPlan) -> None:
    """Be a worker until the vector closes it or its process ends."""
    _settle_in(plan.parent)
    memory = plan.file.map(native.exchange_bytes(plan.bounds))
    exchange = native.WorkerEnd(memory, plan.bounds, plan.worker)
    first = plan.span.first

    def answer(kind: int, message: object) -> None:
        plan.file.write(plan.regions.answer(plan.worker), message)
        exchange.publish([kind | first])

    try:
        lanes = WorkerLanes(plan.span, plan.make_env_fns(), plan, exchange)
        requests = Requests(lanes)
        if plan.rows is not None:
            lanes.attach(*plan.rows)
    except Exception as error:
        answer(BROKEN, RemoteError(error, plan.worker, None, "making its environments"))
        return
    answer(READY, requests.describe() if plan.rows is None else None)
    while not requests.closed:
        entries = exchange.take(_NAP)
        if entries is None:
            lanes.step_everyone()
            continue
        if REQUEST | first not in entries:
            lanes.handle(entries)
            continue
        for entry in entries:
            if entry & ~LANE_MASK != REQUEST:
                lanes.handle([entry])
            else:
                answer(ANSWER, requests.respond(plan.file, plan.regions.request(plan.worker)))


def _settle_in(expected_parent: int | None) -> None:
    """End with the vector's process, and leave Ctrl-C to it."""
    from multiprocessing import parent_process

    vector_process, parent = parent_process(), os.getppid()
    assert vector_process is not None
    if expected_parent not in (None, parent):  # it has ended already
        os._exit(1)
    native.end_with_parent(vector_process.sentinel, parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    limit_math_threads()
