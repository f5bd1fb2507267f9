"""`Env` and `Wrapper` of Gym 0.9: public methods that call a subclass's underscored ones."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, ClassVar

from dromos.compat.gym_v21.core import GoalEnv
from dromos.compat.gym_v25 import core
from dromos.compat.gym_v25.core import ActType, ObsType, Step
from dromos.compat.kind_of import KindOf
from dromos.compat.old_errors import DoubleWrapperError, UnsupportedMode
from dromos.core import Wrapper as TodaysWrapper
from dromos.spaces import Space

__all__ = [
    "ActionWrapper",
    "Env",
    "GoalEnv",
    "ObservationWrapper",
    "RewardWrapper",
    "Space",
    "Wrapper",
    "refuse_double_wrappers",
]


class Env(core.Env[ObsType, ActType], metaclass=KindOf):
    """An environment whose subclass defines ``_step``, ``_reset``, ``_render``, ``_seed``.

    ``reset()`` returns the observation, ``step(action)`` the tuple ``(obs, reward, done, info)``.
    A subclass may also override the public methods themselves.
    """

    counts_too: ClassVar[tuple[type, ...]] = (core.Env,)
    _closed = False

    def _step(self, action: ActType) -> Step:
        raise NotImplementedError

    def _reset(self) -> Any:
        raise NotImplementedError

    def _render(self, mode: str = "human", close: bool = False) -> Any:
        return None

    def _close(self) -> None:
        """Release what the environment holds."""

    def _seed(self, seed: int | None = None) -> list[int]:
        return []

    def step(self, action: ActType) -> Step:
        """Advance the environment by one action.

        Returns:
            The observation, the reward, whether the episode is over, and further facts.
        """
        return self._step(action)

    def reset(self, **kwargs: Any) -> Any:
        """Start an episode and return its first observation."""
        return self._reset(**kwargs)

    def render(self, mode: str = "human", close: bool = False) -> Any:
        """Return a picture of the present state.

        Args:
            mode: One of ``metadata["render.modes"]``.
            close: Whether to close the window instead.

        Raises:
            UnsupportedMode: If the environment does not have the mode.
        """
        if close:
            self._close_window()
            return None
        modes = self.metadata.get("render.modes", [])
        if mode not in modes:
            raise UnsupportedMode(
                f"Unsupported rendering mode: {mode}. (Supported modes for {self}: {modes})"
            )
        return self._render(mode=mode)

    def _close_window(self) -> None:
        """Tell a ``_render`` that closes windows to do so; later ones have no such argument."""
        if "close" in inspect.signature(self._render).parameters:
            self._render(close=True)

    def close(self) -> None:
        """Close the window and release what the environment holds. Twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._close_window()
        self._close()

    def seed(self, seed: int | None = None) -> list[int]:
        """Seed the random numbers and return the seeds in use, the main one first."""
        return self._seed(seed)


class Wrapper(Env[ObsType, ActType], core.Wrapper[ObsType, ActType]):
    """An environment that passes every call on to the one it wraps.

    A class of wrappers cannot be in one stack twice.
    """

    def __init__(self, env: Any, new_step_api: bool = False) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            new_step_api: Of later releases: whether ``step`` returns five values.

        Raises:
            DoubleWrapperError: If a wrapper of the same name is inside already.
        """
        for name in _names_of_wrappers(env):
            if name == self.class_name():
                raise _doubled(name, env)
        super().__init__(env, new_step_api)

    def _step(self, action: ActType) -> Step:
        result: Step = self.env.step(action)
        return result

    def _reset(self, **kwargs: Any) -> Any:
        return self.env.reset(**kwargs)

    def _render(self, mode: str = "human", close: bool = False) -> Any:
        if close:
            return self.env.render(mode=mode, close=True)
        return self.env.render(mode=mode)  # 0.10 and later overrides know no `close`

    def _close(self) -> None:
        self.env.close()

    def _seed(self, seed: int | None = None) -> list[int]:
        used: list[int] = self.env.seed(seed)
        return used

    def _close_window(self) -> None:
        """Leave the window to the wrapped environment's ``close``."""


class ObservationWrapper(Wrapper[ObsType, ActType]):
    """A wrapper that passes every observation through its ``_observation``."""

    def _reset(self, **kwargs: Any) -> Any:
        return self.observation(self.env.reset(**kwargs))

    def _step(self, action: ActType) -> Step:
        obs, reward, done, info = self.env.step(action)
        return self.observation(obs), reward, done, info

    def observation(self, observation: Any) -> Any:
        """Return what the user of the wrapper sees of `observation`."""
        return self._observation(observation)

    def _observation(self, observation: Any) -> Any:
        raise NotImplementedError


class RewardWrapper(Wrapper[ObsType, ActType]):
    """A wrapper that passes every reward through its ``_reward``."""

    def _step(self, action: ActType) -> Step:
        obs, reward, done, info = self.env.step(action)
        return obs, self.reward(reward), done, info

    def reward(self, reward: Any) -> Any:
        """Return what the user of the wrapper gets for `reward`."""
        return self._reward(reward)

    def _reward(self, reward: Any) -> Any:
        raise NotImplementedError


class ActionWrapper(Wrapper[ObsType, ActType]):
    """A wrapper that passes every action through its ``_action``."""

    def _step(self, action: ActType) -> Step:
        result: Step = self.env.step(self.action(action))
        return result

    def action(self, action: Any) -> Any:
        """Return the wrapped environment's action for the wrapper's `action`."""
        return self._action(action)

    def _action(self, action: Any) -> Any:
        raise NotImplementedError

    def reverse_action(self, action: Any) -> Any:
        """Return the wrapper's action for the wrapped environment's `action`."""
        return self._reverse_action(action)

    def _reverse_action(self, action: Any) -> Any:
        raise NotImplementedError


def refuse_double_wrappers(env: Any) -> None:
    """Raise if a stack has two wrappers of one name, which today's interface allows.

    Args:
        env: An environment of this dialect or of today's interface.

    Raises:
        DoubleWrapperError: If it has; the message names them.
    """
    seen: set[str] = set()
    for name in _names_of_wrappers(env):
        if name in seen:
            raise _doubled(name, env)
        seen.add(name)


def _names_of_wrappers(env: Any) -> Iterator[str]:
    while isinstance(env, (core.Wrapper, TodaysWrapper)):
        yield env.class_name()
        env = env.env


def _doubled(name: str, env: Any) -> DoubleWrapperError:
    return DoubleWrapperError(f"Attempted to double wrap with Wrapper: {name}. The stack is {env}.")
