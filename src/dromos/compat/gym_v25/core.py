"""`Env` and `Wrapper` of Gym 0.11 to 0.25: a step of four values, ``done`` among them."""

from __future__ import annotations

import copy
from typing import Any, Generic, Literal, SupportsFloat, TypeAlias

import numpy as np
from typing_extensions import Self

from dromos.compat.closing import CLOSED, ClosesItself
from dromos.compat.gym_v25.utils import seeding
from dromos.core import ActType, ObsType, RenderFrame
from dromos.snapshot import attributes_state, judge_attributes, restore_now
from dromos.spaces import Space
from dromos.step_api import step_api_compatibility

__all__ = [
    "ActType",
    "ActionWrapper",
    "Env",
    "ObsType",
    "ObservationWrapper",
    "RenderFrame",
    "RewardWrapper",
    "Space",
    "Step",
    "Wrapper",
]

_GENERATOR = "_np_random"

#: (observation, reward, done, info); with ``new_step_api``, of 0.24 and 0.25, five values.
Step: TypeAlias = tuple[Any, SupportsFloat, bool, dict[str, Any]]


class Env(ClosesItself, Generic[ObsType, ActType]):
    """An environment whose ``step`` returns ``(obs, reward, done, info)``.

    ``reset`` returns the observation, or ``(obs, info)`` if it is asked with ``return_info``. An
    environment that nobody closes is closed when it is forgotten, or when the program ends.

    Attributes:
        metadata: Facts about the class: ``render_modes`` or, older, ``render.modes``.
        render_mode: The mode this instance was made with, or None.
        reward_range: The least and the greatest reward.
        spec: What `make` made the instance from, or None.
        action_space: The valid actions.
        observation_space: The valid observations.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012  (an instance may replace it)
    render_mode: str | None = None
    reward_range: tuple[float, float] = (-float("inf"), float("inf"))
    spec: Any = None

    action_space: Space[ActType]
    observation_space: Space[ObsType]

    #: Names of attributes that snapshots leave out; the generator is added by hand.
    snapshot_exclude: frozenset[str] = frozenset({_GENERATOR, CLOSED})

    _np_random: Any = None

    @property
    def np_random(self) -> Any:
        """The environment's random generator, seeded from entropy if nobody seeded it."""
        if self._np_random is None:
            self._np_random, _ = seeding.np_random()
        return self._np_random

    @np_random.setter
    def np_random(self, value: Any) -> None:
        self._np_random = value

    def step(self, action: ActType) -> Step:
        """Advance the environment by one action.

        Returns:
            The observation, the reward, whether the episode is over, and further facts; the entry
            ``TimeLimit.truncated`` tells whether a time limit ended it.
        """
        raise NotImplementedError

    def reset(
        self,
        *,
        seed: int | None = None,
        return_info: bool = False,
        options: dict[str, Any] | None = None,
    ) -> Any:
        """Start an episode. This method of the base class only seeds, and returns None.

        Args:
            seed: An integer ≥ 0 starts the random numbers anew.
            return_info: Whether to return ``(obs, info)`` instead of the observation.
            options: What the environment lets its user say about the start.
        """
        if seed is not None:
            self._np_random, _ = seeding.np_random(seed)

    def render(self, mode: str = "human") -> Any:
        """Return a picture of the present state in a mode."""
        raise NotImplementedError

    def close(self) -> None:
        """Release windows, processes and files. Closing twice is harmless."""

    def seed(self, seed: int | None = None) -> list[int]:
        """Seed the random numbers; from 0.22 on ``reset(seed=...)`` is preferred.

        Returns:
            The seeds in use, the main one first.
        """
        self._np_random, used = seeding.np_random(seed)
        return [used]

    @property
    def unwrapped(self) -> Env[Any, Any]:
        """The innermost environment: this one."""
        return self

    def snapshot_state(self) -> dict[str, Any]:
        """Return the state, for snapshots of what this environment is part of."""
        generator = self._np_random
        if isinstance(generator, seeding.RandomNumberGenerator):  # plain data knows its base
            generator = np.random.Generator(generator.bit_generator)
        return {**attributes_state(self), _GENERATOR: copy.deepcopy(generator)}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take over what `snapshot_state` returned."""
        own = {name: value for name, value in state.items() if name != _GENERATOR}
        restore_now(self, lambda known: judge_attributes(self, known), own)
        generator = copy.deepcopy(state[_GENERATOR])
        if isinstance(generator, np.random.Generator):
            generator = seeding.RandomNumberGenerator(generator.bit_generator)
        self._np_random = generator

    def __str__(self) -> str:
        if self.spec is None:
            return f"<{type(self).__name__} instance>"
        return f"<{type(self).__name__}<{self.spec.id}>>"

    def __enter__(self) -> Self:
        """Return the environment, which the ``with`` statement closes at its end."""
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        """Close the environment and let an exception pass."""
        self.close()
        return False


def _of_wrapped_env(name: str) -> Any:
    """Return a property: the wrapped environment's attribute until the wrapper has its own."""

    def get(self: Any) -> Any:
        own = self.__dict__.get(name)
        return getattr(self.env, name) if own is None else own

    def set_(self: Any, value: Any) -> None:
        self.__dict__[name] = value

    return property(get, set_, doc=f"The wrapped environment's `{name}` or the wrapper's own.")


