"""What a worker process does: it moves its lanes when their entries come, and answers requests."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from dromos._core import workers as native
from dromos.process_state import ProcessState
from dromos.snapshot import one_restore
from dromos.snapshot import write as write_states
from dromos.vector.autoreset import UNSET, AutoresetMode, Writes
from dromos.vector.utils.misc import CloudpickleWrapper, dumps
from dromos.vector.workers.channel import (
    ANSWER,
    BROKEN,
    DONE,
    LANE_MASK,
    READY,
    REQUEST,
    RESULT_MESSAGE,
    RUN,
    Loss,
    Regions,
    SharedFile,
)
from dromos.vector.workers.failure import RemoteError
from dromos.vector.workers.run_rows import RunLayout
from dromos.vector.workers.states import judge_written, written_states
from dromos.vector.workers.worker import LaneRange, Worker

if TYPE_CHECKING:
    from dromos.spaces import Space

__all__ = [
    "MATH_THREADS",
    "LaneFacts",
    "Request",
    "WorkerPlan",
    "facts_of",
    "limit_math_threads",
    "run_worker",
]

#: How long a worker sleeps at a time, in seconds, before it looks for signals.
_NAP = 1.0

#: What the libraries read when they are loaded; ours too.
MATH_THREADS = (
    "DROMOS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


class LaneFacts(NamedTuple):
    """What a vector wants to know of an environment, as the attributes of an `Env`."""

    observation_space: Space[Any]
    action_space: Space[Any]
    metadata: dict[str, Any]
    render_mode: str | None


class Request(NamedTuple):
    """What a worker is asked: a method of `Requests`, and its arguments."""

    name: str
    arguments: tuple[Any, ...] = ()


class WorkerPlan(NamedTuple):
    """All that a worker is told when it starts.

    Attributes:
        worker: Its number.
        bounds: The first lanes of all workers, and the number of lanes.
        make_env_fns: Returns the functions that make the environments of its lanes.
        autoreset_mode: When a lane whose episode has ended is reset.
        file: What it shares with the vector.
        parent: The number of the process that starts it; None if a fork server does.
        rows: For a worker that follows one that died, the arguments of `Worker.attach`.
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


def facts_of(envs: Sequence[Any]) -> list[LaneFacts] | None:
    """Return the facts of each environment; None if their spaces cannot travel."""
    facts: list[LaneFacts] = []
    for env in envs:
        new = LaneFacts(env.observation_space, env.action_space, env.metadata, env.render_mode)
        # Equal ones travel once.
        facts.append(facts[-1] if facts and facts[-1][:2] == new[:2] else new)
    try:
        dumps(facts)
    except Exception:
        return None
    return facts


class Requests:
    """Answers requests; lanes are told by their index in the vector.

    Args:
        worker: What moves the lanes.

    Attributes:
        closed: Whether the last request was to close.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._lanes = worker.lanes
        self._undo: Callable[[], None] | None = None
        self._writes: Writes = []
        self.closed = False

    def respond(self, read: Callable[[], Request]) -> Any:
        """Return the answer to a request, or the `RemoteError` that came instead."""
        request = None
        try:
            request = read()
            answer = getattr(self, request.name)(*request.arguments)
            if answer is not None:
                dumps(answer)  # what cannot travel is an error here
            return answer
        except Exception as error:
            doing = f"answering {'a request' if request is None else request.name}"
            if request is not None and request.name == "call":
                doing = f"calling {request.arguments[1]}"
            return RemoteError(error, self._worker.span.worker, None, doing)

    def describe(self) -> list[LaneFacts] | None:
        """Return the facts of each lane; None if their spaces cannot travel."""
        return facts_of(self._lanes.envs)

    def attach(self, *arguments: Any) -> None:
        """Take up the shared rows."""
        self._worker.attach(*arguments)

    def call(
        self, lanes: list[int] | None, name: str, arguments: Sequence[Any], keywords: dict[str, Any]
    ) -> tuple[Any, ...]:
        """Call a method of the environments of some lanes, or of all, or read an attribute."""
        own = None if lanes is None else self._worker.own(lanes)
        return self._lanes.call(name, arguments, keywords, own)

    def set_attr(self, name: str, values: list[Any]) -> None:
        """Set an attribute of each environment, or of none; `undo` sets them back."""
        self._undo = None
        self._undo = self._lanes.set_attr(name, values)

    def undo(self) -> None:
        """Take back the last `set_attr` or `judge`, since another worker refused it."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def read(self, lanes: list[int], waiting: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what `EnvLanes.read` gives of lanes: what is no array as trees, and the arrays."""
        return written_states(self._lanes, self._worker.own(lanes), self._worker.own(waiting))

    def judge(self, lanes: list[int], state: dict[str, Any]) -> None:
        """Look whether states fit lanes; `write` puts them there, `undo` forgets them."""
        self._undo = None
        with one_restore() as restore:
            self._writes = judge_written(self._lanes, self._worker.own(lanes), state)
        self._written, self._undo = lanes, restore.undo

    def write(self) -> int | None:
        """Put the states judged last into their lanes, and let those report that were ever reset.

        Returns:
            The lane whose answer region holds `Results`, if there are any.
        """
        writes, self._writes, self._undo = self._writes, [], None
        write_states(writes, "the lanes of a worker")
        first, status = self._worker.span.first, self._lanes.episodes.status
        told = [lane for lane in self._written if status[lane - first] != UNSET]
        return told[0] if told and self._worker.write(told) == RESULT_MESSAGE else None

    def prepare_run(self, layout: RunLayout) -> None:
        """Take up the shared arrays of many steps."""
        self._worker.prepare_run(layout)

    def run(self) -> tuple[int, RemoteError] | None:
        """Move all lanes many times (see `Worker.run`)."""
        return self._worker.run()

    def close(self) -> None:
        """Close the environments."""
        self.closed = True
        self._lanes.close_envs()


def run_worker(plan: WorkerPlan) -> None:
    """Be a worker until the vector closes it or its process ends."""
    _settle_in(plan.parent)
    memory = plan.file.map(native.exchange_bytes(plan.bounds))
    exchange = native.WorkerEnd(memory, plan.bounds, plan.worker)
    first = plan.span.first

    def answer(kind: int, message: object) -> None:
        plan.file.write(plan.regions.answer(plan.worker), message)
        exchange.publish([kind | first])

    def asked() -> Request:
        request: Request = plan.file.read(plan.regions.request(plan.worker))
        return request

    try:
        lanes = Worker(plan.span, plan.make_env_fns(), plan, exchange)
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
        if REQUEST | first not in entries and RUN | first not in entries:
            lanes.handle(entries)
            continue
        for entry in entries:
            kind = entry & ~LANE_MASK
            if kind not in (REQUEST, RUN):
                lanes.handle([entry])
                continue
            response = requests.respond(asked if kind == REQUEST else partial(Request, "run"))
            if response is None:
                exchange.publish([DONE | first])
            else:
                answer(ANSWER, response)


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


def limit_math_threads(count: int = 1) -> None:
    """Let libraries that this process has loaded, or will load, use some threads each.

    Of those loaded, with threadpoolctl if it is installed; a variable the user has set stays.
    """
    for name in MATH_THREADS:
        os.environ.setdefault(name, str(count))
    with contextlib.suppress(ImportError):
        import threadpoolctl  # type: ignore[import-not-found]

        threadpoolctl.threadpool_limits(count)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(count)
