"""The lanes of a vector over Ray: let move, waited for, and reported, group by group."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos._core.episodes import Guard
from dromos.error import AlreadyPendingCallError
from dromos.vector.actions import ActionSplitter
from dromos.vector.autoreset import AutoresetMode, Writes, make_episodes, refuse_idle
from dromos.vector.infos import batch_infos
from dromos.vector.lane_spaces import LaneSpaces, batches_to_arrays
from dromos.vector.lanes import Lanes, StepResult
from dromos.vector.ray.actors import Actors
from dromos.vector.ray.group import EPISODES, Moved
from dromos.vector.ray.messages import Message
from dromos.vector.ray.rows import ReportRows
from dromos.vector.ray.runs import Ran, run_groups
from dromos.vector.ray.states import BatchStates, PythonStates
from dromos.vector.reset_plan import ResetPlan
from dromos.vector.workers.failure import RemoteError, first_failure

if TYPE_CHECKING:
    from dromos.rollout.recording import Target

__all__ = ["RayLanes"]

#: How long `close` gives the actors by default, in seconds.
_GRACE = 10.0


class RayLanes(Lanes):
    """Lanes that live in actors, a group of adjacent ones each.

    Args:
        actors: The actors.
        spaces: The spaces of one lane and of all.
        mode: When a lane whose episode has ended is reset.
        copy: Whether each batch of observations has memory of its own.
        states: What knows what their states are.

    Attributes:
        actors: The same.
        states: The same.
        action_space: The actions of one lane.
    """

    #: What a message there and back takes, roughly.
    seconds_a_step = 5e-3

    def __init__(
        self,
        actors: Actors,
        spaces: LaneSpaces,
        mode: AutoresetMode,
        copy: bool,
        states: PythonStates | BatchStates,
    ) -> None:
        self.actors, self.mode, self.states = actors, mode, states
        take = weakref.WeakMethod(self._take)  # a vector that is forgotten ends its actors at once
        actors.on_moved = lambda message: _call(take(), message)
        count = actors.bounds[-1]
        self.episodes = make_episodes(count, mode)
        self._known = {name: getattr(self.episodes, name).copy() for name in EPISODES}
        self.guard = Guard(bound=True)
        self.finished: list[int] = []
        self.failures: dict[int, Exception] = {}
        self.seeds: list[int | None] = [None] * count
        self._all = list(range(count))
        self._moving: set[int] = set()
        self._messages: list[Message] = []
        twin = states.twin._lanes if isinstance(states, BatchStates) else None
        self._judge: Any = twin if hasattr(twin, "judge_actions") else None
        self.action_space = spaces.action[0]
        both = spaces.observation[0], spaces.action[0]
        self._runs = all(map(batches_to_arrays, both))
        self._plain_rewards = twin is not None  # else a step of all lanes shows it
        self._split = ActionSplitter(*spaces.action, count)
        self._rows = ReportRows(spaces, count, copy, finals=mode is AutoresetMode.SAME_STEP)

    def set_limit(self, limit: int) -> None:
        """Note the limit that the actors' lanes were made with."""
        self.episodes.limit[:] = self._known["limit"][:] = limit

    @property
    def moving(self) -> Collection[int]:
        """The lanes that move."""
        return self._moving

    def own(self, actor: int, lanes: Iterable[int]) -> list[int]:
        """Return lanes by their index in an actor's group."""
        first = self.actors.bounds[actor]
        return [lane - first for lane in lanes]

    # Steps

    def step(self, actions: Any) -> StepResult:
        """Move all lanes, and return what they report."""
        with self.guard:
            if self._moving:
                raise AlreadyPendingCallError(
                    f"Cannot step lanes {sorted(self._moving)}, which are still moving; call "
                    "`recv()` first, or `reset()`.",
                    "step",
                )
            try:
                self.post(None, actions)
                self._finish(self._all)
            except BaseException:  # a signal may have come between two messages
                if self._moving:
                    self._drop(self._moving)
                raise
            return self.report(None)

    def _finish(self, lanes: list[int]) -> None:
        """Wait until lanes have moved that nobody is told of but the caller.

        Raises:
            Exception: What the lowest that failed raised; all of them have to be reset then.
        """
        try:
            self.settle(lanes)
        except BaseException:  # nobody is going to be told
            self._drop(lanes)
            raise
        chosen = set(lanes)
        self.finished[:] = [lane for lane in self.finished if lane not in chosen]
        if failures := {lane: self.failures.pop(lane) for lane in lanes if lane in self.failures}:
            self.episodes.interrupt(lanes)
            raise first_failure(failures)

    def _drop(self, lanes: Collection[int]) -> None:
        """Let nobody know what lanes report that are moving."""
        for message in self._messages:
            message.dropped = message.dropped or not set(lanes).isdisjoint(message.lanes)
        self.episodes.interrupt(sorted(lanes))

    def post(self, lanes: list[int] | None, actions: Any) -> None:
        """Begin to move some lanes, or all (see `Lanes.post`)."""
        chosen = self._all if lanes is None else lanes
        part_of = self._parts(lanes, actions, len(chosen))
        refuse_idle(self.episodes, lanes)
        parts = self.actors.by_actor(chosen)
        self.actors.refuse_dead(parts)
        places = {lane: place for place, lane in enumerate(chosen)}
        for actor, own in parts.items():
            part = part_of([places[lane] for lane in own])
            self._begin(actor, "move", own, self.own(actor, own), part)

    def _parts(
        self, lanes: list[int] | None, actions: Any, count: int
    ) -> Callable[[list[int]], Any]:
        """Return what cuts actions: copies of rows, in the structure of the batch.

        Raises:
            InvalidAction: If they are none.
        """
        if self._judge is not None:
            rows = self._judge.judge_actions(actions, lanes)
            return lambda places: rows[places]
        self._split(actions, count)
        return lambda places: self.action_space._take_rows(actions, places)

    def _begin(self, actor: int, name: str, lanes: list[int], *arguments: Any) -> None:
        """Send a message that moves lanes, with what has changed of their episodes."""
        message = self.actors.post(actor, name, *arguments, self.news_of(lanes), lanes=lanes)
        self._moving.update(lanes)
        self._messages.append(message)

    def news_of(self, lanes: list[int]) -> dict[str, Any] | None:
        """Return where lanes are in their episodes, if their actor does not know."""
        news = {name: getattr(self.episodes, name)[lanes] for name in EPISODES}
        if all(np.array_equal(self._known[name][lanes], column) for name, column in news.items()):
            return None
        for name, column in news.items():
            self._known[name][lanes] = column
        return news

    def _take(self, message: Message) -> None:
        """Take over what the lanes of a message report."""
        answer, first = message.answer, self.actors.bounds[message.actor]
        if message in self._messages:
            self._messages.remove(message)
        self._moving.difference_update(message.lanes)
        if not isinstance(answer, Moved):
            lowest, last = message.lanes[0], list(message.lanes)
            if isinstance(answer, RemoteError):
                answer = answer.exception(self.seeds[lowest])
            if not message.dropped:
                self.failures[lowest] = answer
            self.episodes.interrupt(last)
            return
        lanes = list(message.lanes)
        for name, column in answer.episodes.items():
            self._known[name][lanes] = column
            if not message.dropped and name != "limit":
                getattr(self.episodes, name)[lanes] = column
        if message.dropped:
            return
        self.finished.extend(self._rows.write(first, answer))
        told: set[int] = set()
        for lane, failure in sorted(answer.failures.items()):
            if id(failure) not in told:  # one exception of all of them is told once
                self.failures[first + lane] = failure.exception(self.seeds[first + lane])
            told.add(id(failure))

    def run_infos(self, names: Sequence[str]) -> dict[str, Any] | None:
        """Return what `run` is to write besides results: nothing, or None if it cannot run.

        It cannot where infos are wanted, where the next lane to end stops all, and where elements
        or rewards are no arrays of one shape.
        """
        stops = self.mode is AutoresetMode.DISABLED
        return None if names or stops or not self._runs or self._rows.are_odd else {}

    def run(self, out: Target, first: int, last: int) -> int | None:
        """Let each group move its lanes many times, with one message there and one back."""
        if not self._plain_rewards:
            return 0
        return run_groups(self, out, first, last)

    def take_run(self, actor: int, run: Ran) -> None:
        """Take over what the lanes of an actor report last in a run."""
        lanes = list(self.actors.lanes_of(actor))
        for name, column in run.episodes.items():
            self._known[name][lanes] = column
            if name != "limit":
                getattr(self.episodes, name)[lanes] = column
        self._rows.write_run(lanes, run)

    def wait(self, missing: Callable[[], int], deadline: float | None) -> bool:
        """Take in what actors report until nothing is missing (see `Lanes.wait`)."""
        return self.actors.wait(missing, deadline)

    def settle(self, lanes: Collection[int]) -> None:
        """Wait until none of these lanes is moving."""
        chosen = set(lanes)
        self.actors.wait(lambda: len(chosen & self._moving), None)

    # Resets

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan, and wait for them."""
        self.start_reset(plan)
        self._finish(plan.lanes.tolist())

    def start_reset(self, plan: ResetPlan) -> None:
        """Drop what the lanes of a plan report, once they have moved, and let them reset."""
        if hasattr(self._judge, "judge_options"):
            self._judge.judge_options(plan)
        lanes = plan.lanes.tolist()
        parts = self.actors.by_actor(lanes)
        self.actors.refuse_dead(parts)
        self.settle(lanes)
        chosen = set(lanes)
        self.finished[:] = [lane for lane in self.finished if lane not in chosen]
        self._rows.forget_infos(lanes)
        for lane, seed in zip(lanes, plan.seeds, strict=True):
            self.failures.pop(lane, None)
            if seed is not None:
                self.seeds[lane] = seed
        bounds = self.actors.bounds
        for actor, own in parts.items():
            self._begin(actor, "reset", own, plan.within(bounds[actor], bounds[actor + 1]))

    # Reports

    def observe(self) -> Any:
        """Return the present observation of every lane."""
        return self._rows.observations(None)

    def reset_infos(self, plan: ResetPlan) -> dict[str, Any]:
        """Return the infos of lanes that were reset, as columns of one row a lane."""
        lanes = plan.lanes.tolist()
        infos = self._rows.infos(lanes)
        self._rows.forget_infos(lanes)
        return batch_infos(infos, lanes, len(self._all)) if infos else {}

    def report(self, lanes: list[int] | None) -> StepResult:
        """Return what the last step of some lanes, or of all, gave; one row each."""
        rows, chosen = self._rows, self._all if lanes is None else lanes
        infos = rows.infos(chosen)
        rows.forget_infos(chosen)
        columns = batch_infos(infos, range(len(infos)), len(infos))
        try:
            rewards = rows.rewards(lanes, self.episodes.restarted)
        except TypeError:  # nobody was told of their steps
            self.episodes.interrupt(chosen)
            raise
        if lanes is None and not self._plain_rewards:
            self._plain_rewards = not self.episodes.restarted.any()
        ends = rows.terminated[chosen], rows.truncated[chosen]
        return rows.observations(lanes), rewards, *ends, columns

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        return self._rows.final(lanes)

    # Environments

    def ask(self, name: str, requests: Mapping[int, tuple[Any, ...]]) -> list[Any]:
        """Send messages that move no lane, and return the answers.

        Args:
            name: A method of the groups.
            requests: Its arguments, by actor.

        Raises:
            Exception: What a group raised instead of answering, or the end of an actor.
        """
        self.actors.refuse_dead(requests)
        messages = [self.actors.post(actor, name, *own) for actor, own in requests.items()]
        return self.actors.answers(messages)

    def put(self, name: str, requests: Mapping[int, tuple[list[int], tuple[Any, ...]]]) -> None:
        """Let actors write states into lanes, and take over what these report.

        Args:
            name: A method of the groups.
            requests: By actor, the vector's lanes and more arguments than these and the episodes.
        """
        self.actors.refuse_dead(requests)
        everyone: list[int] = []
        for actor, (lanes, more) in requests.items():
            own = (self.own(actor, lanes),) if name == "put" else ()
            self._begin(actor, name, lanes, *own, *more)
            everyone += lanes
        self._finish(everyone)

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each environment, or read an attribute that is not callable."""
        answers = self.ask("call", dict.fromkeys(range(len(self.actors)), (name, args, kwargs)))
        return tuple(result for results in answers for result in results)

    def set_attr(self, name: str, values: Sequence[Any]) -> None:
        """Set an attribute of each environment: all, or none if one of them refuses its value."""
        actors = range(len(self.actors))
        values_of = {a: [values[lane] for lane in self.actors.lanes_of(a)] for a in actors}
        try:
            self.ask("set_attr", {actor: (name, own) for actor, own in values_of.items()})
        except Exception:
            self.undo(actors)
            raise

    def undo(self, actors: Iterable[int]) -> None:
        """Let actors take back what they were asked last, since one of them refused."""
        alive = [actor for actor in actors if actor not in self.actors.dead]
        self.ask("undo", dict.fromkeys(alive, ()))

    def render(self, lanes: list[int]) -> tuple[Any, ...]:
        """Return what ``render`` of some environments returns."""
        parts = self.actors.by_actor(lanes)
        answers = self.ask("render", {a: (self.own(a, own),) for a, own in parts.items()})
        order = [lane for own in parts.values() for lane in own]
        frames = dict(zip(order, [one for answer in answers for one in answer], strict=True))
        return tuple(frames[lane] for lane in lanes)

    def close(self, grace: float = _GRACE) -> None:
        """Close every lane and end the actors.

        Args:
            grace: How long they may take, in seconds; those that take longer are ended.

        Raises:
            Exception: The first that closing an environment raised; all actors have ended then.
        """
        errors = self.actors.close(grace)
        self._moving.clear()
        if errors:
            raise errors[0]

    # Snapshots

    def read(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return all that lanes hold besides their episodes, as plain data."""
        return self.states.read(self, lanes, waiting)

    def judge(self, state: dict[str, Any], lanes: list[int]) -> Writes:
        """Return what puts the result of `read` into lanes (see `Lanes.judge`)."""
        return self.states.judge(self, state, lanes)

    def judge_status(self, state: dict[str, Any], status: Any) -> None:
        """Raise unless states go with the status of the lanes' episodes."""
        self.states.judge_status(state, status)


def _call(take: Callable[[Message], None] | None, message: Message) -> None:
    if take is not None:
        take(message)
