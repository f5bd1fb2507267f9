"""Actions done several times, and actions given as dicts."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np

from dromos import spaces
from dromos.compat.ding.shapes import KeepsShapes, Shapes
from dromos.core import ActionWrapper, ActType, Env, ObsType, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.rules.rule import checked_count

__all__ = ["ActionRepeatWrapper", "GymHybridDictActionWrapper", "MaxAndSkipWrapper"]


def _repeated(
    env: Env[Any, Any], action: Any, times: int
) -> tuple[list[Any], tuple[float, bool, bool, dict[str, Any]]]:
    """Do `action` several times, until an episode ends.

    Returns:
        All observations; and the sum of the rewards (None counts 0) with the rest of the last step.
    """
    frames, total = [], 0.0
    while True:
        obs, reward, terminated, truncated, info = env.step(action)
        frames.append(obs)
        total += float(reward or 0)
        if terminated or truncated or len(frames) >= times:
            return frames, (total, terminated, truncated, info)


class MaxAndSkipWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Do every action `skip` times; show the maximum of the last two frames, add up the rewards.

    If the episode ends with the first of them, that frame is shown as it is. The info is the last.
    """

    reward_range = (-np.inf, np.inf)

    @recorded
    def __init__(self, env: Env[ObsType, ActType], skip: int = 4) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            skip: How many times an action is done, at least 1.

        Raises:
            TypeError: If `skip` is not an integer.
            ValueError: If it is less than 1.
        """
        super().__init__(env)
        self._skip = checked_count("skip", skip, 1)

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Do `action` until it has been done often enough or the episode ends."""
        frames, rest = _repeated(self.env, action, self._skip)
        return np.max(frames[-2:], axis=0), *rest


class ActionRepeatWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Do every action `action_repeat` times and add up the rewards; a reward of None counts 0."""

    reward_range = (-np.inf, np.inf)

    @recorded
    def __init__(self, env: Env[ObsType, ActType], action_repeat: int = 1) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            action_repeat: How many times an action is done, at least 1.

        Raises:
            TypeError: If `action_repeat` is not an integer.
            ValueError: If it is less than 1.
        """
        super().__init__(env)
        self.action_repeat = checked_count("action_repeat", action_repeat, 1)

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Do `action` until it has been done often enough or the episode ends."""
        frames, rest = _repeated(self.env, action, self.action_repeat)
        return frames[-1], *rest


class GymHybridDictActionWrapper(
    ActionWrapper[ObsType, dict[str, Any], tuple[Any, Any]], KeepsShapes, RecordConstructorArgs
):
    """Take the actions of gym-hybrid, a kind and its arguments, as a dict.

    The keys are ``type``, ``args``, and ``mask``, which says which arguments belong to which type
    and is for policies only: the environment does not get it.
    """

    @recorded
    def __init__(self, env: Env[ObsType, tuple[Any, Any]]) -> None:
        """Wrap `env`, whose actions are a `Tuple` of a `Discrete` and a `Box`.

        Raises:
            TypeError: If they are something else.
        """
        super().__init__(env)
        inner = env.action_space
        kinds = [spaces.Discrete, spaces.Box]
        if not isinstance(inner, spaces.Tuple) or list(map(type, inner.spaces)) != kinds:
            raise TypeError(
                "GymHybridDictActionWrapper needs the action space Tuple(Discrete, Box), found "
                f"{inner}"
            )
        kind, arguments = inner.spaces
        mask = spaces.Box(0, 1, arguments.shape, np.int64)
        self.action_space = spaces.Dict({"type": kind, "mask": mask, "args": arguments})

    def action(self, action: dict[str, Any]) -> tuple[Any, Any]:
        """Return the action as the pair the environment takes."""
        return action["type"], action["args"]

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside; `act_shape` is that of the arguments inside."""
        return obs_shape, {"type": (), "mask": act_shape, "args": act_shape}, rew_shape
