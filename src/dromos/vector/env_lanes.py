"""Environments written in Python, moved one after another, in a vector's thread or in a worker."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from dromos._core import episodes as core
from dromos.core import Env
from dromos.error import SnapshotError, add_note
from dromos.plain.errors import shown
from dromos.snapshot import at, copy_state, judge, refuse_names, require_names, rules, take
from dromos.vector.autoreset import UNSET, AutoresetMode, Writes, make_episodes

__all__ = [
    "REWARDS",
    "EnvLanes",
    "checked_env",
    "join_rewards",
    "judge_observed",
]

AnyEnv: TypeAlias = "Env[Any, Any]"
Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

#: Under which a worker puts a reward of several numbers into an info.
REWARDS = "reward of several numbers"

_REPORTS = ("obs", "final_obs", "infos")
_RESULTS = ("rewards", "terminated", "truncated")
_EPISODES = ("elapsed", "limit", "status", "restarted")
_REBUILT = ("episodes", "guard", "reward_arrays", "walker")


class EnvLanes:
    """One environment a lane, its episode, and what it last reported.

    When an environment raises, the exception passes on with the lane noted, and the lanes that
    have moved in that call are left without an episode: nobody was told of their steps.

    Attributes:
        envs: One environment a lane; an element may be replaced.
        mode: When a lane whose episode has ended is reset.
        guard: Lets one thread in at a time.
        episodes: Where each lane is in its episode.
        obs: The observation that each lane reports.
        final_obs: What each observed at the end of its last step, before any reset.
        infos: The info that each reports.
        rewards, terminated, truncated: What each reports of its last step; (n,).
        reward_arrays: The rewards of several numbers that have not been reported, by lane.
    """

    def __init__(
        self, env_fns: Iterable[Callable[[], AnyEnv]], autoreset_mode: AutoresetMode
    ) -> None:
        """Make the environments; if one cannot be made, close the others.

        Raises:
            TypeError: If a function does not return an `Env`.
        """
        self.envs: list[AnyEnv] = []
        try:
            for make_env in env_fns:
                self.envs.append(checked_env(make_env()))
        except BaseException:
            self.close_envs()
            raise
        self.obs: list[Any] = [None] * len(self.envs)
        self.final_obs: list[Any] = [None] * len(self.envs)
        self.infos: list[dict[str, Any]] = [{} for _ in self.envs]
        flags = (np.zeros(len(self.envs), np.bool_) for _ in range(2))
        episodes = make_episodes(len(self.envs), autoreset_mode)
        self.mode = autoreset_mode
        self.guard = core.Guard()
        self.use(episodes, np.zeros(len(self.envs)), *flags)

    def use(self, episodes: core.Episodes, rewards: Any, terminated: Any, truncated: Any) -> None:
        """Count episodes and write results in these arrays from now on; (n,) each."""
        self.episodes, self.rewards = episodes, rewards
        self.terminated, self.truncated = terminated, truncated
        self.reward_arrays: dict[int, Array] = {}
        self.walker = core.PythonLanes(
            episodes,
            self.envs,
            (self.obs, self.final_obs, self.infos),
            rewards,
            terminated,
            truncated,
            _replace_episode,
            partial(_as_number, self.reward_arrays),  # not of self: that would be a cycle
        )

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in vars(self).items() if name not in _REBUILT}
        return {**kept, "episodes": (self.mode, *map(self._episode_array, _EPISODES))}

    def _episode_array(self, name: str) -> Any:
        return getattr(self.episodes, name)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        mode, *arrays = state["episodes"]
        episodes = core.Episodes(mode.native, *arrays)
        self.use(episodes, self.rewards, self.terminated, self.truncated)
        self.guard = core.Guard()

    def reset_lanes(
        self, lanes: Sequence[int], seeds: Sequence[int | None], options: Sequence[Any]
    ) -> None:
        """Start episodes."""
        for lane, seed, own in zip(lanes, seeds, options, strict=True):
            try:
                self.walker.begin(lane, self.envs[lane].reset(seed=seed, options=own))
            except BaseException as error:
                self._interrupt(lanes, lane, error)
                raise

    def move(self, lanes: list[int] | None, actions: list[Any]) -> None:
        """Let lanes, all for None, take a step each, or the reset that stands for one."""
        fault = self.walker.step(lanes, actions)
        if fault is not None:
            position, error = fault
            moved = range(len(self.rewards)) if lanes is None else lanes
            self._interrupt(moved, moved[position], error)
            try:
                raise error
            finally:
                del fault, error  # its traceback leads here: a cycle would keep all of it alive

    def take_reward_arrays(self, lanes: Sequence[int]) -> list[Array | None]:
        """Return the rewards of several numbers of some lanes, which are reported now."""
        return [self.reward_arrays.pop(lane, None) for lane in lanes]

    def _interrupt(self, lanes: Sequence[int], failed: int, error: BaseException) -> None:
        self.episodes.interrupt(lanes[: lanes.index(failed) + 1])
        self.reward_arrays.clear()
        add_note(error, f"Raised by lane {failed} of a vector of {len(self.rewards)}.")

    def replace_lost(self, lane: int, seed: int | None, reason: str) -> None:
        """Start an episode in an environment that stands for a lost one, and end the lost one.

        What is reported is the end of that: truncated, reward 0, with the new episode's first
        observation, since the last one of the old is lost too. ``worker_restarted`` and
        ``restart_reason`` are in the info.
        """
        self.reset_lanes([lane], [seed], [None])
        self.truncated[lane] = True
        info = {**self.infos[lane], "worker_restarted": True, "restart_reason": reason}
        if self.mode is AutoresetMode.SAME_STEP:
            info.update(final_obs=copy.deepcopy(self.obs[lane]), final_info={})
        else:
            self.episodes.end([lane])
        self.infos[lane] = info

    def call(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        lanes: Sequence[int] | None = None,
    ) -> tuple[Any, ...]:
        """Call a method of some environments, or of all, or read what is not callable."""
        envs = self.envs if lanes is None else [self.envs[lane] for lane in lanes]
        members = [env.get_wrapper_attr(name) for env in envs]
        return tuple(member(*args, **kwargs) if callable(member) else member for member in members)

    def set_attr(self, name: str, values: Sequence[Any]) -> Callable[[], None]:
        """Set an attribute of each environment: all, or none if one of them refuses its value.

        Returns:
            What sets all back.
        """
        before: list[tuple[AnyEnv, bool, Any]] = []

        def undo() -> None:
            for env, had, value in reversed(before):
                if had:
                    env.set_wrapper_attr(name, value)
                else:
                    vars(env).pop(name, None)

        try:
            for env, value in zip(self.envs, values, strict=True):
                had = env.has_wrapper_attr(name)
                before.append((env, had, env.get_wrapper_attr(name) if had else None))
                env.set_wrapper_attr(name, value)
        except BaseException:
            undo()
            raise
        return undo

    def close_envs(self) -> None:
        """Close every environment; if some raise, raise the first error after the last."""
        errors = []
        for env in self.envs:
            try:
                env.close()
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def read(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return the states of lanes and what they last reported, as plain data.

        Args:
            lanes: The lanes.
            waiting: Those of them whose results have not been received; the infos of the others
                have been told.
        """
        state: dict[str, Any] = {"envs": [take(self.envs[lane]) for lane in lanes]}
        for name in ("obs", "final_obs"):
            state[name] = [_in_numpy(getattr(self, name)[lane]) for lane in lanes]
        state["infos"] = [self.infos[lane] if lane in waiting else {} for lane in lanes]
        return state | {name: getattr(self, name)[lanes] for name in _RESULTS}

    def judge(self, state: dict[str, Any], lanes: list[int]) -> Writes:
        """Return what puts the result of `read` into lanes; a state of one goes into all of them.

        Raises:
            SnapshotError, TypeError, ValueError: If it does not fit.
        """
        require_names(state, ("envs", *_REPORTS, *_RESULTS))
        writes: Writes = []
        for name in ("envs", *_REPORTS):
            if type(state[name]) is not list or len(state[name]) not in (1, len(lanes)):
                raise SnapshotError(f"{name}: expected a list of {len(lanes)}, one a lane")
        for name in _RESULTS:
            with at(f".{name}"):
                rule, target = rules.LaneArray(finite=False), getattr(self, name)
                rule.judge_lanes(state[name], target, None, lanes, writes)
        for position, lane in enumerate(lanes):
            one = {name: column[min(position, len(column) - 1)] for name, column in state.items()}
            if position and len(state["envs"]) == 1:  # one for several lanes, which share nothing
                one = copy_state(one, self.envs[lane])
            with at(f".envs[{position}]"):
                writes += judge(self.envs[lane], one["envs"])
                writes += self._judge_report(lane, one)
        return writes

    def _judge_report(self, lane: int, one: dict[str, Any]) -> Writes:
        """Return what puts into a lane what it last reported."""
        told = {name: one[name] for name in _REPORTS}
        refuse_names(told)
        if type(told["infos"]) is not dict:
            raise SnapshotError(f"expected an info, found {shown(told['infos'])}")
        space = self.envs[lane].observation_space
        for name in ("obs", "final_obs"):
            if told[name] is not None and not space._fits(told[name]):
                raise SnapshotError(f"{name}: expected an element of {space!s:.200}")
        return [
            lambda n=name: getattr(self, n).__setitem__(lane, told[n])  # type: ignore[misc]
            for name in _REPORTS
        ]


