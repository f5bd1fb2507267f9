"""`MujocoLanes`: many robots on MuJoCo's own thread pool, as a vector asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dromos import seeding
from dromos._core import mujoco as core
from dromos._core.batch import NO_LIMIT
from dromos._core.episodes import Guard
from dromos.envs.mujoco.lane_parameters import LaneParameters
from dromos.envs.mujoco.library import import_mujoco
from dromos.envs.mujoco.pools import make_pool, pool_after_fork
from dromos.envs.mujoco.robot import RobotEnv
from dromos.error import InvalidAction, SnapshotError
from dromos.native.env import warn_of_unknown_options
from dromos.native.lanes import generator_of, words_of
from dromos.vector.autoreset import AutoresetMode, Writes, make_episodes, refuse_idle
from dromos.vector.infos import batch_infos, split_infos
from dromos.vector.lanes import Lanes, StepResult
from dromos.vector.reset_plan import ResetPlan

if TYPE_CHECKING:
    from dromos.rollout.recording import Target

__all__ = ["MujocoLanes"]

#: What became huge or not finite in a lane that diverged, by the number the core reports.
_DIVERGED = {
    1: "the positions (qpos) of the simulation became huge or not finite",
    2: "the velocities (qvel) of the simulation became huge or not finite",
    3: "the accelerations (qacc) of the simulation became huge or not finite",
}


class MujocoLanes(Lanes):
    """Lanes of one robot.

    A lane is a row of ``mjSTATE_INTEGRATION``, a random stream, and what its next reward looks
    back at; threads load it into data of their own, and results do not depend on how many.

    Args:
        env: A single environment of the lanes' class and arguments.
        num_lanes: The number of lanes.
        mode: When a lane whose episode has ended is reset.
        limit: Steps after which an episode is truncated; None for no limit.
        threads: How many threads share a step, the caller's included.

    Attributes:
        seeds: The seed of each lane's stream; None before the first reset.
    """

    def __init__(
        self, env: RobotEnv, num_lanes: int, mode: AutoresetMode, limit: int | None, threads: int
    ) -> None:
        self.env, self.mode, self.threads = env, mode, threads
        self._pool = make_pool(env, num_lanes, threads)
        self._params = LaneParameters(self._pool, env, num_lanes)
        self._controls = int(env._model.nu)
        self.episodes = make_episodes(num_lanes, mode)
        if limit is not None:
            self.episodes.limit[:] = min(limit, NO_LIMIT)
        self.guard, self.finished = Guard(), []
        self.seeds: list[int | None] = [None] * num_lanes
        self._all = np.arange(num_lanes, dtype=np.int32)
        # What the last steps of lanes gave, where results wait.
        self._rewards = np.zeros(num_lanes)
        self._flags = np.zeros((2, num_lanes), dtype=np.bool_)
        self._infos: list[dict[str, Any]] = [{} for _ in range(num_lanes)]
        # In SAME_STEP: what was observed at the end of an episode that was replaced.
        self._replaced = np.zeros(num_lanes, dtype=np.bool_)
        self._finals = np.zeros_like(self._pool.shown) if mode is AutoresetMode.SAME_STEP else None

    @property
    def pool(self) -> core.Pool:
        """The native pool, with threads of this process."""
        if not self._pool.is_here:
            self._pool, self._params = pool_after_fork(
                self._pool, self._params, self.env, self.threads
            )
        return self._pool

    @property
    def params(self) -> LaneParameters:
        """What lanes have of their own."""
        _ = self.pool  # in a fork: made anew first
        return self._params

    # Steps

    def step(self, actions: Any) -> StepResult:
        """Move all lanes, and return what they report."""
        with self.guard:
            result = self._move(self._all, actions)
            if self.shared is None:
                return result
            self.shared[...] = result[0]
            return self.shared, *result[1:]

    #: One batch of observations that every step returns; None for arrays of their own.
    shared: NDArray[np.float64] | None = None

    def post(self, lanes: list[int] | None, actions: Any) -> None:
        """Move some lanes, or all, in the caller's call; they are `finished` at once."""
        chosen = self._array(lanes)
        _, rewards, terminated, truncated, infos = self._move(chosen, actions)
        self._rewards[chosen] = rewards
        self._flags[:, chosen] = terminated, truncated
        for lane, info in zip(chosen.tolist(), split_infos(infos, len(chosen)), strict=True):
            self._infos[lane] = info
        self.finished.extend(chosen.tolist())

    @property
    def seconds_a_step(self) -> float:  # type: ignore[override]
        """What a step of all lanes takes, roughly."""
        return 1e-4 * len(self._all) / self.threads

    def run_infos(self, names: Sequence[str]) -> dict[str, Any] | None:
        """Return what `run` is to write besides results: nothing, or None if it cannot run.

        It cannot where infos are wanted, where the next lane to end stops all, and where Python
        draws parameters.
        """
        stops = self.mode is AutoresetMode.DISABLED
        return None if names or stops or self.params.draws else {}

    def run(self, out: Target, first: int, last: int) -> int | None:
        """Make steps, each lane going through all of them before its thread takes the next."""
        actions, count = out.actions[first:last], len(self._all)
        flat = self._checked_actions(
            actions.reshape(len(actions) * count, -1), len(actions) * count
        )
        steps, rows = len(actions), flat.reshape(len(actions), count, -1)
        columns = out.observations, out.rewards, out.terminated, out.truncated
        arrays = [array[first:last] for array in (*columns, out.valid_transition)]
        finals = None if self._finals is None else out.final_observations[first:last]
        if not all(array is None or array.flags.c_contiguous for array in (*arrays, finals)):
            return None
        refuse_idle(self.episodes)
        made, failed = self.pool.run(rows, self.episodes, (*arrays, finals))
        if failed:
            try:
                self._raise(failed)
            except Exception as error:
                out.broken.append(error)
            self.episodes.interrupt(None)  # lanes stand at different steps
        elif self._finals is not None and finals is not None:
            ended = arrays[2] | arrays[3]
            self._replaced[:] = ended[-1]
            lanes = np.flatnonzero(ended.any(axis=0))
            last = steps - 1 - np.argmax(ended[::-1, lanes], axis=0)
            self._finals[lanes] = finals[last, lanes]
        return made

    def _move(self, lanes: NDArray[np.int32], actions: Any) -> StepResult:
        rows = self._checked_actions(actions, len(lanes))
        chosen = None if lanes is self._all else lanes.tolist()
        refuse_idle(self.episodes, chosen)
        if self._finals is not None:
            self._replaced[lanes] = False
        restarts = self.episodes.restarting(chosen)
        starts = np.count_nonzero(restarts)
        if starts:
            self.params.draw(lanes[restarts])
        seen, rewards, terminated, truncated, infos, diverged, failed = self.pool.move(
            lanes, rows, restarts
        )
        if diverged is not None:
            told = np.array([_DIVERGED.get(kind) for kind in diverged.tolist()], dtype=object)
            infos["diverged"], infos["_diverged"] = told, diverged != 0
        if chosen is None and not starts:
            ended = self.episodes.count_steps(None, terminated, truncated)
        else:
            moved = lanes[~restarts]
            flags = np.zeros((2, len(self._all)), dtype=np.bool_)
            flags[:, lanes] = terminated, truncated
            ended = self.episodes.count_steps(moved, *flags)
            terminated, truncated = flags[:, lanes]
            self.episodes.begin(lanes[restarts], restarted=True)
        if failed:
            self._raise(failed)
        if self._finals is not None and len(ended):
            self._replace(lanes, ended, seen, infos)
        return seen, rewards, terminated, truncated, infos

    def _raise(self, failed: dict[int, str]) -> None:
        """Raise what MuJoCo raised in some lanes; the others have moved and go on."""
        self.episodes.interrupt(list(failed))
        lane, message = next(iter(failed.items()))
        others = f" (and in {len(failed) - 1} others)" if len(failed) > 1 else ""
        raise import_mujoco().FatalError(f"in lane {lane}{others}: {message}")

    def _started(self, lanes: NDArray[np.int32], *, restarted: bool) -> tuple[Any, dict[str, Any]]:
        self.params.draw(lanes)
        seen, infos, failed = self.pool.start(lanes)
        self.episodes.begin(lanes, restarted=restarted)
        if failed:
            self._raise(failed)
        return seen, infos

    def _replace(
        self, lanes: NDArray[np.int32], ended: Any, seen: Any, infos: dict[str, Any]
    ) -> None:
        """Start the next episodes of lanes that SAME_STEP replaces, and keep what they saw last."""
        assert self._finals is not None
        places = np.isin(lanes, ended)
        own = lanes[places]
        self._finals[own], self._replaced[own] = seen[places], True
        finals = np.empty(len(lanes), dtype=object)
        for place in np.flatnonzero(places).tolist():
            finals[place] = seen[place].copy()
        last = {}
        for name, column in infos.items():
            last[name] = np.zeros_like(column)
            last[name][places] = column[places]
            infos[name] = column.copy()
            infos[name][places] = None if column.dtype == object else 0
        seen[places], fresh = self._started(own, restarted=False)
        for name, column in fresh.items():
            infos.setdefault(name, np.zeros((len(lanes), *column.shape[1:]), column.dtype))
            infos[name][places] = column
        _drop_absent(infos)
        infos.update(final_obs=finals, _final_obs=places, final_info=last)
        infos["_final_info"] = places.copy()

    def judge_actions(self, actions: Any, lanes: list[int] | None) -> Any:
        """Return actions as the pool reads them, without moving a lane.

        Args:
            actions: One action for each of the lanes.
            lanes: The lanes, None for all.

        Raises:
            InvalidAction: If they are none.
        """
        return self._checked_actions(actions, len(self._array(lanes)))

    def _checked_actions(self, actions: Any, count: int) -> NDArray[Any]:
        shape = (count, self._controls)
        rows = actions
        if not isinstance(actions, np.ndarray):  # numbers without a dtype get that of the space
            rows = _as_array(actions)
            rows = rows.astype(np.float32) if rows.dtype.kind in "biuf" else rows
        if rows.dtype != np.float32 and rows.dtype != np.float64 and rows.dtype.kind in "biuf":
            rows = rows.astype(np.float64)
        if rows.shape != shape or rows.dtype.kind != "f":
            raise InvalidAction(
                f"Expected numbers of shape {shape}, one row a lane, got {rows.dtype} of shape "
                f"{rows.shape}"
            )
        if not rows.flags.c_contiguous or not rows.flags.aligned:
            rows = np.ascontiguousarray(rows)
        lane = self.pool.first_not_finite(rows)
        if lane < count:
            raise InvalidAction(
                f"{rows[lane]!r} in row {lane} is not an action: expected finite numbers, an "
                f"element of {self.env.action_space}"
            )
        return rows  # type: ignore[no-any-return]

    # Resets

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan."""
        for options in plan.options:
            if options:
                warn_of_unknown_options(type(self.env), sorted(options, key=str), [])
        lanes = plan.lanes.astype(np.int32)
        for lane, seed in zip(lanes.tolist(), plan.seeds, strict=True):
            if seed is not None or self.seeds[lane] is None:
                generator, self.seeds[lane] = seeding.np_random(seed)
                self.pool.streams[lane] = words_of(generator)
        _, infos = self._started(lanes, restarted=True)
        self._rewards[lanes], self._flags[:, lanes], self._replaced[lanes] = 0.0, False, False
        for lane, info in zip(lanes.tolist(), split_infos(infos, len(lanes)), strict=True):
            self._infos[lane] = info

    def observe(self) -> Any:
        """Return the present observation of every lane."""
        return self.pool.shown.copy()

    def reset_infos(self, plan: ResetPlan) -> dict[str, Any]:
        """Return the infos of lanes that were reset, as columns of one row a lane."""
        lanes = plan.lanes.tolist()
        return batch_infos([self._infos[lane] for lane in lanes], lanes, len(self._all))

    def report(self, lanes: list[int] | None) -> StepResult:
        """Return what the last step of some lanes gave; one row each."""
        chosen = self._array(lanes)
        infos = [self._infos[lane] for lane in chosen.tolist()]
        terminated, truncated = self._flags[:, chosen]
        columns = batch_infos(infos, range(len(infos)), len(infos))
        return self.pool.shown[chosen], self._rewards[chosen], terminated, truncated, columns

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        chosen = self._array(lanes)
        seen = self.pool.shown[chosen]
        if self._finals is not None:
            replaced = self._replaced[chosen]
            seen[replaced] = self._finals[chosen][replaced]
        return seen

    def _array(self, lanes: Sequence[int] | None) -> NDArray[np.int32]:
        return self._all if lanes is None else np.array(lanes, dtype=np.int32)

    # The environment of each lane

    def render(self, lanes: list[int]) -> tuple[Any, ...]:
        """Return a frame of each of some lanes, all through one drawing context."""
        frames = []
        for lane in lanes:
            self._show_lane(lane)
            frames.append(self.env.render())
        return tuple(frames)

    def _show_lane(self, lane: int) -> None:
        """Put a lane's model and state into the single environment, with all that follows."""
        mujoco, env = import_mujoco(), self.env
        self.pool.copy_lane(lane, env.model, env.data)
        mujoco.mj_forward(env.model, env.data)
        env._unset = bool(self.episodes.status[lane] == 0)

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute that is not callable.

        What a call changes in the environment, which shows the lanes one after the other, changes
        no lane.
        """
        results = []
        for lane in range(len(self._all)):
            self._show_lane(lane)
            value = getattr(self.env, name)
            results.append(value(*args, **kwargs) if callable(value) else value)
        return tuple(results)

    def close(self) -> None:
        """Close the window and free the drawing contexts."""
        self.env.close()

    def generators(self) -> tuple[np.random.Generator, ...]:
        """Return generators that stand where the lanes' streams stand."""
        return tuple(map(generator_of, self.pool.streams))

    # Snapshots

    def _columns(self) -> dict[str, NDArray[Any]]:
        """What lanes hold, live: one row a lane."""
        columns = {
            "states": self.pool.states,
            "points": self.pool.points,
            "observations": self.pool.shown,
            "tasks": self.pool.tasks,
            "streams": self.pool.streams,
            "rewards": self._rewards,
            "flags": self._flags.T,
            "replaced": self._replaced,
        }
        return columns if self._finals is None else {**columns, "finals": self._finals}

    def read(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return all that lanes hold besides their episodes, random streams included."""
        chosen = self._array(lanes)
        for lane in lanes:
            if self.seeds[lane] is None:  # till now its future was open
                generator, self.seeds[lane] = seeding.np_random()
                self.pool.streams[lane] = words_of(generator)
        return {
            "columns": {name: column[chosen].copy() for name, column in self._columns().items()},
            "seeds": [self.seeds[lane] for lane in lanes],
            "infos": [self._infos[lane] if lane in waiting else {} for lane in lanes],
            "params": self.params.read(chosen),
        }

    def judge(self, state: dict[str, Any], lanes: list[int]) -> Writes:
        """Return what puts the result of `read` into lanes (see `Lanes.judge`)."""
        chosen, count = self._array(lanes), len(lanes)
        live, columns = self._columns(), state["columns"]
        if not isinstance(columns, dict) or set(columns) != set(live):
            raise SnapshotError(f"expected the columns {', '.join(live)} of a MuJoCo vector")
        writes: Writes = []
        for name, target in live.items():
            column = columns[name]
            shapes = {(rows, *target.shape[1:]) for rows in (1, count)}
            if not isinstance(column, np.ndarray) or column.dtype != target.dtype:
                raise SnapshotError(f"{name}: expected an array of {target.dtype}")
            if column.shape not in shapes:
                raise SnapshotError(
                    f"{name}: expected one of the shapes {shapes}, found {column.shape}; the "
                    "snapshot is of another model"
                )
            writes.append(lambda t=target, c=column: t.__setitem__(chosen, c))  # type: ignore[misc]
        if (columns["streams"][:, 3] % 2 == 0).any():
            raise SnapshotError("streams: expected PCG64 streams, whose increments are odd")
        seeds, infos = state["seeds"], state["infos"]
        for name, given in (("seeds", seeds), ("infos", infos)):
            if not isinstance(given, list) or len(given) not in (1, count):
                raise SnapshotError(f"{name}: expected a list of {count}")
        checked = [seeding.check_seed(seed) for seed in seeds]

        def write() -> None:
            for place, lane in enumerate(lanes):
                self.seeds[lane] = checked[min(place, len(checked) - 1)]
                self._infos[lane] = dict(infos[min(place, len(infos) - 1)])

        return [*writes, *self.params.judge(state["params"], chosen), write]


def _as_array(actions: Any) -> NDArray[Any]:
    try:
        return np.asarray(actions)
    except ValueError:  # a ragged list
        return np.empty(0, dtype=object)


def _drop_absent(infos: dict[str, Any]) -> None:
    """Remove the columns that no lane has a value in."""
    for name in [name for name in infos if f"_{name}" in infos and not infos[f"_{name}"].any()]:
        del infos[name], infos[f"_{name}"]
