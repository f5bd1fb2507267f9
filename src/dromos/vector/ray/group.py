"""A group of lanes in an actor: an ordinary engine of this library, spoken to by messages.

Lanes are told by their index in the group. Where lanes are in their episodes the vector keeps too:
what it has changed there comes with the next message, and what a call has changed goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from dromos.process_state import ProcessState
from dromos.snapshot import Writes, one_restore
from dromos.snapshot import write as write_states
from dromos.spaces import Space
from dromos.vector.autoreset import UNSET, AutoresetMode, read_episodes
from dromos.vector.lane_spaces import LaneSpaces
from dromos.vector.lane_vector import LaneVector
from dromos.vector.lanes import Lanes, StepResult
from dromos.vector.ray.runs import Ran, run_lanes
from dromos.vector.reset_plan import ResetPlan
from dromos.vector.sync_vector_env import SerialLanes
from dromos.vector.utils.misc import CloudpickleWrapper
from dromos.vector.workers.failure import RemoteError, action_text
from dromos.vector.workers.run import LaneFacts, facts_of, limit_math_threads
from dromos.vector.workers.states import judge_written, merged_states, written_states

__all__ = ["EPISODES", "BatchGroup", "BatchPlan", "Moved", "PythonGroup", "PythonPlan"]

#: What both sides keep of episodes.
EPISODES = ("elapsed", "limit", "restarted", "status")

_GROUP = "a group of lanes"


class Moved(NamedTuple):
    """What lanes report after a step, a reset or a restore.

    Attributes:
        lanes: Those that report, ascending.
        result: What they report, one row each; None if there are none.
        ended: In SAME_STEP mode, those of them whose episode has ended.
        finals: What these observed at its end, batched.
        episodes: Where all lanes that were to move are in their episodes, by name.
        failures: What others raised instead.
    """

    lanes: list[int]
    result: StepResult | None
    ended: list[int]
    finals: Any
    episodes: dict[str, Any]
    failures: dict[int, RemoteError]


class Group:
    """Lanes of one actor.

    Args:
        lanes: What moves them.
        number: The actor's number.
        first: The vector's index of the first of them.
    """

    def __init__(self, lanes: Lanes, number: int, first: int) -> None:
        self.lanes, self.number, self.first = lanes, number, first
        self._all = list(range(len(lanes.episodes.status)))

    def take_episodes(self, own: list[int], episodes: dict[str, Any] | None) -> None:
        """Take over where lanes are in their episodes, if the vector has changed that."""
        for name, column in (episodes or {}).items():
            getattr(self.lanes.episodes, name)[own] = column

    def told(self, asked: list[int], failures: dict[int, RemoteError]) -> Moved:
        """Return what lanes report, but for those that failed or never had an episode."""
        status = self.lanes.episodes.status
        own = [lane for lane in asked if lane not in failures and status[lane] != UNSET]
        result, ended, finals = None, [], None
        if own:
            result = self.lanes.report(None if own == self._all else own)
        if result is not None and self.lanes.mode is AutoresetMode.SAME_STEP:
            over = np.flatnonzero(result[2] | result[3])
            ended = [own[row] for row in over.tolist()]
            finals = self.lanes.final(ended) if ended else None
        episodes = read_episodes(self.lanes.episodes, asked)
        return Moved(own, result, ended, finals, episodes, failures)

    def error(self, error: Exception, lane: int, doing: str) -> RemoteError:
        """Return an exception of a lane as what can travel."""
        return RemoteError(error, self.number, self.first + lane, doing)

    def move(self, own: list[int], actions: Any, episodes: dict[str, Any] | None) -> Moved:
        """Let lanes take a step each."""
        raise NotImplementedError(f"{type(self).__name__} does not define `move`")

    @property
    def space(self) -> Space[Any]:
        """What one lane shows."""
        raise NotImplementedError(f"{type(self).__name__} does not define `space`")

    def run(self, actions: Any, episodes: dict[str, Any] | None) -> Ran:
        """Let all lanes make many steps (see `run_lanes`)."""
        self.take_episodes(self._all, episodes)
        move = partial(self.move, self._all, episodes=None)
        return run_lanes(self.lanes, self.space, actions, move)

    def render(self, own: list[int]) -> tuple[Any, ...]:
        """Return a frame of each of some lanes."""
        return self.lanes.render(own)

    def close(self) -> None:
        """Close the lanes."""
        self.lanes.close()


class PythonGroup(Group):
    """Environments written in Python, one after another."""

    lanes: SerialLanes

    def __init__(self, lanes: SerialLanes, number: int, first: int) -> None:
        super().__init__(lanes, number, first)
        self._writes: Writes = []
        self._written: list[int] = []
        self._undo: Callable[[], None] | None = None

    def describe(self) -> list[LaneFacts] | None:
        """Return the facts of each environment; None if those cannot travel."""
        return facts_of(self.lanes.envs)

    @property
    def space(self) -> Space[Any]:
        """What one lane shows."""
        return self._space

    def attach(self, spaces: LaneSpaces) -> None:
        """Batch elements of these spaces; a batch is on its way before the next is made."""
        self._space = spaces.observation[0]
        self.lanes.take_spaces(spaces, copy=False)

    def move(self, own: list[int], actions: Any, episodes: dict[str, Any] | None) -> Moved:
        """Let lanes take a step each, those behind one that raises too."""
        self.take_episodes(own, episodes)
        rows = self.lanes.split(actions, len(own))
        raised = self._move_each(own, rows)
        doing = dict(zip(own, rows, strict=True))
        return self.told(own, {
            lane: self.error(error, lane, f"stepping with action {action_text(doing[lane])}")
            for lane, error in raised.items()
        })  # fmt: skip

    def _move_each(self, own: list[int], actions: list[Any]) -> dict[int, Exception]:
        """Let lanes take a step each, and return what some raised, which have no episode then."""
        failures: dict[int, Exception] = {}
        first = 0
        while (fault := self.lanes.walker.step(own, actions, first)) is not None:
            position, error = fault
            self.lanes.episodes.interrupt([own[position]])
            if not isinstance(error, Exception):
                raise error
            failures[own[position]] = error
            first = position + 1
        return failures

    def told(self, asked: list[int], failures: dict[int, RemoteError]) -> Moved:
        """Return what lanes report; those whose observations fit no batch have failed."""
        status = self.lanes.episodes.status.copy()
        try:
            return super().told(asked, failures)
        except Exception:
            self.lanes.episodes.status[:] = status  # nobody knew whose it was
        for lane in [lane for lane in asked if lane not in failures and status[lane] != UNSET]:
            try:
                self.lanes.report([lane])
            except Exception as error:
                failures[lane] = self.error(error, lane, "reporting its results")
        return super().told(asked, failures)

    def reset(self, plan: ResetPlan, episodes: dict[str, Any] | None) -> Moved:
        """Start episodes, those behind one that raises too."""
        own = plan.lanes.tolist()
        self.take_episodes(own, episodes)
        failures = {}
        for lane, seed, options in zip(own, plan.seeds, plan.options, strict=True):
            try:
                self.lanes.reset_lanes([lane], [seed], [options])
            except Exception as error:
                doing = f"resetting with seed {seed} and options {options}"
                failures[lane] = self.error(error, lane, doing)
        return self.told(own, failures)

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each environment, or read what is not callable."""
        return self.lanes.call(name, args, kwargs)

    def set_attr(self, name: str, values: list[Any]) -> None:
        """Set an attribute of each environment, or of none; `undo` sets them back."""
        self._undo = None
        self._undo = self.lanes.set_attr(name, values)

    def undo(self) -> None:
        """Take back the last `set_attr` or `judge`, since another group refused it."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def read(self, own: list[int], waiting: list[int]) -> Any:
        """Return states of lanes, ready to travel (see `merged_states`)."""
        return written_states(self.lanes, own, waiting)

    def judge(self, own: list[int], state: dict[str, Any]) -> None:
        """Look whether states fit lanes; `write` puts them there, `undo` forgets them."""
        self._undo = None
        with one_restore() as restore:
            self._writes = judge_written(self.lanes, own, state)
        self._written, self._undo = own, restore.undo

    def write(self, episodes: dict[str, Any] | None) -> Moved:
        """Put the states judged last into their lanes; those that were ever reset report."""
        writes, self._writes, self._undo = self._writes, [], None
        write_states(writes, _GROUP)
        self.take_episodes(self._written, episodes)
        return self.told(self._written, {})

    def keep(self) -> Any:
        """Return the state of all lanes, for an actor that follows this one."""
        return self.read(self._all, self._all), read_episodes(self.lanes.episodes, self._all)

    def resume(self, kept: Any) -> None:
        """Take over what `keep` returned."""
        states, episodes = kept
        self.judge(self._all, merged_states([states], self._all))
        write_states(self._writes, _GROUP)
        self.take_episodes(self._all, episodes)


class BatchGroup(Group):
    """Lanes that one engine moves at once."""

    def __init__(self, vector: LaneVector[Any, Any], number: int, first: int) -> None:
        super().__init__(vector._lanes, number, first)
        self.vector = vector

    @property
    def space(self) -> Space[Any]:
        """What one lane shows."""
        return self.vector.single_observation_space

    def describe(self) -> None:
        """Return nothing: the vector knows what it asked for."""

    def move(self, own: list[int], actions: Any, episodes: dict[str, Any] | None) -> Moved:
        """Let lanes take a step each."""
        self.take_episodes(own, episodes)

        def step() -> None:
            self.lanes.post(None if own == self._all else own, actions)
            self.lanes.wait(lambda: len(self.lanes.moving), None)

        return self._done(own, step, "stepping")

    def reset(self, plan: ResetPlan, episodes: dict[str, Any] | None) -> Moved:
        """Start episodes."""
        own = plan.lanes.tolist()
        self.take_episodes(own, episodes)
        return self._done(own, lambda: self.lanes.reset(plan), "resetting")

    def _done(self, own: list[int], action: Callable[[], None], doing: str) -> Moved:
        """Do something with lanes; if that raises, nobody knows what became of any of them."""
        failures = {}
        try:
            action()
        except Exception as error:
            self.lanes.episodes.interrupt(own)
            failures = dict.fromkeys(own, self.error(error, own[0], doing))
        self.lanes.finished.clear()
        return self.told(own, failures)

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute."""
        return self.vector.call(name, *args, **kwargs)

    def read(self, own: list[int], waiting: list[int]) -> Any:
        """Return states of lanes, and where they are in their episodes."""
        return self.lanes.read(own, waiting), read_episodes(self.lanes.episodes, own)

    def put(self, own: list[int], state: Any, episodes: dict[str, Any] | None) -> Moved:
        """Put states into lanes; those that were ever reset report."""
        self.take_episodes(own, episodes)
        with one_restore():
            write_states(self.lanes.judge(state, own), _GROUP)
        return self.told(own, {})

    def keep(self) -> Any:
        """Return the state of all lanes, for an actor that follows this one."""
        return self.read(self._all, self._all)

    def resume(self, kept: Any) -> None:
        """Take over what `keep` returned."""
        self.put(self._all, *kept)

    def close(self) -> None:
        """Close the engine."""
        self.vector.close()


