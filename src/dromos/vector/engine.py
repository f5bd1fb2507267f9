"""`Engine`: what moves lanes and knows nothing else; `EngineLanes`: any engine as a vector's lanes.

An engine has n lanes of something that can be started, moved, observed, read, written and drawn.
It knows nothing of episodes, autoreset modes, masks, queues or clocks: `EngineLanes` adds them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dromos._core.episodes import Guard
from dromos.error import SnapshotError
from dromos.snapshot import Writes, at
from dromos.spaces import Space
from dromos.vector.autoreset import AutoresetMode, make_episodes, refuse_idle
from dromos.vector.infos import batch_infos
from dromos.vector.lanes import Flags, LaneArray, Lanes, StepResult, judge_rows, map_arrays
from dromos.vector.reset_plan import ResetPlan
from dromos.vector.utils.space_utils import create_empty_array

__all__ = ["Engine", "EngineLanes", "Rows"]


class Rows(NamedTuple):
    """One row a lane, allocated once, to which an engine writes.

    Attributes:
        observation: In the structure of the batched observation space; (n, ...) each.
        reward: float64 (n,).
        terminated: bool (n,).
        truncated: bool (n,): whether the engine itself cuts an episode off.
        infos: One info a lane; an engine puts a new dict there, or leaves it.
    """

    observation: Any
    reward: npt.NDArray[np.float64]
    terminated: Flags
    truncated: Flags
    infos: list[dict[str, Any]]


class Engine(Protocol):
    """What moves lanes and knows nothing else.

    Lanes are int64 (m,). Optional besides: ``draw(lane)``, ``call(name, args, kwargs)``,
    ``close()``, and ``collect(seconds)``: then `move` only begins to move lanes, and `collect`
    returns the lanes that have moved since, waiting up to that long for the first.

    Attributes:
        num_lanes: The number of lanes, n.
        observation_space: The observations of one lane.
        action_space: The actions of one lane.
    """

    num_lanes: int
    observation_space: Space[Any]
    action_space: Space[Any]

    def judge_actions(self, actions: Any, count: int) -> Any:
        """Return actions of `count` lanes as an array or list of one row each.

        Raises:
            InvalidAction: If they are none.
        """
        ...

    def judge_options(self, options: dict[str, Any] | None) -> None:
        """Raise if reset options of a lane are none."""
        ...

    def start(
        self,
        lanes: LaneArray,
        seeds: list[int | None],
        options: list[dict[str, Any] | None] | None,
        rows: Rows,
    ) -> None:
        """Put lanes into start states and write their observations and infos.

        Args:
            lanes: The lanes.
            seeds: A seed, or None to go on with the stream there is.
            options: Options of each lane, in force until the next that are given; None to keep
                those of the last reset, for an episode that starts by itself.
            rows: Where to write.
        """
        ...

    def move(self, lanes: LaneArray, actions: Any, rows: Rows) -> None:
        """Take an action, of `judge_actions`, in each lane and write what came of it."""
        ...

    def read(self, lanes: LaneArray) -> Any:
        """Return the states of lanes, streams and options included: arrays (m, ...), or bytes."""
        ...

    def judge(self, lanes: LaneArray, state: Any) -> Writes:
        """Return what puts the result of `read`, of m lanes or of one, into lanes."""
        ...


class EngineLanes(Lanes):
    """Episodes over an engine: which lanes move, which restart, and what that makes of a step.

    Args:
        engine: The engine.
        mode: When a lane whose episode has ended is reset.
        limit: Steps after which an episode is truncated; None for no limit.
    """

    def __init__(
        self, engine: Engine, mode: AutoresetMode = AutoresetMode.NEXT_STEP, limit: Any = None
    ) -> None:
        lanes = engine.num_lanes
        self.engine, self.mode = engine, mode
        self.episodes = make_episodes(lanes, mode)
        if limit is not None:
            self.episodes.limit[:] = limit
        self.guard = Guard()
        self.finished = []
        self._rows = Rows(
            create_empty_array(engine.observation_space, lanes),
            np.zeros(lanes),
            np.zeros(lanes, np.bool_),
            np.zeros(lanes, np.bool_),
            [{} for _ in range(lanes)],
        )
        self._finals = create_empty_array(engine.observation_space, lanes)
        self._moving: set[int] = set()
        self._all = np.arange(lanes, dtype=np.int64)

    def _array(self, lanes: Sequence[int] | None) -> LaneArray:
        return self._all if lanes is None else np.array(lanes, dtype=np.int64)

    def post(self, lanes: list[int] | None, actions: Any) -> None:
        """Begin to move some lanes, or all (see `Lanes.post`)."""
        chosen = self._array(lanes)
        rows = self.engine.judge_actions(actions, len(chosen))
        refuse_idle(self.episodes, lanes)
        restarting = self.episodes.restarting(chosen)
        moving = chosen[~restarting]
        places = np.flatnonzero(~restarting)
        kept = rows[places] if isinstance(rows, np.ndarray) else [rows[i] for i in places.tolist()]
        try:
            if len(moving):
                self._rows.truncated[moving] = False
                self.engine.move(moving, kept, self._rows)
            if restarting.any():
                begun = chosen[restarting]
                self._start(begun, [None] * len(begun), None)
            if hasattr(self.engine, "collect"):
                self._moving.update(moving.tolist())
                self.finished.extend(chosen[restarting].tolist())
            else:
                self._end(moving)
                self.finished.extend(chosen.tolist())
        except BaseException:
            self.episodes.interrupt(chosen)
            raise

    @property
    def moving(self) -> Collection[int]:
        """The lanes that move."""
        return self._moving

    def wait(self, missing: Callable[[], int], deadline: float | None) -> bool:
        """Collect lanes that have moved until none are missing (see `Lanes.wait`)."""
        while missing():
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                done = self.engine.collect(left)  # type: ignore[attr-defined]
                self._moving.difference_update(done.tolist())
                self._end(done)
            except Exception:  # which lanes it moved, nobody knows
                self.episodes.interrupt(sorted(self._moving))
                self._moving.clear()
                raise
            self.finished.extend(done.tolist())
            if not len(done) and left == 0.0:
                return False
        return True

    def _end(self, moved: LaneArray) -> None:
        """Count steps that were made, and start the next episodes of lanes that do so at once."""
        rows = self._rows
        ended = self.episodes.count_steps(moved, rows.terminated, rows.truncated)
        map_arrays(lambda kept, seen: kept.__setitem__(moved, seen[moved]), self._finals, rows[0])
        if self.mode is not AutoresetMode.SAME_STEP or not len(ended):
            return
        finals = [(rows.infos[lane], self._row(self._finals, lane)) for lane in ended.tolist()]
        self.engine.start(ended, [None] * len(ended), None, rows)
        self.episodes.begin(ended, restarted=False)
        for lane, (info, final) in zip(ended.tolist(), finals, strict=True):
            rows.infos[lane] = {"final_obs": final, "final_info": info, **rows.infos[lane]}

    @staticmethod
    def _row(batch: Any, lane: int) -> Any:
        return map_arrays(lambda array: array[lane].copy(), batch)

    def _start(
        self,
        lanes: LaneArray,
        seeds: list[int | None],
        options: list[dict[str, Any] | None] | None,
    ) -> None:
        rows = self._rows
        self.engine.start(lanes, seeds, options, rows)
        self.episodes.begin(lanes, restarted=True)
        rows.reward[lanes] = 0.0
        rows.terminated[lanes] = rows.truncated[lanes] = False
        map_arrays(lambda kept, seen: kept.__setitem__(lanes, seen[lanes]), self._finals, rows[0])

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan."""
        lanes = plan.lanes
        for options in plan.options:
            self.engine.judge_options(options)
        try:
            self._start(lanes, plan.seeds, [own or {} for own in plan.options])
        except BaseException:
            self.episodes.interrupt(lanes)
            raise

    def observe(self) -> Any:
        """Return the present observation of every lane."""
        return map_arrays(np.copy, self._rows.observation)

    def reset_infos(self, plan: ResetPlan) -> dict[str, Any]:
        """Return the infos of lanes that were reset, as columns of one row a lane."""
        lanes = plan.lanes.tolist()
        return batch_infos([self._rows.infos[lane] for lane in lanes], lanes, len(self._all))

    def report(self, lanes: list[int] | None) -> StepResult:
        """Return what the last step of some lanes, or of all, gave; one row each."""
        rows, chosen = self._rows, self._array(lanes)
        infos = [rows.infos[lane] for lane in chosen.tolist()]
        return (
            map_arrays(lambda array: array[chosen], rows.observation),
            rows.reward[chosen],
            rows.terminated[chosen],
            rows.truncated[chosen],
            batch_infos(infos, range(len(infos)), len(infos)),
        )

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        return map_arrays(lambda array: array[self._array(lanes)], self._finals)

    def read(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return the engine's states of lanes, and their rows."""
        chosen, rows = self._array(lanes), self._rows
        return {
            "states": self.engine.read(chosen),
            "observations": map_arrays(lambda array: array[chosen], rows.observation),
            "finals": self.final(lanes),
            "flags": (rows.terminated[chosen], rows.truncated[chosen]),
            "rewards": rows.reward[chosen],
            "infos": [rows.infos[lane] if lane in waiting else {} for lane in lanes],
        }

    def judge(self, state: dict[str, Any], lanes: list[int]) -> Writes:
        """Return what puts the result of `read` into lanes (see `Lanes.judge`)."""
        chosen, rows = self._array(lanes), self._rows
        writes = list(self.engine.judge(chosen, state["states"]))
        pairs = {
            "observations": rows.observation,
            "finals": self._finals,
            "flags": (rows.terminated, rows.truncated),
            "rewards": rows.reward,
        }
        for name, target in pairs.items():
            with at(f".{name}"):
                judge_rows(target, state[name], chosen, writes)
        infos = state["infos"]
        if not isinstance(infos, list) or len(infos) not in (1, len(lanes)):
            raise SnapshotError(f"infos: expected a list of {len(lanes)} dicts")
        own = infos if len(infos) == len(lanes) else infos * len(lanes)
        for lane, info in zip(lanes, own, strict=True):
            writes.append(lambda lane=lane, info=info: rows.infos.__setitem__(lane, dict(info)))  # type: ignore[misc]
        return writes

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each lane, if the engine knows any."""
        if not hasattr(self.engine, "call"):
            return super().call(name, args, kwargs)
        result: tuple[Any, ...] = self.engine.call(name, args, kwargs)  # pyright: ignore[reportAttributeAccessIssue]
        return result

    def render(self, lanes: list[int]) -> tuple[Any, ...]:
        """Return a frame of each of some lanes."""
        return tuple(self.engine.draw(lane) for lane in lanes)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Close the engine."""
        if hasattr(self.engine, "close"):
            self.engine.close()  # pyright: ignore[reportAttributeAccessIssue]
