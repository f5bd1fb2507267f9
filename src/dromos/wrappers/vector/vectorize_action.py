"""Public path of the vector wrappers that change each action by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dromos.core import ActType, ObsType, WrapperActType
from dromos.spaces import Space
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.transforms import VectorActionWrapper
from dromos.wrappers import transform_action
from dromos.wrappers.rules.affine import Bound
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.lanes import PerLane, SpacesOfOneLane, batch_function_of, set_spaces

__all__ = [
    "ClipAction",
    "DiscretizeAction",
    "RescaleAction",
    "TransformAction",
    "VectorizeTransformAction",
]

_Env = VectorEnv[ObsType, Any, ArrayType]


class TransformAction(VectorActionWrapper[ObsType, WrapperActType, ActType, ArrayType]):
    """Pass every batch of actions through a function.

    Attributes:
        func: The function.
    """

    snapshot_exclude = frozenset({"func"})

    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, ArrayType],
        func: Callable[[WrapperActType], ActType],
        action_space: Space[WrapperActType] | None = None,
        single_action_space: Space[Any] | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The vector.
            func: Makes of a batch of actions of this wrapper one of `env`. With `send` the batch
                has a row for each lane sent.
            action_space: The batches that `func` takes. None for the batch of
                `single_action_space`, or for the vector's own space if that is None too.
            single_action_space: What one lane takes; None for the vector's own space.
        """
        super().__init__(env)
        set_spaces(self, "action", single_action_space, action_space)
        self.func = func

    def actions(self, actions: WrapperActType) -> ActType:
        """Return what the function makes of a batch."""
        return self.func(actions)


class VectorizeTransformAction(VectorActionWrapper[ObsType, WrapperActType, ActType, ArrayType]):
    """Do to every lane what a wrapper of single environments does to its actions.

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
            wrapper: A subclass of `dromos.wrappers.TransformAction`, or another with a method
                ``action`` that keeps no memory.
            **kwargs: The arguments of the wrapper besides the environment.
        """
        super().__init__(env)
        inner = env.single_action_space
        self.wrapper = wrapper(SpacesOfOneLane(env), **kwargs)
        set_spaces(self, "action", self.wrapper.action_space)
        self._function = batch_function_of(self.wrapper) or PerLane(
            self.wrapper.action, self.single_action_space, inner
        )

    def actions(self, actions: WrapperActType) -> Any:
        """Return the batch with every row changed."""
        return self._function(actions)


class ClipAction(VectorizeTransformAction):
    """Cut actions off at the vector's bounds: see `dromos.wrappers.ClipAction`."""

    @documented_by(transform_action.ClipAction)
    def __init__(self, env: _Env[Any, Any]) -> None:
        super().__init__(env, transform_action.ClipAction)


class RescaleAction(VectorizeTransformAction):
    """Map actions from other bounds: see `dromos.wrappers.RescaleAction`."""

    @documented_by(transform_action.RescaleAction)
    def __init__(self, env: _Env[Any, Any], min_action: Bound, max_action: Bound) -> None:
        super().__init__(
            env, transform_action.RescaleAction, min_action=min_action, max_action=max_action
        )


class DiscretizeAction(VectorizeTransformAction):
    """Let actions name bins: see `dromos.wrappers.DiscretizeAction`."""

    @documented_by(transform_action.DiscretizeAction)
    def __init__(
        self, env: _Env[Any, Any], bins: int | tuple[int, ...], multidiscrete: bool = False
    ) -> None:
        super().__init__(
            env, transform_action.DiscretizeAction, bins=bins, multidiscrete=multidiscrete
        )
