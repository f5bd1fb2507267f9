"""`Wrapper`: an environment around an environment, and its three one-method forms."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Generic, SupportsFloat

from typing_extensions import TypeVar

from dromos import logger
from dromos.env import ActType, Env, ObsType, RenderFrame, takes_no_arguments
from dromos.homes import home_of
from dromos.snapshot import judge, rules, take
from dromos.utils.record_constructor import RecordConstructorArgs

if TYPE_CHECKING:
    import numpy as np

    from dromos.registration.spec import EnvSpec
    from dromos.snapshot import Writes
    from dromos.spaces import Space
    from dromos.specs import WrapperSpec

__all__ = [
    "ActionWrapper",
    "ObservationWrapper",
    "RewardWrapper",
    "Wrapper",
    "WrapperActType",
    "WrapperObsType",
]

WrapperObsType = TypeVar("WrapperObsType", default=Any)
WrapperActType = TypeVar("WrapperActType", default=Any)

#: The attribute under which a wrapper whose work is done keeps the step of what it wraps.
_SHORT_PATH = "step"


class Wrapper(
    Env[WrapperObsType, WrapperActType],
    Generic[WrapperObsType, WrapperActType, ObsType, ActType],
):
    """An environment that passes every call on to the one it wraps.

    Subclasses change what they want and call ``super().__init__(env)``. The spaces, the metadata
    and the specification are those of the wrapped environment until a subclass assigns its own.
    Other attributes of the wrapped environment are not forwarded: `get_wrapper_attr` finds them.

    Type parameters: the observations and actions the wrapper shows, then those of the environment
    it wraps.

    Attributes:
        env: The wrapped environment.
    """

    __module__ = "dromos.core"  # the public path

    env: Env[ObsType, ActType]

    snapshot_fields = {  # noqa: RUF012  (nobody changes it)
        "_action_space": rules.Optional(rules.SpaceGenerators()),
        "_observation_space": rules.Optional(rules.SpaceGenerators()),
    }

    _action_space: Space[WrapperActType] | None = None
    _observation_space: Space[WrapperObsType] | None = None
    _metadata: dict[str, Any] | None = None
    _cached_spec: EnvSpec | None = None

    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`.

        Raises:
            TypeError: If `env` is not an `Env`.
        """
        if not isinstance(env, Env):
            raise TypeError(f"Expected env to be a `gymnasium.Env` but got {type(env)}")
        self.env = env

    def step(
        self, action: WrapperActType
    ) -> tuple[WrapperObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment."""
        return self.env.step(action)  # type: ignore[arg-type, return-value]

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped environment."""
        return self.env.reset(seed=seed, options=options)  # type: ignore[return-value]

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Render the wrapped environment."""
        return self.env.render()

    def close(self) -> None:
        """Close the wrapped environment."""
        return self.env.close()

    @property
    def unwrapped(self) -> Env[ObsType, ActType]:  # type: ignore[override]
        """The environment under all wrappers."""
        return self.env.unwrapped

    @property
    def spec(self) -> EnvSpec | None:  # type: ignore[override]
        """What `make` needs to build this stack again, or None if the environment has no spec."""
        if self._cached_spec is None and (inner := self.env.spec) is not None:
            try:
                spec = copy.deepcopy(inner)
            except Exception as reason:
                logger.warn(
                    f"An exception occurred ({reason}) while copying the environment spec={inner}"
                )
                return None
            self._add_to_spec(spec)
            self._cached_spec = spec
        return self._cached_spec

    def _add_to_spec(self, spec: EnvSpec) -> None:
        """Enter this wrapper into `spec`, a copy of the wrapped environment's."""
        kwargs = None
        if isinstance(self, RecordConstructorArgs):
            kwargs = {k: v for k, v in self._saved_kwargs.items() if k != "env"}
        spec.additional_wrappers += (_spec_of_class(type(self), copy.deepcopy(kwargs)),)

    @classmethod
    def wrapper_spec(cls, **kwargs: Any) -> WrapperSpec:
        """Return the spec of a wrapper of this class built with `kwargs`."""
        return _spec_of_class(cls, kwargs)

    @classmethod
    def class_name(cls) -> str:
        """Return the name of the class."""
        return cls.__name__

    def has_wrapper_attr(self, name: str) -> bool:
        """Return whether this wrapper or anything under it has the attribute `name`."""
        return hasattr(self, name) or self.env.has_wrapper_attr(name)

    def get_wrapper_attr(self, name: str) -> Any:
        """Return the attribute `name` of the outermost layer that has it.

        Raises:
            AttributeError: If no layer has it.
        """
        try:
            return getattr(self, name)
        except AttributeError:
            pass
        try:
            return self.env.get_wrapper_attr(name)
        except AttributeError as absent:
            raise AttributeError(
                f"wrapper {self.class_name()} has no attribute {name!r}"
            ) from absent

    def set_wrapper_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Set the attribute `name` on the outermost layer that already has it.

        Args:
            name: The attribute.
            value: Its new value.
            force: Whether to create the attribute on this wrapper if no layer has it.

        Returns:
            Whether the attribute was set.
        """
        if hasattr(self, name):
            setattr(self, name, value)
            return True
        if self.env.set_wrapper_attr(name, value, force=False):
            return True
        if force:
            setattr(self, name, value)
        return force

    @property
    def action_space(self) -> Space[WrapperActType]:
        """The valid actions: the wrapped environment's unless this wrapper has its own."""
        if self._action_space is None:
            return self.env.action_space  # type: ignore[return-value]
        return self._action_space

    @action_space.setter
    def action_space(self, space: Space[WrapperActType]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._action_space = space

    @property
    def observation_space(self) -> Space[WrapperObsType]:
        """The valid observations: the wrapped environment's unless this wrapper has its own."""
        if self._observation_space is None:
            return self.env.observation_space  # type: ignore[return-value]
        return self._observation_space

    @observation_space.setter
    def observation_space(self, space: Space[WrapperObsType]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._observation_space = space

    @property
    def metadata(self) -> dict[str, Any]:
        """The wrapped environment's metadata unless this wrapper has its own."""
        return self.env.metadata if self._metadata is None else self._metadata

    @metadata.setter
    def metadata(self, value: dict[str, Any]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._metadata = value

    @property
    def render_mode(self) -> str | None:  # type: ignore[override]
        """The wrapped environment's render mode."""
        return self.env.render_mode

    @property
    def np_random(self) -> np.random.Generator:
        """The wrapped environment's random generator."""
        return self.env.np_random

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self.env.np_random = value

    @property
    def np_random_seed(self) -> int:
        """The wrapped environment's seed."""
        return self.env.np_random_seed

    @property
    def _np_random(self) -> np.random.Generator:  # type: ignore[override]
        # A wrapper has no generator of its own; one read or kept here would be a second stream.
        raise AttributeError(
            "Can't access `_np_random` of a wrapper, use `.unwrapped._np_random` or `.np_random`."
        )

    def snapshot_state(self) -> dict[str, Any]:
        """Return the wrapper's own state and, under ``"env"``, that of what it wraps."""
        return {**super().snapshot_state(), "env": take(self.env)}

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what puts every layer into a state, after looking at all of it."""
        own = {name: value for name, value in state.items() if name != "env"}
        path = self.__dict__
        return [
            lambda: path.pop(_SHORT_PATH, None),
            *super().judge_state(own),
            *judge(self.env, state.get("env")),
        ]

    def __reduce_ex__(self, protocol: Any) -> Any:
        # The short path holds a bound method of *this* stack: a copy must find its own.
        reduced = super().__reduce_ex__(protocol)
        if isinstance(reduced, tuple) and len(reduced) > 2:
            return (*reduced[:2], _without_short_path(reduced[2]), *reduced[3:])
        return reduced

    def __str__(self) -> str:
        return f"<{type(self).__name__}{self.env}>"

    def __repr__(self) -> str:
        return str(self)


class ObservationWrapper(Wrapper[WrapperObsType, ActType, ObsType, ActType]):
    """A wrapper that passes every observation through its `observation` method."""

    __module__ = "dromos.core"  # the public path

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[WrapperObsType, dict[str, Any]]:
        """Reset the wrapped environment and pass its observation through `observation`."""
        obs, info = self.env.reset(seed=seed, options=options)
        return self.observation(obs), info

    def step(self, action: ActType) -> tuple[WrapperObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and pass its observation through `observation`."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return self.observation(obs), reward, terminated, truncated, info

    def observation(self, observation: ObsType) -> WrapperObsType:
        """Return what the user of the wrapper sees of `observation`."""
        raise NotImplementedError


class RewardWrapper(Wrapper[ObsType, ActType, ObsType, ActType]):
    """A wrapper that passes every reward through its `reward` method."""

    __module__ = "dromos.core"  # the public path

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and pass its reward through `reward`."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return obs, self.reward(reward), terminated, truncated, info

    def reward(self, reward: Any) -> SupportsFloat:
        """Return what the user of the wrapper gets for `reward`."""
        raise NotImplementedError


class ActionWrapper(Wrapper[ObsType, WrapperActType, ObsType, ActType]):
    """A wrapper that passes every action through its `action` method."""

    __module__ = "dromos.core"  # the public path

    def step(self, action: WrapperActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment with what `action` makes of `action`."""
        return self.env.step(self.action(action))

    def action(self, action: WrapperActType) -> ActType:
        """Return the wrapped environment's action for the wrapper's `action`."""
        raise NotImplementedError


def _spec_of_class(wrapper: type[Wrapper], kwargs: dict[str, Any] | None) -> WrapperSpec:
    from dromos.specs import WrapperSpec

    return WrapperSpec(wrapper.class_name(), f"{home_of(wrapper)}:{wrapper.__qualname__}", kwargs)


def _without_short_path(state: Any) -> Any:
    """Return a pickle state, a dict or a pair of dict and slots, without the short path."""
    if isinstance(state, tuple):
        return tuple(_without_short_path(part) for part in state)
    if isinstance(state, dict) and _SHORT_PATH in state:
        return {name: value for name, value in state.items() if name != _SHORT_PATH}
    return state
