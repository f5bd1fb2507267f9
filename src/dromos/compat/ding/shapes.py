"""What wrappers make of shapes, told without an environment."""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["KeepsShapes", "Shapes"]

#: The shapes of an observation, of an action and of a reward; a dict of shapes for each dict.
Shapes: TypeAlias = tuple[Any, Any, Any]


class KeepsShapes:
    """Base of the wrappers: what goes through them keeps its shape, unless a wrapper says else."""

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside for those inside.

        Args:
            obs_shape: The shape of the wrapped environment's observations.
            act_shape: The shape of its actions.
            rew_shape: The shape of its rewards.
            **arguments: The wrapper's constructor arguments.
        """
        return obs_shape, act_shape, rew_shape
