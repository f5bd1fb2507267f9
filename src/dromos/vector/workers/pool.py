"""The workers of a vector, seen from its process: work handed out, results and losses taken in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from dromos._core import workers as native
from dromos.error import WorkerError
from dromos.vector.workers.channel import (
    ANSWER,
    BROKEN,
    DONE,
    FAILED,
    LANE_MASK,
    READY,
    RENEW,
    REQUEST,
    RESULT_MESSAGE,
    RUN,
    Loss,
    Regions,
    Results,
    SharedFile,
)
from dromos.vector.workers.failure import RemoteError
from dromos.vector.workers.processes import WorkerProcesses
from dromos.vector.workers.run import LaneFacts, Request
from dromos.vector.workers.settings import Limits, PoolSettings

__all__ = ["WorkerPool"]

#: How often workers that do not answer are looked after, in seconds.
_LOOK = 0.05


class WorkerPool:
    """Processes that move the lanes of a vector.

    Attributes:
        processes: Their processes.
        file: What is shared with them.
        exchange_size: How many bytes at its beginning the exchange has.
        regions: The regions of that file.
        finished: The lanes that have moved, in that order, until somebody takes them out.
        failures: The exceptions of the lanes that failed instead.
        infos: The infos of finished lanes, at least those that are not empty.
        observations: Observations and final observations of lanes, if they have no shared rows.
        seeds: The last seed of each lane.
        dead: Why workers that have ended and are not replaced did so.
        restarts: How often something lost was replaced.
    """

    def __init__(self, env_fns: Sequence[Callable[[], Any]], settings: PoolSettings) -> None:
        """Start the workers; `introduce` waits until they have made their environments."""
        self._limits = settings.limits
        self.file = SharedFile.create()
        self.processes = WorkerProcesses(env_fns, settings, self.file)
        self.regions = Regions(len(env_fns), len(self.processes))
        self.exchange_size = native.exchange_bytes(settings.bounds)
        self._exchange: Any = native.ParentEnd(self.file.map(self.exchange_size), settings.bounds)
        self._worker_of = self.processes.worker_of
        self._pending: dict[int, int] = {}
        self.finished: list[int] = []
        self.failures: dict[int, Exception] = {}
        self.infos: dict[int, dict[str, Any]] = {}
        self.observations: dict[int, tuple[Any, Any]] = {}
        self.seeds: list[int | None] = [None] * len(env_fns)
        self.dead: dict[int, Exception] = {}
        self.restarts = 0
        self._starting: dict[int, float] = {}  # workers, and since when
        self._facts: dict[int, list[LaneFacts] | None] = {}
        self._asked: dict[int, int] = {}  # requests under way, by the first lane of the worker
        self._answers: dict[int, Any] = {}
        self._rows: tuple[Any, ...] | None = None
        self._next_look = 0.0
        self._last_sign = [time.monotonic()] * len(self.processes)
        for worker in range(len(self.processes)):
            self._start(worker, {})

    def _start(self, worker: int, losses: dict[int, Loss]) -> None:
        self._starting[worker] = time.monotonic()
        self.processes.start(worker, self._rows, losses)

    def introduce(self) -> list[list[LaneFacts] | None]:
        """Wait until the workers have made their environments.

        Returns:
            The facts of its lanes from each worker; None if those cannot travel.

        Raises:
            Exception: What a worker raised making an environment, or the end of a worker.
        """
        self.wait(lambda: len(self._starting), None)
        for _, error in sorted(self.dead.items()):
            raise error
        return [facts for _, facts in sorted(self._facts.items())]

    def post(self, entries: list[int]) -> None:
        """Let lanes move.

        Raises:
            WorkerError: If the worker of one of them has ended; then none moves.
        """
        if self.dead:
            self.refuse_dead(entry & LANE_MASK for entry in entries)
        self._note_signs(range(len(self.processes)))
        self._exchange.move(entries, self.pending)

    def post_steps(self) -> None:
        """Let every lane step with its action in the shared rows; errors as of `post`."""
        if self.dead:
            self.refuse_dead(range(len(self._worker_of)))
        self._note_signs(range(len(self.processes)))
        self._exchange.move_everyone()

    @property
    def pending(self) -> dict[int, int]:
        """The lanes that are moving, each with the entry that was posted for it; mutable."""
        self._exchange.enter_everyone(self._pending)  # mostly, nobody asks
        return self._pending

    @property
    def moves(self) -> bool:
        """Whether a lane is moving."""
        return self._exchange.everyone_moves or bool(self._pending)

    def refuse_dead(self, lanes: Iterable[int]) -> None:
        """Raise if the worker of one of these lanes has ended.

        Raises:
            WorkerError: If it has.
        """
        for lane in lanes:
            if (error := self.dead.get(self._worker_of[lane])) is not None:
                raise WorkerError(f"Cannot move lane {lane} any more: {error}") from error

    def wait(self, ready: Callable[[], int], deadline: float | None) -> bool:
        """Take in what workers report until `ready()`, or a time of `time.monotonic`.

        Args:
            ready: Returns how many reports are missing, at least; 0 ends the wait.
            deadline: The time, None for none.

        Returns:
            Whether nothing is missing.
        """
        self._receive([])  # what a signal kept from being taken in
        while missing := ready():
            now = time.monotonic()
            left = _LOOK if deadline is None else min(_LOOK, deadline - now)
            entries = self._exchange.collect(missing, max(left, 0.0))
            if entries:
                self._receive(entries)
            if not entries or now >= self._next_look:
                self._look_after(now)
            if deadline is not None and now >= deadline:
                return not ready()
        return True

    def wait_for_steps(self, deadline: float | None) -> bool:
        """Wait until no lane is moving, where every lane steps; `finished` may remain empty."""
        if deadline is None and self._exchange.collect_everyone(_LOOK):
            return True
        return self.wait(lambda: len(self.pending), deadline)

    def _receive(self, entries: list[int]) -> None:
        """Take in all that has come.

        What a signal interrupts is done once more by the next call: whatever happens to an entry
        before it is finished or dropped can be repeated.

        Args:
            entries: What is new of it.
        """
        self._note_signs(self._worker_of[entry & LANE_MASK] for entry in entries)
        pending, finished, exchange = self.pending, self.finished, self._exchange
        while (entry := exchange.finish_plain(pending, finished)) is not None:
            kind, lane = entry & ~LANE_MASK, entry & LANE_MASK
            if kind == RESULT_MESSAGE:
                self.take_results(lane)
                exchange.finish_first(pending, finished)
                self.file.free()
            elif kind == FAILED:
                exchange.drop_first(self._take_failure(lane))
            else:
                self._take_answer(kind, self._worker_of[lane])

    def _take_answer(self, kind: int, worker: int) -> None:
        answer: Any = None
        try:
            if kind != DONE:
                answer = self.file.read(self.regions.answer(worker), keep=True)
        except Exception as error:
            answer = _unreadable(f"What worker {worker} answered", error)
        if kind in (ANSWER, DONE):
            self._answers[worker] = answer
        elif kind == READY:
            self._facts.setdefault(worker, answer)
            self._starting.pop(worker, None)
        self._exchange.drop_first([])
        self.file.free()
        if kind == BROKEN:
            remote = isinstance(answer, RemoteError)
            end = answer.summary if remote else answer
            self._lose(worker, f"failed: {end}", answer.exception() if remote else answer)

    def take_results(self, lane: int) -> None:
        """Take in the `Results` in the answer region of a lane, which stay to be freed."""
        try:
            results: Results = self.file.read(self.regions.lane_answer(lane), keep=True)
        except Exception as error:  # what it reports cannot be made again here
            self.failures[lane] = _unreadable(f"What lane {lane} reported", error)
            return
        self.infos.update(zip(results.lanes, results.infos, strict=False))
        if results.observations is not None:
            assert results.finals is not None
            rows = zip(results.observations, results.finals, strict=True)
            self.observations.update(zip(results.lanes, rows, strict=True))

    def _take_failure(self, lane: int) -> list[int]:
        """Take in that a lane failed; return what its worker is told."""
        region = self.regions.lane_answer(lane)
        failure: RemoteError | Loss = self.file.read(region)
        if isinstance(failure, RemoteError):
            if not self._may_restart():
                self.failures[lane] = failure.exception(self.seeds[lane])
                self.pending.pop(lane, None)
                return []
            self.restarts += 1
            self.file.write(region, self._loss(lane, failure.summary))
        return [RENEW | lane, self.pending[lane]]

    def _may_restart(self) -> bool:
        most = self._limits.max_restarts
        return self._limits.restart and (most is None or self.restarts < most)

    def _loss(self, lane: int, reason: str) -> Loss:
        seed = self.seeds[lane]
        if seed is not None:  # not the same episodes once more
            sequence = np.random.SeedSequence((seed, self.restarts))
            seed = int(sequence.generate_state(1)[0])
        return Loss(reason, seed)

    # Requests

    def ask(self, requests: dict[int, Request]) -> None:
        """Ask workers; `answers` has what they answer.

        Answers that nobody took, because a signal ended that call, are awaited and dropped first.

        Args:
            requests: What each worker is asked.
        """
        self._drop_answers(requests)
        for worker, request in requests.items():
            self.file.write_portably(self.regions.request(worker), request)
        entries = [REQUEST | self.processes.bounds[worker] for worker in requests]
        self._exchange.move(entries, self._asked)

    def ask_to_run(self) -> None:
        """Ask every worker to make the steps that the shared arrays say, as `ask` does."""
        self._drop_answers(range(len(self.processes)))
        entries = [RUN | first for first in self.processes.bounds[:-1]]
        self._exchange.move(entries, self._asked)

    def _drop_answers(self, workers: Iterable[int]) -> None:
        """Await and drop what is owed, and raise if one of these workers has ended."""
        if self._asked:
            self.wait_for_answers(None)
        self.forget_answers()
        if self.dead:
            self.refuse_dead(self.processes.bounds[worker] for worker in workers)

    def ask_all(self, request: Request) -> None:
        """Ask every worker the same."""
        self.ask(dict.fromkeys(range(len(self.processes)), request))

    def wait_for_answers(self, deadline: float | None) -> bool:
        """Wait until every worker that was asked has answered; return whether that is so."""
        return self.wait(lambda: len(self._owing()), deadline)

    def _owing(self) -> set[int]:
        """Return the workers that have been asked and have not answered."""
        return {self._worker_of[lane] for lane in self._asked} - self._answers.keys()

    @property
    def waits_for_all(self) -> bool:
        """Whether lanes neither are replaced when they are lost, nor have to report in time."""
        return not self._limits.restart and self._limits.step_timeout is None

    @property
    def awaits_answers(self) -> bool:
        """Whether answers are awaited, or have come and were not taken."""
        return bool(self._asked)

    def forget_answers(self) -> None:
        """Drop answers that nobody wants any more; all have come."""
        self._asked, self._answers = {}, {}

    def answers(self) -> list[Any]:
        """Return the answers that `wait_for_answers` waited for, those of lower lanes first.

        Raises:
            Exception: What a worker raised instead of answering, or the end of a worker.
        """
        answers = [answer for _, answer in sorted(self._answers.items())]
        self.forget_answers()
        for answer in answers:
            if isinstance(answer, RemoteError):
                raise answer.exception()
            if isinstance(answer, Exception):
                raise answer
        return answers

    def attach(self, *arguments: Any) -> None:
        """Let every worker take up the shared rows, and those that follow it too."""
        self._rows = arguments
        self.ask_all(Request("attach", arguments))
        self.wait_for_answers(None)
        self.answers()

    # Losses

    def _note_signs(self, workers: Iterable[int]) -> None:
        if self._limits.step_timeout is None:
            return
        now = time.monotonic()
        for worker in workers:
            self._last_sign[worker] = now

    def _look_after(self, now: float) -> None:
        """Find workers that have ended, or have hung for too long."""
        self._next_look = now + _LOOK
        hanging = {self._worker_of[lane] for lane in self.pending}
        for worker, process in enumerate(self.processes.workers):
            if worker in self.dead:
                continue
            end = process.end
            if end is None:
                end = self._overdue(worker, now, worker in hanging)
            if end is not None:
                self._lose(worker, end)

    def _overdue(self, worker: int, now: float, moving: bool) -> str | None:
        if (since := self._starting.get(worker)) is not None:
            limit = self._limits.start_timeout
            if limit is None or now - since <= limit:
                return None
            return f"did not make its environments within start_timeout={limit} s"
        limit = self._limits.step_timeout
        if not moving or limit is None or now - self._last_sign[worker] <= limit:
            return None
        return f"did not finish a step or reset within step_timeout={limit} s"

    def _lose(self, worker: int, end: str, cause: Exception | None = None) -> None:
        """Take leave of a worker that has ended, hangs, or could not make its environments."""
        process = self.processes.workers[worker]
        process.kill()
        # What it published before its end counts.
        self._receive(self._exchange.collect(0, 0.0))
        self._exchange.clear(worker)
        starting = self._starting.pop(worker, None) is not None
        moving = [lane for lane in self.processes.lanes_of(worker) if lane in self.pending]
        what = f"while moving lanes {moving}" if moving else "while no lane was moving"
        if starting:
            what = "before it had made its environments; its own output may say why"
        reason = f"Worker {worker} (process {process.process.pid}) {end} {what}."
        if self._rows is not None and self._may_restart():
            self._replace(worker, reason)
        else:
            self._bury(worker, cause or WorkerError(reason + self._last_words(moving)))

    def _last_words(self, moving: list[int]) -> str:
        seeds = {lane: self.seeds[lane] for lane in moving}
        seeded = f" The last seeds of these lanes: {seeds}." if moving else ""
        return (
            f"{seeded} Close the vector, or make it with on_worker_failure='restart' and enough "
            "max_restarts to go on with new environments."
        )

    def _bury(self, worker: int, error: Exception) -> None:
        self.dead[worker] = error
        for lane in self.processes.lanes_of(worker):
            if self.pending.pop(lane, None) is not None:
                self.failures[lane] = error
        if worker in self._owing():
            self._answers[worker] = error

    def _replace(self, worker: int, reason: str) -> None:
        """Start another worker in the place of one, and let it go on with what that had to do."""
        self.restarts += 1
        if worker in self._owing():
            self._answers[worker] = WorkerError(f"{reason} Its answer is lost.")
        losses = {lane: self._loss(lane, reason) for lane in self.processes.lanes_of(worker)}
        # Before the worker starts: one that never does is missed, one without work is not.
        self._exchange.post([self.pending[lane] for lane in losses if lane in self.pending])
        self._start(worker, losses)

    def close(self, grace: float) -> list[Exception]:
        """Let the workers close their environments and end; end those that do not.

        Args:
            grace: How long they may take, in seconds.

        Returns:
            What closing the environments raised.
        """
        if not self.processes.is_ours:
            return []
        deadline = time.monotonic() + grace
        self._limits = Limits(False, None, None, None)
        hanging: set[int] = set()
        try:
            self.wait_for_answers(deadline - grace / 2)  # of a call that nobody waits for any more
            hanging = self._owing()
            self.forget_answers()
            alive = set(range(len(self.processes))) - self.dead.keys() - self._starting.keys()
            self.ask(dict.fromkeys(sorted(alive - hanging), Request("close")))
            self.wait_for_answers(deadline)
            answers = [one for who, one in sorted(self._answers.items()) if who not in hanging]
            return [error.exception() for error in answers if isinstance(error, RemoteError)]
        finally:
            late = hanging or self._owing() or self._starting
            left = 0.0 if late else max(1.0, deadline - time.monotonic())
            self.processes.end(left)
            self.file.close()
            self._exchange = None  # its memory goes with it


def _unreadable(what: str, error: Exception) -> WorkerError:
    return WorkerError(
        f"{what} cannot be unpickled in this process ({type(error).__name__}: {error}); its class "
        "must be importable here and its constructor must not raise."
    )
