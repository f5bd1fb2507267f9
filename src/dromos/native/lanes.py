"""The lanes of a native batch: episode and physics fused in the core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos._core.batch import NO_LIMIT
from dromos.error import Error, InvalidAction, SnapshotError
from dromos.native.draws import ParameterDraws
from dromos.native.fields import (
    FIRST_LANE,
    Lanes,
    all_lanes,
    field_column,
    judge_lanes,
    layout_of,
    read_lanes,
    write_field,
    write_lanes,
)
from dromos.native.judging import check_groups
from dromos.plain.kinds import PlainList
from dromos.plain.randomness import check_pcg64
from dromos.plain.trees import are_themselves
from dromos.rollout import Rollout
from dromos.rollout.arrays import map_arrays
from dromos.seeding import entropy_words
from dromos.snapshot import at, require_names, rules
from dromos.vector.autoreset import AutoresetMode, Writes, refuse_idle
from dromos.vector.lane_queue import all_lane_ids, rows_of_lanes
from dromos.vector.lanes import Lanes as AnyLanes
from dromos.vector.lanes import StepResult, finals_where, judge_rows, rows_in
from dromos.vector.reset_plan import ResetPlan

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv
    from dromos.rollout.recording import Target

__all__ = ["NativeLanes"]

_LOW = (1 << 64) - 1

#: What `NativeLanes.read` returns.
_PARTS = ("params", "options", "state", "rng", "seeds", "draws", "rewards", "flags", "finals")


class NativeLanes(AnyLanes):
    """Lanes of one native batch.

    Args:
        env: A single environment of the lanes' class, which stands in for each in turn.
        num_lanes: The number of lanes.
        mode: When a lane whose episode has ended is reset.
        limit: Steps after which an episode is truncated; None for no limit.
        threads: How many threads may share a step.
        copy: Whether each step returns arrays of its own.

    Attributes:
        core: The batch.
        draws: Which parameters are drawn at each reset in which lanes.
        seeds: The seed of each lane's stream; None before the first reset.
    """

    reads_copies = True

    def __init__(
        self,
        env: NativeEnv[Any, Any],
        num_lanes: int,
        mode: AutoresetMode,
        limit: int | None,
        threads: int,
        copy: bool,
    ) -> None:
        self.env, self.mode = env, mode
        limit = NO_LIMIT if limit is None else min(limit, NO_LIMIT)
        self.core = core.make_batch(env.dynamics, num_lanes, mode.native, limit)
        self.core.threads = threads
        self.core.reuse_outputs = not copy
        self.guard, self.episodes = self.core.guard, self.core.episodes
        self.draws = ParameterDraws(type(env), num_lanes)
        self.seeds: Sequence[int | None] = [None] * num_lanes
        self.finished = []
        # What the last steps of lanes gave, where results wait, and in SAME_STEP.
        self._rewards = np.zeros(num_lanes)
        self._flags = np.zeros((2, num_lanes), dtype=np.bool_)
        self._all = all_lanes(self.core)

    def step(self, actions: Any) -> StepResult:
        """Move all lanes, and return what they report."""
        try:
            result = self.core.step(actions)
        except core.LaneFault as fault:
            if fault.args[0] != "layout":
                self._refuse(fault, actions, None)
            rows = as_native_actions(actions, self.core, len(self._all))
            try:
                result = self.core.step(rows)
            except core.LaneFault as second:
                self._refuse(second, rows, None)
        if self.mode is AutoresetMode.SAME_STEP:
            self._flags[:] = result[2], result[3]
            self._add_finals(result[4], self._flags[0] | self._flags[1], slice(None))
        return result

    @property
    def seconds_a_step(self) -> float:  # type: ignore[override]
        """What a step of all lanes takes, roughly."""
        return self.core.cost * 1e-9

    def play(self, actions: Any) -> Rollout | None:
        """Move all lanes by the actions of many steps, if the core can do that at once."""
        played = self.core.play(actions)
        if played is None:
            return None
        observations, given, rewards, terminated, truncated, valid, finals = played
        if self.mode is AutoresetMode.SAME_STEP:
            self._flags[:] = terminated[-1], truncated[-1]
        else:
            finals = map_arrays(lambda array: array[1:], observations)
        results: tuple[Any, ...] = (rewards, terminated, truncated, valid, finals, {})
        return Rollout.unchecked(0, observations, given, *results)

    def run_infos(self, names: Sequence[str]) -> dict[str, tuple[str, tuple[int, ...]]] | None:
        """Return dtype and shape, of one lane, of the infos that `run` is to write."""
        infos = layout_of(self.core.name)["info"]
        known = {name: (dtype, (count,) if count else ()) for name, dtype, count, *_ in infos}
        if not known.keys() >= set(names):
            return None
        return {name: known[name] for name in names}

    def run(self, out: Target, first: int, last: int) -> int | None:
        """Make steps, each block of lanes going through all of them before the next."""
        prepared = out.prepared or self._prepare(out)
        if prepared is None:
            return None
        trajectory, rows, casts = prepared
        if casts:
            rows[first:last] = out.actions[first:last]
        try:
            done = self.core.run(trajectory, first, last)
        except core.LaneFault as fault:
            self._refuse_in_run(fault, rows)
        if done and self.mode is AutoresetMode.SAME_STEP:
            self._flags[:] = out.terminated[first + done - 1], out.truncated[first + done - 1]
        return done

    def _prepare(self, out: Target) -> tuple[core.Trajectory, NDArray[Any], bool] | None:
        """Let the core look at the arrays of a rollout, and keep what comes of it there.

        Returns:
            The arrays as the core knows them, the actions it reads, and whether those are casts of
            the rollout's. None if it cannot write to the arrays.
        """
        layout = layout_of(self.core.name)
        arrays = (
            _leaves(out.observations),
            _leaves(out.final_observations),
            tuple(out.infos.get(name) for name, *_ in layout["info"]),
            out.rewards,
            out.terminated,
            out.truncated,
            out.valid_transition,
        )
        if not all(array.flags.c_contiguous for array in _arrays_in(arrays)):
            return None
        rows = out.actions
        casts = rows.dtype != layout["action_dtype"] or not rows.flags.c_contiguous
        if casts:
            rows = np.zeros(rows.shape, layout["action_dtype"])
        prepared = out.prepared = self.core.trajectory(rows, arrays), rows, casts
        for name in out.infos:
            if f"_{name}" in out.infos:
                out.infos[f"_{name}"][:] = True
        return prepared

    def _refuse_in_run(self, fault: core.LaneFault, rows: NDArray[Any]) -> NoReturn:
        """Raise for a fault of the core in actions of many steps."""
        reason, place = fault.args
        if reason == "action":
            step, lane = divmod(place, len(self._all))
            raise InvalidAction(
                f"{rows[step, lane]!r} in step {step}, lane {lane} is not an action: expected an "
                f"element of {self.env.action_space}"
            ) from None
        self._refuse(fault, rows, None)

    def post(self, lanes: list[int] | None, actions: Any) -> None:
        """Move some lanes, or all: in the caller's thread, which is faster than handing them on."""
        chosen = self._array(lanes)
        rows = as_native_actions(actions, self.core, len(chosen))
        try:
            results = self.core.step_some(chosen, rows)
        except core.LaneFault as fault:
            self._refuse(fault, rows, chosen)
        self._rewards[chosen] = results[1]
        self._flags[:, chosen] = results[2:4]
        self.finished.extend(chosen.tolist())

    def report(self, lanes: list[int] | None) -> StepResult:
        """Return what the last step of some lanes gave; one row each."""
        chosen = self._array(lanes)
        terminated, truncated = self._flags[:, chosen]
        infos = self.core.infos(chosen)
        if self.mode is AutoresetMode.SAME_STEP:
            ended = np.zeros(len(self._all), dtype=np.bool_)
            ended[chosen] = terminated | truncated
            self._add_finals(infos, ended, chosen)
        observations = self.core.observe(chosen)
        return observations, self._rewards[chosen], terminated, truncated, infos

    def _add_finals(self, infos: dict[str, Any], ended: NDArray[np.bool_], rows: Any) -> None:
        """Add to infos of lanes what they observed last in episodes that SAME_STEP replaced."""
        if not ended.any():
            return
        infos["final_obs"] = self.core.final_column(ended)[rows]
        infos["_final_obs"] = ended[rows].copy()
        last = self.core.final_infos(ended)
        infos["final_info"] = {name: column[rows] for name, column in last.items()}
        infos["_final_info"] = ended[rows].copy()

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan."""
        lanes = plan.lanes
        writes = self.judge_options(plan)
        self.core.default_options(lanes)
        for own, name, column in writes:
            write_field(self.core, "options", name, own, column)
        self._seed(plan)
        self.core.reset(lanes)
        self.episodes.begin(lanes, restarted=True)
        self._rewards[lanes] = 0.0
        self._flags[:, lanes] = False

    def judge_options(self, plan: ResetPlan) -> list[tuple[Lanes, str, NDArray[Any]]]:
        """Return the options of a plan by lanes and name, as columns of the core; nothing changes.

        Raises:
            TypeError, ValueError: If they are none.
        """
        return [
            (own, name, field_column(self.core, "options", name, own, value))
            for own, options in plan.shares
            for name, value in self.env.checked_options(options).items()
        ]

    def _seed(self, plan: ResetPlan) -> None:
        num_lanes = len(self._all)
        first = plan.first_seed
        if first is None and not plan.lane_seeds and self.seeds[0] is None:
            # As much entropy as one 64-bit seed and its successors hold.
            first = int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> 1)
        if first is not None and first + num_lanes <= 1 << 64 and not plan.partial:
            self.core.seed_all(first)
            self.seeds = range(first, first + num_lanes)
            return
        changed = list(self.seeds)
        for lane, seed in zip(plan.lanes.tolist(), plan.seeds, strict=True):
            if seed is None and changed[lane] is None:
                seed = int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
            if seed is not None:
                self.core.seed(lane, entropy_words(seed))
                changed[lane] = seed
        self.seeds = changed

    def observe(self) -> Any:
        """Return the present observation of every lane."""
        return self.core.observe(self._all)

    def reset_infos(self, plan: ResetPlan) -> dict[str, Any]:
        """Return the infos of lanes that were reset, as columns of one row a lane."""
        infos = self.core.infos(plan.lanes)
        if not plan.partial:
            return infos
        result = {}
        for name, column in infos.items():
            result[name] = np.zeros((len(self._all), *column.shape[1:]), dtype=column.dtype)
            result[name][plan.lanes] = column
        return result

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        chosen = self._array(lanes)
        present = self.core.observe(chosen)
        ended = (self._flags[0] | self._flags[1])[chosen]
        if self.mode is not AutoresetMode.SAME_STEP or not ended.any():
            return present
        return finals_where(ended, present, rows_in(self.core.final_observation(), chosen))

    def _array(self, lanes: list[int] | None) -> Lanes:
        return self._all if lanes is None else rows_of_lanes(lanes)

    def _refuse(self, fault: core.LaneFault, actions: Any, lanes: Lanes | None) -> NoReturn:
        """Raise for a fault of the core."""
        reason, row = fault.args
        if reason != "action":
            refuse_idle(self.episodes, lanes)
        lane = row if lanes is None else int(lanes[row])
        raise InvalidAction(
            f"{actions[row]!r} in lane {lane} is not an action: expected an element of "
            f"{self.env.action_space}"
        ) from None

    def judge_actions(self, actions: Any, lanes: list[int] | None) -> Any:
        """Return actions as the core reads them, without moving a lane.

        Args:
            actions: One action for each of the lanes.
            lanes: The lanes, None for all.

        Raises:
            InvalidAction: If they are none.
        """
        chosen = self._array(lanes)
        rows = as_native_actions(actions, self.core, len(chosen))
        try:
            self.core.check_actions(rows, len(chosen))
        except core.LaneFault as fault:
            self._refuse(fault, rows, chosen)
        return rows

    # The environment of each lane

    @contextmanager
    def as_lane(self, lane: int) -> Iterator[NativeEnv[Any, Any]]:
        """Give the environment the state, parameters and stream of a lane, and take them back."""
        lanes = np.array([lane], dtype=np.int64)
        held = read_lanes(self.core, lanes, streams=True)
        env = self.env
        env.np_random = generator_of(held["rng"][0])
        write_lanes(env.core, FIRST_LANE, held, streams=False)
        env.core.episodes.status[0] = self.episodes.status[lane]
        yield env
        changed = read_lanes(env.core, FIRST_LANE, streams=False)
        changed["rng"] = words_of(env.np_random)[np.newaxis]
        write_lanes(self.core, lanes, changed, streams=True)

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute that is not callable."""
        results = []
        for lane in range(len(self._all)):
            with self.as_lane(lane) as env:
                value = getattr(env, name)
                results.append(value(*args, **kwargs) if callable(value) else value)
        return tuple(results)

    def render(self, lanes: list[int]) -> tuple[Any, ...]:
        """Return a frame of each of some lanes."""
        frames: list[Any] = []
        for lane in lanes:
            with self.as_lane(lane) as env:
                frames.append(env.render())
        return tuple(frames)

    def close(self) -> None:
        """Close the window, if there is one."""
        self.env.close()

    # Snapshots

    def read(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return all that lanes hold besides their episodes, random streams included."""
        chosen = self._array(lanes)
        seeds = self._seeds_of_all()
        state = read_lanes(self.core, chosen, streams=True)
        is_all = type(lanes) is PlainList  # which is only written
        state["seeds"] = seeds if is_all else [seeds[lane] for lane in lanes]
        state["draws"] = self.draws.state(chosen)
        state["rewards"], state["flags"] = self._rewards[chosen], self._flags.T[chosen]
        state["finals"] = rows_in(self._finals(), chosen)
        return state

    def _seeds_of_all(self) -> list[int | None]:
        """Return the seeds; lanes without one get one: till then their future is open."""
        if type(self.seeds) is PlainList:
            return self.seeds
        seeds = list(self.seeds)
        if None in seeds:
            unseeded = [lane for lane, seed in enumerate(seeds) if seed is None]
            words = np.random.SeedSequence().generate_state(len(unseeded), np.uint64).tolist()
            for lane, seed in zip(unseeded, words, strict=True):
                self.core.seed(lane, entropy_words(seed))
                seeds[lane] = seed
        self.seeds = PlainList(seeds) if are_themselves(seeds) else seeds
        return self.seeds

    def _finals(self) -> Any:
        """Return what the core keeps of replaced episodes: observations and infos, live."""
        if self.mode is not AutoresetMode.SAME_STEP:
            return ()
        return self.core.final_observation(), self.core.final_info_arrays()

    def judge(self, state: dict[str, Any], lanes: list[int]) -> Writes:
        """Return what puts the result of `read` into lanes (see `Lanes.judge`)."""
        require_names(state, _PARTS)
        targets = self._array(lanes)
        draws = self.draws
        if draws or type(state["draws"]) is not list or state["draws"]:
            draws = draws.copy()
            draws.restore(state["draws"], targets)
        given = state["seeds"]
        if type(given) is not list or len(given) not in (1, len(lanes)):
            raise SnapshotError(f"seeds: expected a list of {len(lanes)} seeds")
        if set(map(type, given)) != {int} or min(given) < 0:  # not what seeds nearly always are
            with at(".seeds"):
                rules.ListOf(rules.Seed()).judge(given, None, self, [])
        seeds = given
        if len(given) != len(self._all) or lanes is not all_lane_ids(len(given)):
            seeds = list(self.seeds)
            row = given if len(given) > 1 else given * len(lanes)
            for lane, seed in zip(lanes, row, strict=True):
                seeds[lane] = seed
        writes = judge_lanes(self.core, targets, state, streams=True)
        rows = {"rewards": self._rewards, "flags": self._flags.T, "finals": self._finals()}
        for name, target in rows.items():
            with at(f".{name}"):
                judge_rows(target, state[name], targets, writes, nan=False)

        def write() -> None:
            if draws is not self.draws:
                self.draws = draws
                draws.apply(self.core)
            self.seeds = seeds

        return [*writes, write]

    def judge_status(self, state: dict[str, Any], status: NDArray[np.uint8]) -> None:
        """Raise unless what `judge` has let pass goes with the status of the lanes' episodes."""
        check_groups(self.env, state["params"], state["options"], state["state"], status)
        with at(".rng"):
            check_pcg64(state["rng"])


def _leaves(observations: Any) -> tuple[NDArray[Any], ...]:
    """Return the arrays of observations, which are one or several in a tuple."""
    if observations is None:
        return ()
    return observations if isinstance(observations, tuple) else (observations,)


def _arrays_in(parts: tuple[Any, ...]) -> Iterator[NDArray[Any]]:
    for part in parts:
        if isinstance(part, tuple):
            yield from _arrays_in(part)
        elif part is not None:
            yield part


def as_native_actions(actions: Any, batch: core.Batch, rows: int) -> NDArray[Any]:
    """Return `actions` as a C-contiguous array of the core's dtype.

    Args:
        actions: One action a row.
        batch: The batch they are for.
        rows: How many there must be.

    Returns:
        int64 (rows,) for discrete actions; the action's dtype (rows, count) otherwise.

    Raises:
        InvalidAction: If the number, shape or kind of the actions is wrong.
    """
    layout = layout_of(batch.name)
    count = layout["action_count"]
    shape = (rows, count) if count else (rows,)
    dtype = np.dtype(layout["action_dtype"])
    try:
        array = np.asarray(actions)
    except ValueError:  # a ragged list
        array = np.empty(0, dtype=object)
    kinds = "biu" if dtype.kind == "i" else "biuf"
    if array.shape != shape or array.dtype.kind not in kinds:
        kind = "integers" if dtype.kind == "i" else "numbers"
        found = f"{array.dtype} of shape {array.shape}"
        if array.dtype == object:
            found = f"{type(actions).__name__} {actions!r}"
        raise InvalidAction(f"Expected {kind} of shape {shape}, one row a lane, got {found}")
    if array.dtype == np.uint64 and (array > np.iinfo(np.int64).max).any():
        raise InvalidAction(f"Expected actions below {layout['action_choices']}, got {array.max()}")
    return np.ascontiguousarray(array, dtype=dtype)


def generator_of(words: NDArray[np.uint64]) -> np.random.Generator:
    """Return a generator that goes on where a lane's stream stands.

    Args:
        words: The stream: state and increment of PCG64, high word first, and the buffered half of
            a 64-bit draw; uint64 (5,).
    """
    state_high, state_low, increment_high, increment_low, buffer = words.tolist()
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {
            "state": state_high << 64 | state_low,
            "inc": increment_high << 64 | increment_low,
        },
        "has_uint32": buffer & 0xFFFFFFFF,
        "uinteger": buffer >> 32,
    }
    return np.random.Generator(bits)


def words_of(generator: np.random.Generator) -> NDArray[np.uint64]:
    """Return the stream of a generator; uint64 (5,).

    Raises:
        Error: If the generator is not on PCG64, the only stream that lanes have.
    """
    state: dict[str, Any] = dict(generator.bit_generator.state)
    if state["bit_generator"] != "PCG64":
        raise Error(
            f"Native lanes draw from PCG64, found a generator on {state['bit_generator']}; make "
            "one with numpy.random.default_rng(seed)"
        )
    bits = state["state"]
    return np.array(
        [
            bits["state"] >> 64,
            bits["state"] & _LOW,
            bits["inc"] >> 64,
            bits["inc"] & _LOW,
            state["has_uint32"] | state["uinteger"] << 32,
        ],
        dtype=np.uint64,
    )
