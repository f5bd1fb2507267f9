"""Observations and rewards normalised by running or fixed statistics."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np
import numpy.typing as npt

from dromos import spaces
from dromos.compat.ding.shapes import KeepsShapes
from dromos.core import ActType, Env, ObservationWrapper, ObsType, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers import utils

__all__ = ["ObsNormWrapper", "RewardNormWrapper", "RunningMeanStd", "StaticObsNormWrapper"]

Array = npt.NDArray[Any]

#: Steps of an episode before its statistics are good enough to normalise by.
_WARM_UP = 30

#: Between what normalised observations are cut off.
_CLIP_RANGE = (-3, 3)


class RunningMeanStd(utils.RunningMeanStd):
    """The mean and the standard deviation of all samples so far, element by element; float64."""

    def __init__(self, epsilon: float = 1e-4, shape: tuple[int, ...] = ()) -> None:
        """Start with no samples.

        Args:
            epsilon: The weight of the mean 0 and variance 1 it starts with, also added to `std`.
            shape: The shape of a sample.
        """
        super().__init__(epsilon, shape)
        self._epsilon = epsilon

    def reset(self) -> None:
        """Forget all samples."""
        self.mean, self.var = np.zeros(self.shape), np.ones(self.shape)
        self.count = self._epsilon

    @property
    def std(self) -> Array:
        """The standard deviation of the population, plus epsilon."""
        return np.asarray(np.sqrt(self.var) + self._epsilon)


class ObsNormWrapper(ObservationWrapper[Array, ActType, Array], KeepsShapes, RecordConstructorArgs):
    """Normalise observations by the statistics of the running episode, and clip them to [-3, 3].

    The first 30 observations of an episode are shown as they are. Mean and standard deviation are
    kept for every element of the observation; with ``first_axis_is_batch=True``, for the elements
    of its first axis together, as DI-engine computes them.

    Attributes:
        data_count: The number of the episode's steps.
        clip_range: The lowest and the highest value of a normalised observation.
        rms: The statistics.
    """

    @recorded
    def __init__(self, env: Env[Array, ActType], first_axis_is_batch: bool = False) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            first_axis_is_batch: Whether to take an observation for a batch of samples, one for
                each index of its first axis.

        Raises:
            TypeError: If its observations are not in a `Box`.
        """
        super().__init__(env)
        self.data_count = 0
        self.clip_range = _CLIP_RANGE
        self.rms = RunningMeanStd(shape=_box_of(env, "ObsNormWrapper").shape)
        self._first_axis_is_batch = first_axis_is_batch
        self.observation_space = self._space_of_both(env.observation_space)

    def _space_of_both(self, space: Any) -> spaces.Box[Any]:
        """Return the space of observations as they are and of normalised ones."""
        dtype = _floating(space.dtype).type
        lowest, highest = map(dtype, self.clip_range)
        low = np.minimum(space.low, lowest, dtype=dtype)
        high = np.maximum(space.high, highest, dtype=dtype)
        return spaces.Box(low, high, dtype=dtype)

    def step(self, action: ActType) -> tuple[Array, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; its observation enters the statistics."""
        self.data_count += 1
        obs, reward, terminated, truncated, info = self.env.step(action)
        self._update(obs)
        return self.observation(obs), reward, terminated, truncated, info

    def _update(self, obs: Array) -> None:
        if not self._first_axis_is_batch:
            self.rms.update(obs[np.newaxis])
            return
        mean, var = (np.broadcast_to(f(obs, axis=0), obs.shape) for f in (np.mean, np.var))
        self.rms.update_from_moments(mean, var, len(obs))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Array, dict[str, Any]]:
        """Reset the wrapped environment and the statistics."""
        self.data_count = 0
        self.rms.reset()
        obs, info = self.env.reset(seed=seed, options=options)
        return self.observation(obs), info

    def observation(self, observation: Array) -> Array:
        """Return an observation, normalised after the first 30 steps."""
        dtype = _floating(observation.dtype)
        if self.data_count <= _WARM_UP:
            return observation.astype(dtype)
        normalised = (observation - self.rms.mean) / self.rms.std
        return np.asarray(np.clip(normalised, *self.clip_range), dtype)


class StaticObsNormWrapper(
    ObservationWrapper[Array, ActType, Array], KeepsShapes, RecordConstructorArgs
):
    """Normalise observations by a fixed mean and standard deviation, and clip them to [-3, 3]."""

    @recorded
    def __init__(self, env: Env[Array, ActType], mean: npt.ArrayLike, std: npt.ArrayLike) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            mean: The mean, a number or an array of the shape of an observation.
            std: The standard deviation, above 0, likewise.

        Raises:
            TypeError: If the observations are not in a `Box`.
            ValueError: If `std` is not above 0.
        """
        super().__init__(env)
        space = _box_of(env, "StaticObsNormWrapper")
        self.mean, self.std = np.asarray(mean), np.asarray(std)
        if not np.all(self.std > 0):
            raise ValueError(f"Expected std to be above 0, found {self.std}")
        self.clip_range = _CLIP_RANGE
        self.observation_space = spaces.Box(
            *self.clip_range, space.shape, _floating(space.dtype).type
        )

    def observation(self, observation: Array) -> Array:
        """Return `observation`, normalised."""
        normalised = (observation - self.mean) / self.std
        return np.asarray(np.clip(normalised, *self.clip_range), _floating(observation.dtype))


class RewardNormWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Divide rewards by the standard deviation of the episode's discounted return.

    The first 30 rewards of an episode are given as they are.

    Attributes:
        cum_reward: The discounted return of the running episode; float64 (1,).
        reward_discount: The discount.
        data_count: The number of the episode's steps.
        rms: The statistics of the return.
    """

    reward_range = (-np.inf, np.inf)

    @recorded
    def __init__(self, env: Env[ObsType, ActType], reward_discount: float) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            reward_discount: The discount of the return, 0 to 1.
        """
        super().__init__(env)
        self.reward_discount = reward_discount
        self.rms = RunningMeanStd(shape=(1,))
        self._begin()

    def _begin(self) -> None:
        self.cum_reward = np.zeros(1)
        self.data_count = 0
        self.rms.reset()

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and divide the reward."""
        self.data_count += 1
        obs, reward, terminated, truncated, info = self.env.step(action)
        self.cum_reward = self.cum_reward * self.reward_discount + float(reward)
        self.rms.update(self.cum_reward[np.newaxis])
        return obs, self.reward(float(reward)), terminated, truncated, info

    def reward(self, reward: float) -> float:
        """Return `reward`, divided after the first 30 steps."""
        return float(reward / self.rms.std[0]) if self.data_count > _WARM_UP else float(reward)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and the statistics."""
        self._begin()
        return self.env.reset(seed=seed, options=options)


def _box_of(env: Env[Any, Any], user: str) -> spaces.Box[Any]:
    space = env.observation_space
    if not isinstance(space, spaces.Box):
        raise TypeError(f"{user} needs observations in a Box, found {space}")
    return space


def _floating(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype of what is normalised: that of observations if it is floating."""
    return dtype if dtype.kind == "f" else np.dtype(np.float32)