class PythonPlan(NamedTuple):
    """What an actor is told to make a group of environments in Python.

    Attributes:
        state: What its process has to be told.
        number: Its number.
        first: The vector's index of the group's first lane.
        make_env_fns: Returns the functions that make the environments.
        mode: When a lane whose episode has ended is reset.
        threads: How many threads libraries may use.
    """

    state: ProcessState
    number: int
    first: int
    make_env_fns: CloudpickleWrapper[list[Callable[[], Any]]]
    mode: AutoresetMode
    threads: int

    def make(self) -> PythonGroup:
        """Return the group."""
        limit_math_threads(self.threads)
        return PythonGroup(SerialLanes(self.make_env_fns(), self.mode), self.number, self.first)


class BatchPlan(NamedTuple):
    """What an actor is told to make a group of lanes that one engine moves.

    Attributes:
        state: What its process has to be told.
        number: Its number.
        first: The vector's index of the group's first lane.
        make_vector: Returns a vector of them.
        threads: How many threads libraries may use.
    """

    state: ProcessState
    number: int
    first: int
    make_vector: CloudpickleWrapper[LaneVector[Any, Any]]
    threads: int

    def make(self) -> BatchGroup:
        """Return the group."""
        limit_math_threads(self.threads)
        return BatchGroup(self.make_vector(), self.number, self.first)
