"""The classes of built-in environments, which old programs make and derive from themselves.

``gym.envs.classic_control.CartPoleEnv`` is today's class under the interface of the dialect:
``step`` returns four values, ``reset`` the observation. A subclass's own methods that today's class
calls, such as ``reset_model`` of robots, are called through it.
"""

from __future__ import annotations

import importlib
import inspect
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar
from weakref import ref

import numpy as np

from dromos.compat.as_then import (
    fit,
    infos_renamed,
    infos_unknown,
    metadata_then,
    observation_then,
)
from dromos.compat.gym_v25.conversion import NEW_MODES, FromNew
from dromos.compat.old_ids import Release
from dromos.core import Env as NewEnv
from dromos.homes import home_of
from dromos.spaces import Box
from dromos.wrappers import RenderCollection

__all__ = ["BuiltIn", "class_then", "faced"]

_OURS = ("dromos.envs.", "dromos.compat.old_envs.")
_LIST = "_list"

#: What the interface of then has itself; a subclass that overrides it overrides nothing of today's.
_FACE = frozenset({*vars(FromNew), *dir(NewEnv), "_step", "_reset", "_render", "_close", "_seed"})
#: Attributes whose name was another.
_RENAMED = {"steps_beyond_done": "steps_beyond_terminated", "isd": "initial_state_distrib"}

#: Arguments of ``MujocoEnv`` before the observation space, which releases found out by a step.
_BEFORE_SPACE = 3
#: Methods with an underscore that the environments of MuJoCo let a subclass define.
_HOOKS = frozenset({"_get_obs", "_get_rew", "_get_reset_info", "_set_action_space"})

#: Classes of releases that played otherwise, the last of them, and where they are.
_OF_THEN: dict[str, tuple[Release, str]] = {
    "BlackjackEnv": ((0, 21), "blackjack"),
    "PendulumEnv": ((0, 10), "pendulum"),
    "TaxiEnv": ((0, 10), "tabular"),
}


