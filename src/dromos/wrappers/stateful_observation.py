"""Public path of the wrappers whose observations depend on those before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar, overload

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, Env, ObservationWrapper, ObsType, Wrapper, WrapperObsType
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.rules.lazy_frames import LazyFrames
from dromos.wrappers.rules.normalizing import NormalizedObservation
from dromos.wrappers.rules.rewards import as_number
from dromos.wrappers.rules.rule import MemoryRule, checked_count
from dromos.wrappers.rules.stacking import DelayedObservation, LazyStack, StackedObservation
from dromos.wrappers.rules.time import TimedObservation
from dromos.wrappers.statistics import ObservationStatistics

__all__ = [
    "DelayObservation",
    "FrameStackObservation",
    "MaxAndSkipObservation",
    "NormalizeObservation",
    "TimeAwareObservation",
]

_Array = TypeVar("_Array", bound=npt.NDArray[Any])
_Obs = TypeVar("_Obs")
_Act = TypeVar("_Act")


class _RememberingObservation(
    ObservationWrapper[WrapperObsType, ActType, ObsType], RecordConstructorArgs
):
    """Show what a rule with a memory makes of the observations."""

    snapshot_fields = {"_rule": rules.Part(), "_over": rules.Flag()}  # noqa: RUF012

    def __init__(self, env: Env[ObsType, ActType], rule: MemoryRule) -> None:
        super().__init__(env)
        self._rule = rule
        self._over = False
        self.observation_space = rule.space

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped environment and begin to remember anew."""
        obs, info = self.env.reset(seed=seed, options=options)
        self._over = False
        self._rule.begin(obs)
        return self._rule.view(obs), info

    def step(self, action: ActType) -> tuple[WrapperObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; begin anew after an end, if it has reset itself."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        if self._over:
            self._rule.begin(obs)
            shown = self._rule.view(obs)
        else:
            shown = self.observation(obs)
        self._over = bool(terminated or truncated)
        return shown, reward, terminated, truncated, info

    def observation(self, observation: ObsType) -> Any:
        """Remember the observation of a step, and return what is shown of it."""
        return self._rule.advance_and_view(observation)


class DelayObservation(_RememberingObservation[ObsType, ActType, ObsType]):
    """Show the observation of some steps ago; zeros in the first steps of an episode.

    Attributes:
        delay: The number of steps.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType], delay: int) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            delay: The number of steps by which observations come late.

        Raises:
            TypeError: If the delay is no integer, or the observation space has no zeros.
            ValueError: If the delay is negative.
        """
        super().__init__(env, DelayedObservation(env.observation_space, delay))
        self.delay = int(delay)


class TimeAwareObservation(_RememberingObservation[WrapperObsType, ActType, ObsType]):
    """Add the number of steps since the reset to every observation.

    To a `Dict` the time is added under a key, to a `Tuple` as the last element; other
    observations become ``{"obs": observation, "time": time}``. The time is int32 (1,), or float32
    (1,) if normalised.

    Attributes:
        max_timesteps: The steps of the longest episode.
        flatten: Whether the result is flattened to an array of one axis.
        normalize_time: Whether the time goes from 0 to 1.
    """

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        flatten: bool = True,
        normalize_time: bool = False,
        *,
        dict_time_key: str = "time",
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment with a limit of steps, from its spec or a `TimeLimit`.
            flatten: Whether to flatten the result to an array of one axis.
            normalize_time: Whether the time goes from 0 to 1, by the limit of steps.
            dict_time_key: The key of the time in dicts.

        Raises:
            ValueError: If there is no limit of steps, or the key is taken.
        """
        self.max_timesteps = max_timesteps_of(env)
        rule = TimedObservation(
            env.observation_space,
            self.max_timesteps,
            flatten=flatten,
            normalize=normalize_time,
            key=dict_time_key,
        )
        super().__init__(env, rule)
        self.flatten = flatten
        self.normalize_time = normalize_time

    @property
    def timesteps(self) -> int:
        """The number of steps since the reset."""
        rule: Any = self._rule
        return int(rule.steps[0])


class FrameStackObservation(_RememberingObservation[WrapperObsType, ActType, ObsType]):
    """Show the last observations together, stacked on a new first axis, the newest last.

    Attributes:
        stack_size: The number of observations in a stack.
        padding_type: What stands for observations before the first.
    """

    @overload
    def __init__(
        self: FrameStackObservation[_Array, _Act, _Array],
        env: Env[_Array, _Act],
        stack_size: int,
        *,
        padding_type: str | _Array = "reset",
        lazy: Literal[False] = False,
    ) -> None: ...
    @overload
    def __init__(
        self: FrameStackObservation[LazyFrames, _Act, _Obs],
        env: Env[_Obs, _Act],
        stack_size: int,
        *,
        padding_type: str | _Obs = "reset",
        lazy: Literal[True],
    ) -> None: ...
    @overload
    def __init__(
        self: FrameStackObservation[Any, _Act, _Obs],
        env: Env[_Obs, _Act],
        stack_size: int,
        *,
        padding_type: str | _Obs = "reset",
        lazy: bool = False,
    ) -> None: ...
    @recorded
    def __init__(
        self: FrameStackObservation[Any, Any, Any],
        env: Env[Any, Any],
        stack_size: int,
        *,
        padding_type: Any = "reset",
        lazy: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            stack_size: The number of observations in a stack.
            padding_type: What stands for observations before the first: ``"reset"`` for that one
                again, ``"zero"`` for zeros, or an observation.
            lazy: Whether to return `LazyFrames`, which share frames with other stacks and become
                arrays by `numpy.asarray`, instead of arrays.

        Raises:
            TypeError: If the size is no integer, or lazy stacks are asked for of observations
                that are no arrays.
            ValueError: If the size is below 1 or the padding is no observation.
        """
        rule = LazyStack if lazy else StackedObservation
        super().__init__(env, rule(env.observation_space, stack_size, padding_type))
        self.stack_size = int(stack_size)
        self.padding_type = padding_type

    def write_to(self, row: Any) -> None:
        """Write every stack to this array from now on, and return it, instead of a new one.

        Vectors do it with the rows that they share with their workers.
        """
        if isinstance(self._rule, StackedObservation):
            self._rule.write_to(row)


class NormalizeObservation(
    ObservationStatistics, _RememberingObservation[npt.NDArray[Any], ActType, npt.NDArray[Any]]
):
    """Subtract from every observation the running mean, and divide by the standard deviation.

    The statistics go on through resets. Observations become float32; the sums are float64.
    """

    @recorded
    def __init__(self, env: Env[npt.NDArray[Any], ActType], epsilon: float = 1e-8) -> None:
        """Wrap `env`.

        Args:
            env: An environment with arrays or numbers as observations.
            epsilon: What is added to the variance before the root is taken.

        Raises:
            ValueError: If the observation space has no shape; an `InvalidBound` if epsilon is not
                above 0.
        """
        super().__init__(env, NormalizedObservation(env.observation_space, epsilon))


class MaxAndSkipObservation(
    Wrapper[npt.NDArray[Any], ActType, npt.NDArray[Any], ActType], RecordConstructorArgs
):
    """Repeat every action, and show the elementwise maximum of the last two observations.

    Rewards are summed. Where an episode ends early, the last two observations of the step are
    those up to its end; after a single one, that one is shown.
    """

    snapshot_exclude = frozenset({"_previous"})

    @recorded
    def __init__(self, env: Env[npt.NDArray[Any], ActType], skip: int = 4) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose observations are arrays of numbers.
            skip: How often an action is repeated, at least 2.

        Raises:
            TypeError: If `skip` is no integer.
            ValueError: If `skip` is below 2, or observations have no shape.
        """
        self._skip = checked_count("skip", skip, 2)
        super().__init__(env)
        space = env.observation_space
        if space.shape is None:
            raise ValueError(
                f"MaxAndSkipObservation needs observations that are arrays, found {space}"
            )
        self._previous = np.zeros(space.shape, space.dtype)
        self._over = False

    def step(self, action: ActType) -> tuple[npt.NDArray[Any], float, bool, bool, dict[str, Any]]:
        """Step the environment `skip` times, or until the episode ends."""
        steps = 1 if self._over and next_step_resets(self.env) else self._skip
        obs, reward, terminated, truncated, info = self.env.step(action)
        total = as_number(reward)
        shown = obs
        for _ in range(steps - 1):
            if terminated or truncated:
                break
            # Copied, since an environment may write all its observations to one array.
            self._previous[...] = obs
            obs, reward, terminated, truncated, info = self.env.step(action)
            total += as_number(reward)
            shown = self._previous
        self._over = bool(terminated or truncated)
        return np.maximum(shown, obs), total, terminated, truncated, info


#: Where a layer keeps its limit of steps: a `TimeLimit`, and a vector of native lanes.
_LIMITS = ("_max_episode_steps", "max_episode_steps")


def max_timesteps_of(env: Any) -> int:
    """Return the number of steps after which an environment, or a vector's lanes, end episodes.

    Raises:
        ValueError: If there is no such number.
    """
    layer = env
    while layer is not None:
        for name in _LIMITS:
            if (limit := getattr(layer, name, None)) is not None:
                return int(limit)
        layer = layer.__dict__.get("env")
    lanes_told = getattr(env.unwrapped, "get_attr", None)  # by a vector of single environments
    limits = [] if lanes_told is None else _limits_of_lanes(lanes_told)
    limits += [spec.max_episode_steps for spec in (env.spec,) if spec is not None]
    for limit in limits:
        if limit is not None:
            return int(limit)
    raise ValueError(
        f"TimeAwareObservation needs a limit of steps, found none in {env}: wrap the environment "
        "in a TimeLimit, or make it with max_episode_steps."
    )


def _limits_of_lanes(lanes_told: Callable[[str], Any]) -> list[Any]:
    """Return the limits in the layers of a vector's lanes, and that of their specs."""
    found: list[Any] = []
    for name in _LIMITS:
        try:
            limits = [limit for limit in lanes_told(name) if limit is not None]
        except AttributeError:
            continue
        found.append(max(limits, default=None))
    specs = [spec for spec in lanes_told("spec") if spec is not None]
    return [*found, *(spec.max_episode_steps for spec in specs)]
