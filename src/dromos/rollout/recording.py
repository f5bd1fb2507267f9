"""Many steps of a vector, written into the arrays of a `Rollout`."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from dromos.error import InvalidAction, add_note
from dromos.rollout.actions import as_array, checked_actions
from dromos.rollout.allocation import (
    count_of_steps,
    given_arrays,
    of_caller,
    refuse_overlaps,
    shows_next,
    zeros,
)
from dromos.rollout.arrays import Array, leaves_of, like_space, map_arrays, put_row, take_row
from dromos.rollout.infos import InfoColumns, checked_names
from dromos.rollout.progress import Progress, reporter
from dromos.rollout.value import Rollout

__all__ = ["Target", "keep_so_far", "record"]

#: How long a vector may move on its own before Ctrl-C is heeded and progress told, in seconds.
_PATIENCE = 0.1


class Target:
    """The arrays of a rollout for lanes to write many steps to; row t is that of step t.

    Attributes:
        actions: The actions of all steps, (steps, lanes, ...); of a policy, those given so far.
        observations: What lanes show after each step.
        rewards, terminated, truncated, valid_transition: As in `Rollout`.
        final_observations: What they observed before any reset; None but for SAME_STEP.
        infos: The infos that are asked for, and their masks.
        prepared: What lanes keep of these arrays from one call to the next.
        broken: Where lanes put an exception that ended a run, to be raised once the steps before
            it have been counted.
    """

    def __init__(
        self,
        actions: Any,
        observations: Any,
        rewards: Array,
        flags: Sequence[Array],
        final_observations: Any = None,
        infos: Mapping[str, Array] | None = None,
    ) -> None:
        self.actions, self.observations, self.rewards = actions, observations, rewards
        self.terminated, self.truncated, self.valid_transition = flags
        self.final_observations = final_observations
        self.infos = {} if infos is None else infos
        self.prepared: Any = None
        self.broken: list[BaseException] = []


class Recording:
    """The arrays of a vector's steps, while they are being written.

    Attributes:
        steps: How many steps there are to be, T.
        done: How many have been recorded.
        observations, actions, rewards: The arrays, as in `Rollout`.
        flags: Terminated, truncated, valid.
        finals: Final observations; None where they are those in `observations`.
        columns: The infos that are asked for.
    """

    def __init__(self, vector: Any, steps: int, out: Any, names: Iterable[str]) -> None:
        """Find the arrays: new ones, or the caller's.

        Args:
            vector: The vector.
            steps: The number of steps.
            out: What the caller gives, or None.
            names: The infos that are asked for.
        """
        self.steps, self.done = steps, 0
        self._vector = vector
        self._shape = shape = (steps, vector.num_envs)
        self._given = {} if out is None else given_arrays(out)
        self._place = place = of_caller(self._given)
        space = vector.single_observation_space

        def observations(name: str, length: int) -> Any:
            return like_space(space, (length, shape[1]), place, name)

        self.observations = observations("observations", steps + 1)
        self.finals = observations("final_observations", steps) if shows_next(vector) else None
        self.rewards = place("rewards", shape, np.dtype(np.float64))
        flags = ("terminated", "truncated", "valid_transition")
        self.flags = [place(name, shape, np.dtype(np.bool_)) for name in flags]
        self.columns = InfoColumns(names, shape, place)
        self.actions: Any = None

    def take_actions(self, actions: Any) -> None:
        """Record all actions, which have been checked; copies, but for the caller's ``out``."""
        if self._given:
            given = self._given.items()
            written = [leaf for leaf in given if leaf[0].partition("[")[0] != "actions"]
            refuse_overlaps(itertools.product(leaves_of(actions, "actions"), written))
        self.make_actions(actions, self.steps)
        map_arrays(_copy_to, self.actions, actions)

    def make_actions(self, like: Any, rows: int | None = None) -> None:
        """Make the arrays of actions like those of one step, or of all."""
        axes = 0 if rows is None else 1

        def leaf(path: str, tree: Any) -> Any:
            if isinstance(tree, dict):
                return {key: leaf(f"{path}[{key!r}]", part) for key, part in tree.items()}
            if isinstance(tree, tuple):
                return tuple(leaf(f"{path}[{i}]", part) for i, part in enumerate(tree))
            return self._place(path, (self.steps, *tree.shape[axes:]), tree.dtype)

        self.actions = leaf("actions", like)

    def write(self, result: tuple[Any, ...]) -> None:
        """Record what a call of `step` has returned."""
        step, (observations, rewards, terminated, truncated, infos) = self.done, result
        put_row(self.observations, step + 1, map_leaves(as_array, observations))
        self._write_rewards(step, as_array(rewards))
        self.flags[0][step], self.flags[1][step] = as_array(terminated), as_array(truncated)
        self.flags[2][step] = self._valid(step)
        if self.finals is not None:
            put_row(self.finals, step, map_leaves(as_array, self._vector.final_obs))
        if self.columns.names:
            self.columns.write(step, infos)
        self.done += 1

    def _write_rewards(self, step: int, rewards: Array) -> None:
        if self.rewards.shape[2:] != rewards.shape[1:]:  # several numbers a lane
            wide = self._place("rewards", (*self._shape, *rewards.shape[1:]), np.dtype(np.float64))
            wide[:step] = self.rewards[:step].reshape(
                step, self._shape[1], *[1] * (rewards.ndim - 1)
            )
            self.rewards = wide
        self.rewards[step] = rewards

    def _valid(self, step: int) -> Any:
        """Return which lanes made a step of their environment."""
        try:
            return as_array(self._vector.valid_transition)
        except AttributeError:  # a vector of a user's that says only its autoreset mode
            mode = getattr(self._vector.metadata.get("autoreset_mode"), "name", "NEXT_STEP")
            if mode != "NEXT_STEP" or step == 0:
                return True
            return ~(self.flags[0][step - 1] | self.flags[1][step - 1])

    def target(self) -> Target:
        """Return the arrays for lanes to write to."""
        shown = map_arrays(lambda array: array[1:], self.observations)
        columns = self.columns.columns
        return Target(self.actions, shown, self.rewards, self.flags, self.finals, columns)

    def rollout(self) -> Rollout:
        """Return what has been recorded."""
        actions = self.actions
        if actions is None:  # the policy has given none yet
            actions = like_space(self._vector.single_action_space, self._shape, zeros, "actions")
        finals = self.finals
        if finals is None:
            finals = map_arrays(lambda array: array[1:], self.observations)
        results = (self.rewards, *self.flags, finals, self.columns.complete())
        whole = Rollout.unchecked(0, self.observations, actions, *results)
        return whole if self.done == self.steps else whole.first(self.done)