class BuiltIn(FromNew):
    """A built-in environment under an old interface.

    Attributes:
        todays: Today's class.
        release: The release whose spaces, metadata and infos it has.
        made: The class that instances make: `todays`, or one that calls a subclass's methods.
    """

    todays: ClassVar[type[Any]]
    release: ClassVar[Release]
    made: ClassVar[type[Any]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = [name for name in cls.__dict__ if _is_hook(cls, name)]
        if "todays" not in cls.__dict__ and own and hasattr(cls, "todays"):
            cls.made = _calling(cls.made, own)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the environment; the arguments are those of today's class."""
        mode = kwargs.get("render_mode")
        mode = None if mode is None else NEW_MODES.get(mode, mode)
        if mode is not None:
            kwargs["render_mode"] = mode.removesuffix(_LIST)
        if kwargs.get("obs_type") == "image":  # as games called it until 0.19
            kwargs["obs_type"] = "rgb"
        if _is_of_mujoco([self.todays]) and len(args) < _BEFORE_SPACE:
            kwargs.setdefault("observation_space", None)
        made = self.made(*args, **kwargs)
        if self.made is not self.todays:
            made._face = ref(self)
        self._wrap(RenderCollection(made) if mode and mode.endswith(_LIST) else made)
        if getattr(made, "observation_space", None) is None:
            made.observation_space = self._observed()

    def _wrap(self, env: NewEnv[Any, Any]) -> None:
        """Become the face of `env`."""
        bare, release = env.unwrapped, self.release
        fit(bare, release)
        super().__init__(env)
        self.metadata = metadata_then(bare, release)
        self.observe = observation_then(bare, release)
        self.unknown, self.renamed = infos_unknown(bare, release), infos_renamed(bare, release)
        self.closes_itself = True
        for name in ("metadata", "reward_range"):  # a subclass's own are those of its class
            if _own_class_has(type(self), name):
                del self.__dict__[name]

    def _observed(self) -> Box[Any]:
        """Return the space of what a step observes, as releases found it out."""
        seen = np.asarray(self.step(self.action_space.sample())[0])
        return Box(-np.inf, np.inf, seen.shape, seen.dtype)

    @property
    def action_space(self) -> Any:
        """The actions: the environment's, or those that a subclass has set."""
        return self.__dict__.get("action_space") or self.env.action_space

    @action_space.setter
    def action_space(self, space: Any) -> None:
        self.__dict__["action_space"] = space

    @property
    def observation_space(self) -> Any:
        """The observations: the environment's, or those that a subclass has set."""
        return self.__dict__.get("observation_space") or self.env.observation_space

    @observation_space.setter
    def observation_space(self, space: Any) -> None:
        self.__dict__["observation_space"] = space

    def __setattr__(self, name: str, value: Any) -> None:
        if "env" in self.__dict__:
            super().__setattr__(name, value)
        else:
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return str(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Return how a copy is made: the class is no module's own."""
        if "todays" not in type(self).__dict__:
            return super().__reduce_ex__(protocol)
        kind = next(base for base in type(self).__mro__[1:] if not issubclass(base, BuiltIn))
        return _blank, (self.todays, kind, self.release), self.__dict__


def faced(env: NewEnv[Any, Any], adapter: type[FromNew], release: Release) -> FromNew:
    """Return an environment of today's interface as a release had it.

    Args:
        env: The environment, a built-in one or a user's, with what is around it.
        adapter: What adapts environments in the dialect.
        release: The release.
    """
    kind = _class(type(env.unwrapped), adapter, release)
    face: Any = kind.__new__(kind)
    face._wrap(env)
    return face  # type: ignore[no-any-return]


def class_then(value: Any, adapter: type[FromNew], release: Release) -> Any:
    """Return what a release had under the name of a thing of today's: another class, or the thing.

    Args:
        value: Anything; classes of built-in environments are exchanged.
        adapter: What adapts environments in the dialect.
        release: The release.
    """
    if not isinstance(value, type) or not issubclass(value, NewEnv):
        return value
    if not home_of(value).startswith(_OURS):
        return value
    until, module = _OF_THEN.get(value.__name__, ((0, 0), ""))
    if release <= until:
        return getattr(importlib.import_module(f"dromos.compat.old_envs.{module}"), value.__name__)
    return _class(value, adapter, release)


_classes: dict[tuple[Any, ...], type[BuiltIn]] = {}


def _class(todays: type[Any], adapter: type[FromNew], release: Release) -> type[BuiltIn]:
    """Return the one class of a dialect that stands for one of today's."""
    key = todays, adapter, release
    if key not in _classes:
        _classes[key] = _new_class(*key)
    return _classes[key]


def _new_class(todays: type[Any], adapter: type[FromNew], release: Release) -> type[BuiltIn]:
    facts = {"todays": todays, "made": todays, "release": release, "__doc__": todays.__doc__}
    methods: dict[str, Any] = {name: _passed_on(function) for name, function in _methods(todays)}
    for then, today in _RENAMED.items():
        if hasattr(todays, today):
            methods[then] = _renamed(today)
    if _is_of_mujoco(todays.__mro__):
        methods["sim"] = property(_simulation)
    bases = (*_faces(adapter), adapter)
    namespace = {**methods, **facts, "__module__": adapter.__module__}
    return types.new_class(todays.__name__, bases, {}, lambda body: body.update(namespace))


def _faces(adapter: type[FromNew]) -> tuple[type[BuiltIn], ...]:
    """Return what is put before an adapter: in 0.9, what calls the underscored methods too."""
    own: type[BuiltIn] | None = getattr(adapter, "face", None)
    return (own or BuiltIn,)


def _blank(todays: type[Any], adapter: type[FromNew], release: Release) -> BuiltIn:
    kind = _class(todays, adapter, release)
    return kind.__new__(kind)  # type: ignore[no-any-return]


def _methods(todays: type[Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the methods of a class that a subclass may call as its ``super()``'s."""
    for base in reversed(todays.__mro__):
        if base is object or issubclass(NewEnv, base):
            continue
        for name, value in vars(base).items():
            if inspect.isfunction(value) and name not in _FACE and not name.startswith("__"):
                yield name, value


def _passed_on(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return function(self.env.unwrapped, *args, **kwargs)

    method.__doc__ = function.__doc__
    return method


def _is_hook(cls: type[Any], name: str) -> bool:
    """Return whether today's class may call a method that a subclass defines."""
    if name in _FACE or (name.startswith("_") and name not in _HOOKS):
        return False
    todays = getattr(cls, "todays", None)
    return callable(cls.__dict__[name]) and callable(getattr(todays, name, None))


def _calling(made: type[Any], names: list[str]) -> type[Any]:
    """Return a class whose methods are those of the old face around it.

    Raises:
        TypeError: If today's class would not call one of them.
    """

    def of_face(name: str) -> Callable[..., Any]:
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            face = self._face()
            if face is None or "env" not in face.__dict__:  # it is just being made
                return getattr(made, name)(self, *args, **kwargs)
            return getattr(face, name)(*args, **kwargs)

        return method

    body = {name: of_face(name) for name in names}
    excluded = made.snapshot_exclude | {"_face"}
    facts = {"_face": staticmethod(lambda: None), "snapshot_exclude": excluded}
    return type(made.__name__, (made,), {**body, **facts, "__module__": __name__})


def _own_class_has(cls: type[Any], name: str) -> bool:
    for base in cls.__mro__:
        if "todays" in base.__dict__:
            return False
        if name in base.__dict__:
            return True
    return False


def _is_of_mujoco(classes: Iterable[type[Any]]) -> bool:
    """Return whether the base class of environments on MuJoCo is among some classes."""
    return any(
        base.__name__ == "MujocoEnv" and home_of(base) == "dromos.envs.mujoco.mujoco_env"
        for base in classes
    )


def _renamed(today: str) -> property:
    def read(self: Any) -> Any:
        return getattr(self.env.unwrapped, today)

    def write(self: Any, value: Any) -> None:
        setattr(self.env.unwrapped, today, value)

    return property(read, write, doc=f"What is called `{today}` today.")


def _simulation(self: Any) -> Any:
    """Return the simulation, with the methods that mujoco-py's ``MjSim`` had."""
    from dromos.compat.old_envs.simulation import Simulation

    return Simulation(self.env.unwrapped)
