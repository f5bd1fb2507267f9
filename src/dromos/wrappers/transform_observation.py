"""Public path of the wrappers that change each observation by itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy.typing as npt

from dromos.core import ActType, Env, ObservationWrapper, ObsType, WrapperObsType
from dromos.spaces import Space
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.render_observation import AddRenderObservation
from dromos.wrappers.rules.affine import Bound, RescaledObservation
from dromos.wrappers.rules.arrays import CastObservation, ReshapedObservation
from dromos.wrappers.rules.bins import BinnedObservation
from dromos.wrappers.rules.pixels import GrayObservation, ResizedObservation
from dromos.wrappers.rules.rule import Rule
from dromos.wrappers.rules.structure import FilteredObservation, FlatObservation

__all__ = [
    "AddRenderObservation",
    "DiscretizeObservation",
    "DtypeObservation",
    "FilterObservation",
    "FlattenObservation",
    "GrayscaleObservation",
    "RescaleObservation",
    "ReshapeObservation",
    "ResizeObservation",
    "TransformObservation",
]


class TransformObservation(
    ObservationWrapper[WrapperObsType, ActType, ObsType], RecordConstructorArgs
):
    """Pass every observation through a function.

    Attributes:
        func: The function.
    """

    snapshot_exclude = frozenset({"func"})

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        func: Callable[[ObsType], Any],
        observation_space: Space[WrapperObsType] | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            func: Makes of an observation of `env` one of this wrapper.
            observation_space: What `func` returns; None if that is still in the environment's
                space.
        """
        super().__init__(env)
        if observation_space is not None:
            self.observation_space = observation_space
        self.func = func

    def observation(self, observation: ObsType) -> Any:
        """Return what the function makes of `observation`."""
        return self.func(observation)


class _RuledObservation(TransformObservation[WrapperObsType, ActType, ObsType]):
    """Pass every observation through a rule, which knows the space that comes out."""

    def __init__(self, env: Env[ObsType, ActType], rule: Rule) -> None:
        super().__init__(env, rule, rule.space)


class FilterObservation(_RuledObservation[WrapperObsType, ActType, ObsType]):
    """Keep some of the parts of `Dict` or `Tuple` observations.

    Attributes:
        filter_keys: The keys or indices of the parts that are kept.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType], filter_keys: Sequence[str | int]) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            filter_keys: The keys of a `Dict`, or the indices of a `Tuple`, to keep.

        Raises:
            TypeError: If the keys are of the wrong type.
            ValueError: If the space is neither, a key is missing, or none is given.
        """
        super().__init__(env, FilteredObservation(env.observation_space, filter_keys))
        self.filter_keys = filter_keys


