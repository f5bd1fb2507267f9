"""Public path of the vector wrappers that change each observation by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dromos.core import ActType, ObsType, WrapperObsType
from dromos.spaces import Space
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.transforms import VectorObservationWrapper
from dromos.wrappers import transform_observation
from dromos.wrappers.rules.affine import Bound
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.lanes import PerLane, SpacesOfOneLane, batch_function_of, set_spaces

__all__ = [
    "DiscretizeObservation",
    "DtypeObservation",
    "FilterObservation",
    "FlattenObservation",
    "GrayscaleObservation",
    "RescaleObservation",
    "ReshapeObservation",
    "ResizeObservation",
    "TransformObservation",
    "VectorizeTransformObservation",
]

_Env = VectorEnv[Any, ActType, ArrayType]


class TransformObservation(VectorObservationWrapper[WrapperObsType, ActType, ObsType, ArrayType]):
    """Pass every batch of observations through a function.

    Attributes:
        func: The function.
    """

    snapshot_exclude = frozenset({"func"})

    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, ArrayType],
        func: Callable[[ObsType], Any],
        observation_space: Space[WrapperObsType] | None = None,
        single_observation_space: Space[Any] | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The vector.
            func: Makes of a batch of observations of `env` one of this wrapper. With `recv` the
                batch has as many rows as that returns.
            observation_space: The batches that `func` returns. None for the batch of
                `single_observation_space`, or for the vector's own space if that is None too.
            single_observation_space: What one lane shows; None for the vector's own space.
        """
        super().__init__(env)
        set_spaces(self, "observation", single_observation_space, observation_space)
        self.func = func

    def observations(self, observations: ObsType) -> Any:
        """Return what the function makes of a batch."""
        return self.func(observations)


class VectorizeTransformObservation(
    VectorObservationWrapper[WrapperObsType, ActType, ObsType, ArrayType]
):
    """Do to every lane what a wrapper of single environments does to its observations.

    The wrappers of this library change whole batches at once; others are called lane by lane.

    Attributes:
        wrapper: The wrapper, around the spaces of one lane.
    """

    snapshot_exclude = frozenset({"wrapper", "_function"})

    def __init__(
        self, env: VectorEnv[ObsType, ActType, ArrayType], wrapper: Any, **kwargs: Any
    ) -> None:
        """Wrap `env`.

        Args:
            env: The vector.
            wrapper: A subclass of `dromos.wrappers.TransformObservation`, or another with a
                method ``observation`` that keeps no memory.
            **kwargs: The arguments of the wrapper besides the environment.
        """
        super().__init__(env)
        inner = env.single_observation_space
        self.wrapper = wrapper(SpacesOfOneLane(env), **kwargs)
        set_spaces(self, "observation", self.wrapper.observation_space)
        self._function = batch_function_of(self.wrapper) or PerLane(
            self.wrapper.observation, inner, self.single_observation_space
        )

    @property
    def autoreset_mode(self) -> AutoresetMode:
        """The autoreset mode of the vector; NEXT_STEP where it does not say."""
        mode: AutoresetMode = self.env.metadata.get("autoreset_mode", AutoresetMode.NEXT_STEP)
        return mode

    def observations(self, observations: ObsType) -> Any:
        """Return the batch with every row changed."""
        return self._function(observations)


class FilterObservation(VectorizeTransformObservation):
    """Keep some of the parts of observations: see `dromos.wrappers.FilterObservation`."""

    @documented_by(transform_observation.FilterObservation)
    def __init__(self, env: _Env[Any, Any], filter_keys: Sequence[str | int]) -> None:
        super().__init__(env, transform_observation.FilterObservation, filter_keys=filter_keys)


class FlattenObservation(VectorizeTransformObservation):
    """Make observations arrays of one axis: see `dromos.wrappers.FlattenObservation`."""

    @documented_by(transform_observation.FlattenObservation)
    def __init__(self, env: _Env[Any, Any]) -> None:
        super().__init__(env, transform_observation.FlattenObservation)


class GrayscaleObservation(VectorizeTransformObservation):
    """Make gray images of colour images: see `dromos.wrappers.GrayscaleObservation`."""

    @documented_by(transform_observation.GrayscaleObservation)
    def __init__(self, env: _Env[Any, Any], keep_dim: bool = False) -> None:
        super().__init__(env, transform_observation.GrayscaleObservation, keep_dim=keep_dim)


class ResizeObservation(VectorizeTransformObservation):
    """Make every image another size: see `dromos.wrappers.ResizeObservation`."""

    @documented_by(transform_observation.ResizeObservation)
    def __init__(self, env: _Env[Any, Any], shape: tuple[int, int]) -> None:
        super().__init__(env, transform_observation.ResizeObservation, shape=shape)


class ReshapeObservation(VectorizeTransformObservation):
    """Give arrays another shape: see `dromos.wrappers.ReshapeObservation`."""

    @documented_by(transform_observation.ReshapeObservation)
    def __init__(self, env: _Env[Any, Any], shape: int | tuple[int, ...]) -> None:
        super().__init__(env, transform_observation.ReshapeObservation, shape=shape)


class RescaleObservation(VectorizeTransformObservation):
    """Map observations to other bounds: see `dromos.wrappers.RescaleObservation`."""

    @documented_by(transform_observation.RescaleObservation)
    def __init__(self, env: _Env[Any, Any], min_obs: Bound, max_obs: Bound) -> None:
        super().__init__(
            env, transform_observation.RescaleObservation, min_obs=min_obs, max_obs=max_obs
        )


class DtypeObservation(VectorizeTransformObservation):
    """Give observations another dtype: see `dromos.wrappers.DtypeObservation`."""

    @documented_by(transform_observation.DtypeObservation)
    def __init__(self, env: _Env[Any, Any], dtype: Any) -> None:
        super().__init__(env, transform_observation.DtypeObservation, dtype=dtype)


class DiscretizeObservation(VectorizeTransformObservation):
    """Show the indices of bins: see `dromos.wrappers.DiscretizeObservation`."""

    @documented_by(transform_observation.DiscretizeObservation)
    def __init__(
        self, env: _Env[Any, Any], bins: int | tuple[int, ...], multidiscrete: bool = False
    ) -> None:
        super().__init__(
            env,
            transform_observation.DiscretizeObservation,
            bins=bins,
            multidiscrete=multidiscrete,
        )
