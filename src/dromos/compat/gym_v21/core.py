"""`Env` and the wrappers of Gym 0.11 to 0.25, and `GoalEnv`, which 0.22 gave away."""

from __future__ import annotations

from typing import Any

from dromos.compat.gym_v25.core import (
    ActionWrapper,
    ActType,
    Env,
    ObservationWrapper,
    ObsType,
    RenderFrame,
    RewardWrapper,
    Step,
    Wrapper,
)
from dromos.error import Error
from dromos.spaces import Dict, Space

__all__ = [
    "ActType",
    "ActionWrapper",
    "Env",
    "GoalEnv",
    "ObsType",
    "ObservationWrapper",
    "RenderFrame",
    "RewardWrapper",
    "Space",
    "Step",
    "Wrapper",
]

_KEYS = ("observation", "achieved_goal", "desired_goal")


class GoalEnv(Env[Any, Any]):
    """An environment whose observations hold a goal, and whose reward follows from it.

    The observation space is a `Dict` with ``observation``, ``achieved_goal`` and
    ``desired_goal``. For every step, ``reward == env.compute_reward(obs["achieved_goal"],
    obs["desired_goal"], info)``.
    """

    def reset(self, **kwargs: Any) -> Any:
        """Check the observation space; a subclass calls this before its own reset.

        Raises:
            Error: If the observation space is no `Dict`, or lacks one of the three.
        """
        space = getattr(self, "observation_space", None)
        if not isinstance(space, Dict):
            raise Error(
                f"GoalEnv requires an observation space of type gym.spaces.Dict, not {space}"
            )
        for key in _KEYS:
            if key not in space.spaces:
                raise Error(
                    f'GoalEnv requires the "{key}" key to be part of the observation dictionary; '
                    f"it has {list(space.spaces)}"
                )
        if kwargs.get("seed") is not None:
            self.seed(kwargs["seed"])

    def compute_reward(self, achieved_goal: Any, desired_goal: Any, info: dict[str, Any]) -> float:
        """Return the reward for having reached one goal when another was desired."""
        raise NotImplementedError