class FlattenObservation(_RuledObservation[WrapperObsType, ActType, ObsType]):
    """Make every observation an array of one axis, as `dromos.spaces.utils.flatten` does."""

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`.

        Raises:
            ValueError, NotImplementedError: If its observations cannot be flattened.
        """
        super().__init__(env, FlatObservation(env.observation_space))


class GrayscaleObservation(_RuledObservation[npt.NDArray[Any], ActType, npt.NDArray[Any]]):
    """Make gray images of colour images: ``0.2125 red + 0.7154 green + 0.0721 blue``.

    The weights are those of ITU-R recommendation BT.709, rounded as in scikit-image.

    Attributes:
        keep_dim: Whether an axis of one channel is kept.
    """

    @recorded
    def __init__(self, env: Env[npt.NDArray[Any], ActType], keep_dim: bool = False) -> None:
        """Wrap `env`.

        Args:
            env: An environment with images as observations: uint8 (height, width, 3).
            keep_dim: Whether to return (height, width, 1) instead of (height, width).

        Raises:
            TypeError, ValueError: If the observations are no such images.
        """
        super().__init__(env, GrayObservation(env.observation_space, keep_dim))
        self.keep_dim = keep_dim


class ResizeObservation(_RuledObservation[npt.NDArray[Any], ActType, npt.NDArray[Any]]):
    """Make every image another size, each new pixel the mean of the area it covers.

    Attributes:
        shape: The new height and width.
    """

    @recorded
    def __init__(self, env: Env[npt.NDArray[Any], ActType], shape: tuple[int, int]) -> None:
        """Wrap `env`.

        Args:
            env: An environment with images as observations: uint8 (height, width) or
                (height, width, channels).
            shape: The new height and width in pixels.

        Raises:
            TypeError, ValueError: If the observations are no such images, or `shape` is no pair
                of positive integers.
        """
        super().__init__(env, ResizedObservation(env.observation_space, shape))
        self.shape = tuple(shape)


class ReshapeObservation(_RuledObservation[npt.NDArray[Any], ActType, npt.NDArray[Any]]):
    """Give every array another shape with the same elements.

    Attributes:
        shape: The new shape.
    """

    @recorded
    def __init__(self, env: Env[npt.NDArray[Any], ActType], shape: int | tuple[int, ...]) -> None:
        """Wrap `env`.

        Args:
            env: An environment with arrays as observations.
            shape: The new shape.

        Raises:
            TypeError: If the observation space is no `Box` or the shape not of integers.
            ValueError: If the shape has another number of elements.
        """
        super().__init__(env, ReshapedObservation(env.observation_space, shape))
        self.shape = self.observation_space.shape


class RescaleObservation(_RuledObservation[npt.NDArray[Any], ActType, npt.NDArray[Any]]):
    """Map every element affinely from the bounds of its space to other ones.

    Attributes:
        min_obs: The new lower bounds.
        max_obs: The new upper bounds.
    """

    @recorded
    def __init__(self, env: Env[npt.NDArray[Any], ActType], min_obs: Bound, max_obs: Bound) -> None:
        """Wrap `env`.

        Args:
            env: An environment with arrays as observations.
            min_obs: The new lower bounds: a number, or an array of the observations' shape.
            max_obs: The new upper bounds, likewise. A bound is infinite just where the
                environment's is.

        Raises:
            TypeError: If the observation space is no `Box` or a bound no number.
            ValueError: If the bounds do not fit.
        """
        super().__init__(env, RescaledObservation(env.observation_space, min_obs, max_obs))
        self.min_obs, self.max_obs = copy.deepcopy((min_obs, max_obs))


class DtypeObservation(_RuledObservation[WrapperObsType, ActType, ObsType]):
    """Give observations another dtype.

    Attributes:
        dtype: The new dtype.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType], dtype: Any) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose observations are arrays or numbers.
            dtype: The new dtype.

        Raises:
            TypeError: If the observation space is of another class, or there is no such dtype.
        """
        super().__init__(env, CastObservation(env.observation_space, dtype))
        self.dtype = dtype


class DiscretizeObservation(_RuledObservation[Any, ActType, npt.NDArray[Any]]):
    """Cut the interval of every element into bins of equal width, and show the bins' indices.

    Attributes:
        bins: The number of bins of each element; int64 (d,).
        multidiscrete: Whether there is an index for each element, not one for the whole grid.
    """

    @recorded
    def __init__(
        self,
        env: Env[npt.NDArray[Any], ActType],
        bins: int | tuple[int, ...],
        multidiscrete: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment with bounded arrays as observations.
            bins: The number of bins of all elements, or of each.
            multidiscrete: Whether to show an index for each element, int64 (d,), instead of one
                for the whole grid, an int.

        Raises:
            TypeError: If the observation space is no `Box`.
            ValueError: If it is unbounded or the bins do not fit.
        """
        rule = BinnedObservation(env.observation_space, bins, multidiscrete)
        super().__init__(env, rule)
        self.bins = rule.bins.counts.copy()
        self.multidiscrete = multidiscrete

    def revert_observation(self, obs: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the lower and the upper edges of the bins that `obs` names; each (d,)."""
        rule: Any = self.func
        lower, upper = rule.bins.bounds_of(obs)
        return lower, upper
