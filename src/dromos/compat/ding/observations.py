"""Observations with more in them: the last action and reward; a text as an array."""

from __future__ import annotations

import copy
from typing import Any, SupportsFloat

import numpy as np
import numpy.typing as npt

from dromos import spaces
from dromos.compat.ding.shapes import KeepsShapes, Shapes
from dromos.core import ActType, Env, ObservationWrapper, ObsType, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["AllinObsWrapper", "FlatObsWrapper", "ObsPlusPrevActRewWrapper"]

#: What stands for the action before the first one of an episode.
_NO_ACTION = -1

#: The letters of a mission, in the order of their codes.
_LETTERS = "abcdefghijklmnopqrstuvwxyz ,"


def _reward_space() -> spaces.Box[Any]:
    return spaces.Box(-np.inf, np.inf, (1,), np.float32)


def _as_array(reward: SupportsFloat) -> npt.NDArray[np.float32]:
    return np.array([float(reward)], np.float32)


class ObsPlusPrevActRewWrapper(
    Wrapper[dict[str, Any], ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Show the action and the reward of the step before, as in Never Give Up (Badia et al. 2020).

    Observations become dicts of ``obs``, ``prev_action`` and ``prev_reward_extrinsic`` (float32
    (1,)). What a step shows is what was before *that step*: after the first step of an episode
    there is still no action, -1, and the reward 0.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`.

        Raises:
            TypeError: If its actions are not in a `Discrete`, `MultiDiscrete` or `Box` space.
        """
        super().__init__(env)
        self.observation_space = spaces.Dict(
            {
                "obs": env.observation_space,
                "prev_action": _with_no_action(env.action_space),
                "prev_reward_extrinsic": _reward_space(),
            }
        )
        self._forget()

    def _forget(self) -> None:
        space = self.env.action_space
        self.prev_action: Any = _NO_ACTION
        if space.shape:
            self.prev_action = np.full(space.shape, _NO_ACTION, space.dtype)
        self.prev_reward_extrinsic = _as_array(0.0)

    def _with_previous(self, obs: ObsType) -> dict[str, Any]:
        # Copies, since the first step of an episode shows the same as the reset.
        return {
            "obs": obs,
            "prev_action": copy.copy(self.prev_action),
            "prev_reward_extrinsic": self.prev_reward_extrinsic.copy(),
        }

    def step(
        self, action: ActType
    ) -> tuple[dict[str, Any], SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and show what was before."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        shown = self._with_previous(obs)
        # A copy, since the caller may write its next action into the same array.
        self.prev_action = copy.copy(action)
        self.prev_reward_extrinsic = _as_array(reward)
        return shown, reward, terminated, truncated, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Reset the wrapped environment and forget the last action and reward."""
        obs, info = self.env.reset(seed=seed, options=options)
        self._forget()
        return self._with_previous(obs), info

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside for those inside."""
        shape = {"obs": obs_shape, "prev_action": act_shape, "prev_reward_extrinsic": rew_shape}
        return shape, act_shape, rew_shape


class AllinObsWrapper(
    Wrapper[dict[str, Any], ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Show the reward in the observation: a dict of ``obs`` and ``reward``, float32 (1,).

    For the Decision Transformer (Chen et al. 2021), which asks for returns.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`."""
        super().__init__(env)
        self.observation_space = spaces.Dict(
            {"obs": env.observation_space, "reward": _reward_space()}
        )

    def step(
        self, action: ActType
    ) -> tuple[dict[str, Any], SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return {"obs": obs, "reward": _as_array(reward)}, reward, terminated, truncated, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Reset the wrapped environment; the reward is 0."""
        obs, info = self.env.reset(seed=seed, options=options)
        return {"obs": obs, "reward": _as_array(0.0)}, info

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside for those inside."""
        return {"obs": obs_shape, "reward": rew_shape}, act_shape, rew_shape


class FlatObsWrapper(
    ObservationWrapper[npt.NDArray[np.float32], ActType, dict[str, Any]],
    KeepsShapes,
    RecordConstructorArgs,
):
    """Show an image and a mission in words as one array, as Minigrid's observations; float32.

    The image comes first, flat; then 28 numbers a letter, of which one is 1.
    """

    @recorded
    def __init__(self, env: Env[dict[str, Any], ActType], maxStrLen: int = 96) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose observations are dicts with ``image`` and ``mission``.
            maxStrLen: The number of letters there is room for.
        """
        super().__init__(env)
        self.maxStrLen = maxStrLen
        self._cached_mission: str | None = None
        self._letters = np.zeros(0, np.float32)
        inner: Any = env.observation_space
        shape = self.new_shape(inner["image"].shape, (), (), maxStrLen=maxStrLen)[0]
        self.observation_space = spaces.Box(0, 255, shape, np.float32)

    def observation(self, observation: dict[str, Any]) -> npt.NDArray[np.float32]:
        """Return the image and the mission as one array.

        Raises:
            ValueError: If the mission is too long or has other letters than a-z, space and comma.
        """
        if observation["mission"] != self._cached_mission:
            self._letters = self._encoded(observation["mission"].lower())
            self._cached_mission = observation["mission"]
        image = np.asarray(observation["image"], np.float32)
        return np.concatenate((image.ravel(), self._letters))

    def _encoded(self, mission: str) -> npt.NDArray[np.float32]:
        if len(mission) > self.maxStrLen:
            raise ValueError(
                f"The mission {mission!r} has {len(mission)} letters, and there is room for "
                f"{self.maxStrLen}; wrap with a larger maxStrLen."
            )
        letters = np.zeros((self.maxStrLen, len(_LETTERS)), np.float32)
        for place, letter in enumerate(mission):
            code = _LETTERS.find(letter)
            if code < 0:
                raise ValueError(
                    f"The mission {mission!r} has the letter {letter!r}; expected only a-z, space "
                    "and comma"
                )
            letters[place, code] = 1
        return letters.ravel()

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside; `obs_shape` is that of the image inside."""
        letters = arguments.get("maxStrLen", 96) * len(_LETTERS)
        return (int(np.prod(obs_shape)) + letters,), act_shape, rew_shape


def _with_no_action(space: spaces.Space[Any]) -> spaces.Space[Any]:
    """Return a space of actions with one more: that there was none."""
    if isinstance(space, spaces.Discrete):
        first = min(int(space.start), _NO_ACTION)
        return spaces.Discrete(int(space.start + space.n) - first, start=first)
    if isinstance(space, spaces.MultiDiscrete):
        first_each = np.minimum(space.start, _NO_ACTION)
        return spaces.MultiDiscrete(
            space.start + space.nvec - first_each, space.dtype.type, start=first_each
        )
    if isinstance(space, spaces.Box):
        low, high = np.minimum(space.low, _NO_ACTION), np.maximum(space.high, _NO_ACTION)
        return spaces.Box(low, high, dtype=space.dtype.type)
    raise TypeError(
        f"ObsPlusPrevActRewWrapper needs Discrete, MultiDiscrete or Box actions, found {space}"
    )