class Wrapper(Env[ObsType, ActType]):
    """An environment that passes every call on to the one it wraps, and its public attributes.

    Attributes:
        env: The wrapped environment.
        new_step_api: Whether ``step`` returns five values, whatever the environment returns.
    """

    closes_itself = False  # what it wraps may be in use elsewhere, and closes itself
    new_step_api = False

    action_space = _of_wrapped_env("action_space")
    metadata = _of_wrapped_env("metadata")
    observation_space = _of_wrapped_env("observation_space")
    render_mode = _of_wrapped_env("render_mode")
    reward_range = _of_wrapped_env("reward_range")
    spec = _of_wrapped_env("spec")

    def __init__(self, env: Any, new_step_api: bool = False) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            new_step_api: Whether ``step`` returns five values.
        """
        self.env = env
        if new_step_api:
            self.new_step_api = True

    def step(self, action: ActType) -> Step:
        """Step the wrapped environment."""
        return self._stepped(self.env.step(action))  # type: ignore[no-any-return]

    def _stepped(self, result: Any) -> Any:
        """Return what ``step`` returns, with as many values as were asked for."""
        if len(result) == 4 + self.new_step_api:
            return result
        vectorised = bool(getattr(self, "is_vector_env", False))
        return step_api_compatibility(result, self.new_step_api, vectorised)

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped environment."""
        return self.env.reset(**kwargs)

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """Render the wrapped environment."""
        return self.env.render(*args, **kwargs)

    def close(self) -> None:
        """Close the wrapped environment."""
        self.env.close()

    def seed(self, seed: int | None = None) -> list[int]:
        """Seed the wrapped environment."""
        used: list[int] = self.env.seed(seed)
        return used

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "env":
            raise AttributeError(
                f"attempted to get missing private attribute {name!r} of {type(self).__name__}; "
                "private attributes are only reached through `.unwrapped`"
            )
        return getattr(self.env, name)

    @property
    def unwrapped(self) -> Env[Any, Any]:
        """The environment under all wrappers."""
        inner: Env[Any, Any] = self.env.unwrapped
        return inner

    @property
    def np_random(self) -> np.random.Generator:
        """The wrapped environment's random generator."""
        generator: np.random.Generator = self.env.np_random
        return generator

    @np_random.setter
    def np_random(self, value: Any) -> None:
        self.env.np_random = value

    def snapshot_state(self) -> dict[str, Any]:
        """Return the wrapper's own state and, under ``"env"``, that of what it wraps."""
        return {**super().snapshot_state(), "env": self.env.snapshot_state()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take over what `snapshot_state` returned, through every layer."""
        super().restore_state({name: value for name, value in state.items() if name != "env"})
        self.env.restore_state(state["env"])

    @classmethod
    def class_name(cls) -> str:
        """Return the name of the class."""
        return cls.__name__

    def __str__(self) -> str:
        return f"<{type(self).__name__}{self.env}>"

    def __repr__(self) -> str:
        return str(self)


class ObservationWrapper(Wrapper[ObsType, ActType]):
    """A wrapper that passes every observation through its `observation` method."""

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped environment and pass its observation through `observation`."""
        if kwargs.get("return_info"):
            obs, info = self.env.reset(**kwargs)
            return self.observation(obs), info
        return self.observation(self.env.reset(**kwargs))

    def step(self, action: ActType) -> Step:
        """Step the wrapped environment and pass its observation through `observation`."""
        obs, *rest = self._stepped(self.env.step(action))
        return self.observation(obs), *rest

    def observation(self, observation: Any) -> Any:
        """Return what the user of the wrapper sees of `observation`."""
        raise NotImplementedError


class RewardWrapper(Wrapper[ObsType, ActType]):
    """A wrapper that passes every reward through its `reward` method."""

    def step(self, action: ActType) -> Step:
        """Step the wrapped environment and pass its reward through `reward`."""
        obs, reward, *rest = self._stepped(self.env.step(action))
        return obs, self.reward(reward), *rest

    def reward(self, reward: Any) -> Any:
        """Return what the user of the wrapper gets for `reward`."""
        raise NotImplementedError


class ActionWrapper(Wrapper[ObsType, ActType]):
    """A wrapper that passes every action through its `action` method."""

    def step(self, action: ActType) -> Step:
        """Step the wrapped environment with what `action` makes of `action`."""
        return self._stepped(self.env.step(self.action(action)))  # type: ignore[no-any-return]

    def action(self, action: Any) -> Any:
        """Return the wrapped environment's action for the wrapper's `action`."""
        raise NotImplementedError

    def reverse_action(self, action: Any) -> Any:
        """Return the wrapper's action for the wrapped environment's `action`."""
        raise NotImplementedError
