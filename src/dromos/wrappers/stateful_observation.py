"""Public path of the wrappers whose observations depend on those before."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from dromos.core import ActType, Env, ObservationWrapper, ObsType, WrapperObsType
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.max_and_skip import MaxAndSkipObservation
from dromos.wrappers.rules.memory import MemoryRule
from dromos.wrappers.rules.normalizing import NormalizedObservation
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


class _RememberingObservation(
    ObservationWrapper[WrapperObsType, ActType, ObsType], RecordConstructorArgs
):
    """Show what a rule with a memory makes of the observations."""

    def __init__(self, env: Env[ObsType, ActType], rule: MemoryRule) -> None:
        super().__init__(env)
        self._rule = rule
        self.observation_space = rule.space

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped environment and begin to remember anew."""
        obs, info = self.env.reset(seed=seed, options=options)
        self._rule.begin(obs)
        return self._rule.view(obs), info

    def observation(self, observation: ObsType) -> Any:
        """Remember the observation of a step, and return what is shown of it."""
        return self._rule.advance_and_view(observation)


class DelayObservation(_RememberingObservation[ObsType, ActType, ObsType]):
    """Show the observation of some steps ago; zeros in the first steps of an episode.

    Attributes:
        delay: The number of steps.
    """

    def __init__(self, env: Env[ObsType, ActType], delay: int) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            delay: The number of steps by which observations come late.

        Raises:
            TypeError: If the delay is no integer, or the observation space has no zeros.
            ValueError: If the delay is negative.
        """
        RecordConstructorArgs.__init__(self, delay=delay)
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
        RecordConstructorArgs.__init__(
            self, flatten=flatten, normalize_time=normalize_time, dict_time_key=dict_time_key
        )
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


class FrameStackObservation(_RememberingObservation[WrapperObsType, ActType, ObsType]):
    """Show the last observations together, stacked on a new first axis, the newest last.

    Attributes:
        stack_size: The number of observations in a stack.
        padding_type: What stands for observations before the first.
    """

    def __init__(
        self,
        env: Env[ObsType, ActType],
        stack_size: int,
        *,
        padding_type: str | ObsType = "reset",
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
        RecordConstructorArgs.__init__(
            self, stack_size=stack_size, padding_type=padding_type, lazy=lazy
        )
        rule = LazyStack if lazy else StackedObservation
        super().__init__(env, rule(env.observation_space, stack_size, padding_type))
        self.stack_size = int(stack_size)
        self.padding_type = padding_type


class NormalizeObservation(
    ObservationStatistics, _RememberingObservation[npt.NDArray[Any], ActType, npt.NDArray[Any]]
):
    """Subtract from every observation the running mean, and divide by the standard deviation.

    The statistics go on through resets. Observations become float32; the sums are float64.
    """

    def __init__(self, env: Env[npt.NDArray[Any], ActType], epsilon: float = 1e-8) -> None:
        """Wrap `env`.

        Args:
            env: An environment with arrays as observations.
            epsilon: What is added to the variance before the root is taken.

        Raises:
            TypeError: If the observation space is no `Box`.
            ValueError: If epsilon is not above 0.
        """
        RecordConstructorArgs.__init__(self, epsilon=epsilon)
        super().__init__(env, NormalizedObservation(env.observation_space, epsilon))


def max_timesteps_of(env: Any) -> int:
    """Return the number of steps after which an environment, or a vector's lanes, end episodes.

    Raises:
        ValueError: If there is no such number.
    """
    layer = env
    while layer is not None:
        for name in ("_max_episode_steps", "max_episode_steps"):  # a TimeLimit, a native vector
            if (limit := getattr(layer, name, None)) is not None:
                return int(limit)
        layer = layer.__dict__.get("env")
    spec = env.spec
    if spec is None and hasattr(env.unwrapped, "get_attr"):  # a vector of single environments
        spec = env.unwrapped.get_attr("spec")[0]
    if spec is not None and spec.max_episode_steps is not None:
        return int(spec.max_episode_steps)
    raise ValueError(
        f"TimeAwareObservation needs a limit of steps, found none in {env}: wrap the environment "
        "in a TimeLimit, or make it with max_episode_steps."
    )