def record(
    vector: Any,
    source: Any,
    steps: int | None,
    *,
    observations: Any,
    out: Any,
    infos: Any,
    progress: Any,
) -> Rollout:
    """Do what `VectorEnv.rollout` says."""
    names, report = checked_names(infos), reporter(progress)
    present = vector._present() if observations is None else observations
    actions = None
    if callable(source):
        length = count_of_steps(steps)
    else:
        asked = None if steps is None else count_of_steps(steps)
        sizes, space = {"T": asked, "N": vector.num_envs}, vector.single_action_space
        judges = vector._judges_actions
        actions = checked_actions(source, space, sizes, bounds=not judges)
        length = _number_of_steps(actions, asked)
        if judges and length > vector._run_length():  # not all at once
            actions = checked_actions(actions, space, sizes)
    recording = Recording(vector, length, out, names)
    put_row(recording.observations, 0, map_leaves(as_array, present))
    kinds = vector._run_infos(names)
    if kinds is not None:
        recording.columns.prepare(kinds)
    if actions is not None:
        recording.take_actions(actions)
    moves = _Moves(vector, recording, runs=kinds is not None)
    try:
        if actions is None:
            moves.follow(source, present, report)
        else:
            moves.play(report)
    except BaseException as error:
        keep_so_far(error, recording.rollout, recording.done)
        raise
    return recording.rollout()