def _in_numpy(observed: Any) -> Any:
    """Return an observation with NumPy's arrays for those of other libraries, as batches have."""
    kind = type(observed)
    if kind is dict:
        return {name: _in_numpy(part) for name, part in observed.items()}
    if kind in (tuple, list):
        return kind(map(_in_numpy, observed))
    is_known = kind.__module__.partition(".")[0] in ("numpy", "dromos")
    return np.asarray(observed) if hasattr(kind, "__array__") and not is_known else observed


def judge_observed(state: dict[str, Any], status: Any) -> None:
    """Raise unless lanes that ever had an episode have observed something.

    Raises:
        SnapshotError: If one has not.
    """
    for name in ("obs", "final_obs"):
        lacking = np.array([observed is None for observed in state[name]])
        if (lacking & (status != UNSET)).any():
            raise SnapshotError(f"{name}: expected an observation, found None")


def _replace_episode(env: AnyEnv, obs: Any, info: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Start the next episode where a step has ended one, and return what the step reports.

    Returns:
        The first observation of the next episode, the final one of this, and the info of both.
    """
    # The environment may write its next observation into the same arrays.
    final_obs, final_info = copy.deepcopy(obs), _keep_arrays(info)
    obs, reset_info = env.reset()
    told = {"final_obs": copy.deepcopy(final_obs), "final_info": final_info, **reset_info}
    return obs, final_obs, told


def _keep_arrays(info: dict[str, Any]) -> dict[str, Any]:
    """Return `info` with its arrays copied, out of reach of the environment."""
    kept = {}
    for key, value in info.items():
        if isinstance(value, np.ndarray):
            value = value.copy()
        elif isinstance(value, dict):
            value = _keep_arrays(value)
        kept[key] = value
    return kept


def _as_number(arrays: dict[int, Array], lane: int, reward: Any) -> float:
    """Return a reward that is no plain number as one; put one of several numbers into `arrays`.

    Raises:
        TypeError: If it is neither.
    """
    try:
        numbers = np.asarray(reward)
        if numbers.size == 1:  # also what is no array, but knows itself as a float
            return float(numbers.item())
        if numbers.dtype.kind in "fiub" and numbers.size:
            arrays[lane] = numbers.astype(np.float64)
            return np.nan
    except (TypeError, ValueError):
        pass
    raise TypeError(
        f"Expected the reward in row {lane} to be a number or an array of numbers, got {reward!r}"
    )


def join_rewards(
    numbers: Array,
    arrays: Sequence[Array | None],
    restarted: Array,
    lanes: Sequence[int],
    shape: tuple[int, ...] | None,
) -> Array:
    """Return the rewards of lanes; (m, ...) where they are arrays.

    Args:
        numbers: Those that are numbers; float64 (m,).
        arrays: Those of several numbers, None for the others; of m lanes, or none.
        restarted: Which lanes were reset instead, and earned nothing; bool (m,).
        lanes: The lanes.
        shape: That of all such rewards so far, or None.

    Raises:
        TypeError: If a lane's reward is of another shape than the others'.
    """
    shape = next((array.shape for array in arrays if array is not None), None) or shape
    if shape is None:
        return numbers
    rewards = np.zeros((len(lanes), *shape))
    for row, lane in enumerate(lanes):
        array = arrays[row] if len(arrays) else None
        if array is not None and array.shape == shape:
            rewards[row] = array
        elif not restarted[row]:
            found = "one number" if array is None else f"shape {array.shape}"
            raise TypeError(
                f"Expected the reward of lane {lane} to be of shape {shape}, as those of other "
                f"lanes, found {found}"
            )
    return rewards


def checked_env(env: object) -> AnyEnv:
    """Return what a function of ``env_fns`` returned.

    Raises:
        TypeError: If that is not an `Env`.
    """
    if not isinstance(env, Env):
        raise TypeError(f"Expected each of `env_fns` to return an `Env`, got {type(env)}")
    return env
