"""`Env` and `Wrapper` of Gymnasium 0.26 to 0.29.

A vector was an `Env`, which wrappers of single environments took too; wrappers forwarded the
attributes of what they wrapped; environments had a range of rewards.
"""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, SupportsFloat

from dromos import core, logger
from dromos.compat.kind_of import KindOf
from dromos.core import ActType, ObsType, RenderFrame, WrapperActType, WrapperObsType
from dromos.vector import VectorEnv

__all__ = [
    "ActType",
    "ActionWrapper",
    "Env",
    "ObsType",
    "ObservationWrapper",
    "RenderFrame",
    "RewardWrapper",
    "Wrapper",
    "WrapperActType",
    "WrapperObsType",
]

#: What vectors have and single environments do not: forwarded without a word.
_OF_VECTORS = frozenset(
    {
        *("action_space", "call", "close_extras", "closed", "envs", "get_attr", "is_vector_env"),
        *("num_envs", "observation_space", "observations", "set_attr"),
        *("single_action_space", "single_observation_space"),
    }
)


class Env(core.Env[ObsType, ActType], metaclass=KindOf):
    """An environment; today's are instances too, and so are vectors.

    Attributes:
        reward_range: The least and the greatest reward.
    """

    counts_too: ClassVar[tuple[type, ...]] = (core.Env, VectorEnv)
    reward_range: tuple[SupportsFloat, SupportsFloat] = (-float("inf"), float("inf"))


class Forwarding:
    """What the wrappers of these releases did besides: they forwarded attributes."""

    env: Any

    @property
    def reward_range(self) -> tuple[SupportsFloat, SupportsFloat]:
        """The wrapped environment's range of rewards, until the wrapper has its own."""
        own = self.__dict__.get("_reward_range")
        return getattr(self.env, "reward_range", Env.reward_range) if own is None else own

    @reward_range.setter
    def reward_range(self, value: tuple[SupportsFloat, SupportsFloat]) -> None:
        self.__dict__["_reward_range"] = value

    def get_wrapper_attr(self, name: str) -> Any:
        """Return the attribute `name` of the outermost layer that has it, without a word.

        Raises:
            AttributeError: If no layer has it.
        """
        try:
            return object.__getattribute__(self, name)
        except AttributeError:
            inner = self.env
        return getattr(inner, "get_wrapper_attr", partial(getattr, inner))(name)

    def has_wrapper_attr(self, name: str) -> bool:
        """Return whether this wrapper or anything under it has the attribute `name`."""
        try:
            self.get_wrapper_attr(name)
        except AttributeError:
            return False
        return True

    def set_wrapper_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Set the attribute `name` on the outermost layer that already has it; return whether."""
        try:
            object.__getattribute__(self, name)
        except AttributeError:
            inside = getattr(self.env, "set_wrapper_attr", None)
            if inside is not None and inside(name, value, force=False):
                return True
            if not force:
                return False
        setattr(self, name, value)
        return True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "env":
            raise AttributeError(f"accessing private attribute {name!r} is prohibited")
        value = getattr(self.env, name)
        if name not in _OF_VECTORS:
            logger.warn(  # the text that 0.29 had, which programs compare
                f"env.{name} to get variables from other wrappers is deprecated and will be "
                f"removed in v1.0, to get this variable you can do `env.unwrapped.{name}` for "
                f"environment variables or `env.get_wrapper_attr('{name}')` that will search the "
                "reminding wrappers."
            )
        return value


class Wrapper(Forwarding, core.Wrapper[WrapperObsType, WrapperActType, Any, Any], metaclass=KindOf):
    """An environment that passes every call on to the one it wraps, and its public attributes.

    Today's wrappers are instances too.
    """

    counts_too: ClassVar[tuple[type, ...]] = (core.Wrapper,)

    def __init__(self, env: Any) -> None:
        """Wrap `env`, an environment or a vector.

        Raises:
            TypeError: If it is neither.
        """
        if isinstance(env, VectorEnv):
            self.env = env
        else:
            super().__init__(env)


class ObservationWrapper(Wrapper[Any, Any], core.ObservationWrapper[Any, Any, Any]):
    """A wrapper that passes every observation through its `observation` method."""


class RewardWrapper(Wrapper[Any, Any], core.RewardWrapper[Any, Any]):
    """A wrapper that passes every reward through its `reward` method."""


class ActionWrapper(Wrapper[Any, Any], core.ActionWrapper[Any, Any, Any]):
    """A wrapper that passes every action through its `action` method."""