class _Moves:
    """Moves a vector and records what comes of it.

    Args:
        vector: The vector.
        recording: Where its steps go.
        runs: Whether its lanes may be able to make many steps in one call.
    """

    def __init__(self, vector: Any, recording: Recording, *, runs: bool) -> None:
        self._vector, self._recording, self._runs = vector, recording, runs
        self._target: Target | None = None

    def play(self, report: Progress) -> None:
        """Take the recorded actions."""
        recording, most = self._recording, self._vector._run_length()
        if self._vector._judges_actions and not self._runs:
            self._judge_all()
        while recording.done < recording.steps:
            first, start = recording.done, time.perf_counter()
            if not self._run(first, min(first + most, recording.steps)):
                recording.write(self._vector.step(take_row(recording.actions, first)))
            report(recording.done, recording.steps)
            elapsed = max(time.perf_counter() - start, 1e-9)
            most = max(1, int(most * min(2.0, _PATIENCE / elapsed)))

    def _judge_all(self) -> None:
        """Raise for bad actions before single steps move lanes."""
        recording, vector = self._recording, self._vector
        sizes = {"T": recording.steps, "N": vector.num_envs}
        checked_actions(recording.actions, vector.single_action_space, sizes)

    def follow(self, policy: Callable[[Any], Any], shown: Any, report: Progress) -> None:
        """Take the actions that a policy returns for what the lanes show."""
        recording, vector = self._recording, self._vector
        if self._runs:
            shown = take_row(recording.observations, 0)
        while (step := recording.done) < recording.steps:
            given = policy(shown)
            self._take(given, step)
            if self._run(step, step + 1):
                shown = take_row(recording.observations, step + 1)
            else:
                result = vector.step(given)
                recording.write(result)
                shown = result[0]
            report(recording.done, recording.steps)

    def _take(self, given: Any, step: int) -> None:
        """Record what a policy has returned."""
        recording, vector = self._recording, self._vector
        column = recording.actions
        if vector._judges_actions and type(given) is type(column) is np.ndarray:
            alike = given.dtype == column.dtype and given.shape == column.shape[1:]
            if alike:  # lanes look at the numbers
                column[step] = given
                return
        name, space = f"what the policy returned at step {step}", vector.single_action_space
        actions = checked_actions(given, space, {"N": vector.num_envs}, name)
        if column is None:
            recording.make_actions(actions)
        _refuse_other_dtypes(actions, recording.actions, name)
        map_arrays(lambda a, row: _copy_to(a[step], row), recording.actions, actions)

    def _run(self, first: int, last: int) -> bool:
        """Let lanes make steps in one call; return whether they made any."""
        if not self._runs:
            return False
        target = self._target
        if target is None:
            target = self._target = self._recording.target()
        done = self._vector._run(target, first, last)
        self._runs = done is not None
        if done is None and self._vector._judges_actions:
            self._judge_all()
        self._recording.done += done or 0
        for error in target.broken:
            raise error
        return bool(done)


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """Return a batch with what a function makes of each part that is no dict or tuple."""
    if isinstance(tree, dict):
        return {key: map_leaves(function, part) for key, part in tree.items()}
    if type(tree) is tuple and any(isinstance(part, (dict, tuple)) or hasattr(part, "shape")
                                   for part in tree):  # fmt: skip
        return tuple(map_leaves(function, part) for part in tree)
    return tree if isinstance(tree, (tuple, list)) else function(tree)


def _copy_to(target: Array, source: Array) -> None:
    own, other = target.__array_interface__, source.__array_interface__
    if own["data"] != other["data"] or own["strides"] != other["strides"]:
        target[...] = source


def _number_of_steps(actions: Any, given: int | None) -> int:
    leaves = [array for _, array in leaves_of(actions, "actions")]
    if leaves:
        return len(leaves[0])
    if given is None:
        raise InvalidAction("actions: there is no array to tell the number of steps; give `steps`")
    return given


def _refuse_other_dtypes(actions: Any, recorded: Any, name: str) -> None:
    for (where, array), (_, column) in zip(
        leaves_of(actions, name), leaves_of(recorded, ""), strict=True
    ):
        if array.dtype != column.dtype:
            raise InvalidAction(f"{where}: expected {column.dtype}, as before, found {array.dtype}")


def keep_so_far(error: BaseException, recorded: Callable[[], Rollout], step: int) -> None:
    """Let an exception that ended a step hold what was recorded before it."""
    with contextlib.suppress(AttributeError, TypeError):
        error.rollout = recorded()  # type: ignore[attr-defined]
    add_note(error, f"Raised in step {step} of a rollout; see `Rollout.so_far(error)`.")
