"""Ids, specifications and `make` of Gym 0.11 to 0.25.

The registry is the dict that it was in 0.25 and has the methods it had before.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from typing_extensions import Self

from dromos import logger
from dromos.compat.gym_v25.built_in import class_then, faced
from dromos.compat.gym_v25.conversion import NEW_MODES, FromNew
from dromos.compat.gym_v25.core import Wrapper
from dromos.compat.gym_v25.wrappers.autoreset import AutoResetWrapper
from dromos.compat.gym_v25.wrappers.order_enforcing import OrderEnforcing
from dromos.compat.gym_v25.wrappers.time_limit import TimeLimit
from dromos.compat.old_ids import OldIds, Releases
from dromos.core import Env as NewEnv
from dromos.envs.registration import EnvSpec as NewSpec
from dromos.envs.registration import load_env_creator, namespace, parse_env_id
from dromos.envs.registration import make as make_new
from dromos.envs.registration import spec as find_new_spec
from dromos.error import Error
from dromos.registration.registry import in_current_namespace

__all__ = ["EnvRegistry", "EnvSpec", "made_by", "make", "register", "registry", "spec"]

_OLD_ENVS = "dromos.compat.old_envs."
_UNLIMITED = -1  # how today's `make` is told to leave the time limit out


class EnvSpec:
    """What an id stands for.

    Args:
        id: ``[namespace/]name[-v(version)]``.
        entry_point: ``"module:Class"``, imported when the environment is made, or a callable.
        reward_threshold: The mean return at which the task counts as solved.
        nondeterministic: Whether equal seeds and actions may still give different episodes.
        max_episode_steps: The number of steps after which `TimeLimit` ends an episode.
        order_enforce: Whether stepping before a reset is an error.
        kwargs: Keyword arguments of the entry point.
        autoreset: Whether the last step of an episode begins the next one.
        disable_env_checker: Kept; the dialect checks nothing.
        new_step_api: Kept: whether the environment's ``step`` returns five values is seen then.
        **more: What other releases took: kept as attributes.

    Raises:
        Error: If the id is malformed.
    """

    #: The module whose `make` makes the environment again.
    dialect: ClassVar[str] = "dromos.compat.gym_v25"
    #: What adapts an environment of today's interface.
    adapter: ClassVar[type[FromNew]] = FromNew
    #: The first and the last release that the dialect stands for.
    releases: ClassVar[Releases] = ((0, 24), (0, 25))

    #: The specification in today's registry that this one is made of, or None.
    _new: NewSpec | None = None

    def __init__(
        self,
        id: str,
        entry_point: str | Callable[..., Any] | None = None,
        reward_threshold: float | None = None,
        nondeterministic: bool = False,
        max_episode_steps: int | None = None,
        order_enforce: bool = True,
        kwargs: dict[str, Any] | None = None,
        autoreset: bool = False,
        disable_env_checker: bool = False,
        new_step_api: bool = False,
        **more: Any,
    ) -> None:
        self.namespace, self.name, self.version = parse_env_id(id)
        self.id = id
        self.autoreset = autoreset
        self.disable_env_checker = disable_env_checker
        self.new_step_api = new_step_api
        self.__dict__.update(more)
        self.entry_point = entry_point
        self.reward_threshold = reward_threshold
        self.nondeterministic = nondeterministic
        self.max_episode_steps = max_episode_steps
        self.order_enforce = order_enforce
        self.kwargs = dict(kwargs or {})

    @classmethod
    def of_new(cls, new: NewSpec) -> Self:
        """Return the specification of an environment that is registered today."""
        own = cls(
            new.id,
            new.entry_point,
            reward_threshold=new.reward_threshold,
            nondeterministic=new.nondeterministic,
            max_episode_steps=new.max_episode_steps,
            kwargs=new.kwargs,
        )
        own._new = None if _is_of_then(new.entry_point) else new
        return own

    def make(self, **kwargs: Any) -> Any:
        """Make the bare environment, without time limit; `make` adds that.

        Raises:
            Error: If there is no entry point.
            ImportError, AttributeError: If the entry point leads nowhere.
        """
        if self.entry_point is None:
            raise Error(f"{self.id} is registered without an entry point and cannot be made")
        env = self._made(kwargs) if self._new is None else self._made_new(self._new, kwargs)
        env.unwrapped.spec = self
        return env

    def _made(self, kwargs: dict[str, Any]) -> Any:
        entry_point = self.entry_point
        creator = load_env_creator(entry_point) if isinstance(entry_point, str) else entry_point
        assert creator is not None
        env: Any = creator(**{**copy.deepcopy(self.kwargs), **kwargs})
        return self._adapted(env) if isinstance(env, NewEnv) else env

    def _adapted(self, env: Any) -> Any:
        """Return an environment of today's interface as the release had it."""
        return faced(env, self.adapter, self.releases[1])

    @classmethod
    def class_then(cls, value: Any) -> Any:
        """Return what the release had under the name of a thing of today's; see `class_then`."""
        return class_then(value, cls.adapter, cls.releases[1])

    def _made_new(self, new: NewSpec, kwargs: dict[str, Any]) -> Any:
        bare = copy.copy(new)
        bare.order_enforce = False
        mode = kwargs.get("render_mode")
        if mode is not None:
            kwargs = {**kwargs, "render_mode": NEW_MODES.get(mode, mode)}
        env = make_new(bare, max_episode_steps=_UNLIMITED, disable_env_checker=True, **kwargs)
        return self._adapted(env)

    def __repr__(self) -> str:
        return f"EnvSpec({self.id})"


def _is_of_then(entry_point: Any) -> bool:
    """Return whether an entry point makes an environment of the old interface."""
    if not isinstance(entry_point, str) or not entry_point.startswith(_OLD_ENVS):
        return False
    made = load_env_creator(entry_point)
    return isinstance(made, type) and not issubclass(made, NewEnv)


class EnvRegistry(MutableMapping[str, Any]):
    """Ids and what they stand for: a dict, with the methods that the registry had before it was.

    Args:
        with_new: Whether the ids of the releases, and of today's registry, are there as well.
    """

    spec_class: ClassVar[type[EnvSpec]] = EnvSpec

    def __init__(self, with_new: bool = False) -> None:
        self._own: dict[str, Any] = {}
        self._inherited = OldIds(self.spec_class.releases) if with_new else {}
        self._removed: set[str] = set()

    def __getitem__(self, id: str) -> Any:
        if id in self._own:
            return self._own[id]
        if id in self._removed:
            raise KeyError(id)
        try:
            return self.spec_class.of_new(self._inherited[id])
        except KeyError:
            if id in self._own:  # of a plug-in that was loaded in search of it
                return self._own[id]
            raise

    def __setitem__(self, id: str, spec: Any) -> None:
        self._own[id] = spec

    def __delitem__(self, id: str) -> None:
        if id not in self:
            raise KeyError(id)
        self._own.pop(id, None)
        self._removed.add(id)

    def __iter__(self) -> Iterator[str]:
        inherited = [*self._inherited]  # loads plug-ins, which register
        yield from self._own
        yield from (id for id in inherited if id not in self._own and id not in self._removed)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def env_specs(self) -> Self:
        """The registry itself, under the name that its dict had."""
        return self

    def make(self, path: str, **kwargs: Any) -> Any:
        """Make the environment of an id, with its time limit.

        Args:
            path: An id, or ``"module:id"`` to import the module, which registers it, before.
            **kwargs: Arguments of the environment.

        Raises:
            UnregisteredEnv: If there is no such id; the message names near ones.
        """
        spec = self.spec(path)
        return self.limited(spec.make(**kwargs), spec)

    def limited(self, env: Any, spec: Any) -> Any:
        """Return `env` in the wrappers its specification asks for."""
        if spec.order_enforce:
            env = OrderEnforcing(env)
        if spec.max_episode_steps is not None:
            env = TimeLimit(env, spec.max_episode_steps)
        return env

    def all(self) -> Any:
        """Return all specifications."""
        return self.values()

    def spec(self, path: str) -> Any:
        """Return the specification of an id; without a version, of the newest.

        Raises:
            UnregisteredEnv: If there is no such id; the message names near ones.
        """
        if path not in self and ":" in path:
            module, _, path = path.partition(":")
            importlib.import_module(module)
        if path in self:
            return self[path]
        namespace, name, version = parse_env_id(path)
        family = [
            spec for spec in self.values() if (spec.namespace, spec.name) == (namespace, name)
        ]
        if version is None and family:
            return max(family, key=lambda spec: -1 if spec.version is None else spec.version)
        return self.spec_class.of_new(find_new_spec(path))

    def register(self, id: str, **kwargs: Any) -> None:
        """Give an environment an id; the arguments are those of the specification."""
        id = in_current_namespace(id)
        if id in self._own:
            self.answer_taken(id)
        self._own[id] = self.spec_class(id, **kwargs)

    def answer_taken(self, id: str) -> None:
        """Warn that an id is registered a second time."""
        logger.warn(f"Overriding environment {id}")

    def namespace(self, ns: str) -> AbstractContextManager[None]:
        """Within the block, ids that are registered today are in a namespace."""
        return namespace(ns)


registry = EnvRegistry(with_new=True)


def make(
    id: str | EnvSpec,
    max_episode_steps: int | None = None,
    autoreset: bool | None = None,
    new_step_api: bool | None = None,
    disable_env_checker: bool | None = None,
    **kwargs: Any,
) -> Any:
    """Make an environment of the dialect; see `EnvRegistry.make`.

    Args:
        id: The id, or a specification.
        max_episode_steps: Instead of what the specification says.
        autoreset: Whether the last step of an episode begins the next one.
        new_step_api: Whether ``step`` returns five values, as 0.24 and 0.25 could.
        disable_env_checker: Without effect: the dialect checks nothing.
        **kwargs: Arguments of the environment. ``render_mode="rgb_array"`` means, as in 0.25,
            that ``render()`` returns a list of frames, ``"single_rgb_array"`` one frame.
    """
    return made_by(registry, id, max_episode_steps, autoreset, new_step_api, kwargs)


def made_by(
    registry: EnvRegistry,
    id: str | EnvSpec,
    max_episode_steps: int | None,
    autoreset: bool | None,
    new_step_api: bool | None,
    kwargs: dict[str, Any],
) -> Any:
    """Do what `make` does, with the registry of a dialect."""
    spec = copy.copy(registry.spec(id) if isinstance(id, str) else id)
    if max_episode_steps is not None:
        spec.max_episode_steps = max_episode_steps
    env = registry.limited(spec.make(**kwargs), spec)
    if spec.autoreset if autoreset is None else autoreset:
        env = AutoResetWrapper(env)
    if new_step_api:
        layer = env
        while isinstance(layer, Wrapper):
            layer.new_step_api, layer = True, layer.env
        if isinstance(layer, FromNew):
            layer.new_step_api = True
    return env


def spec(id: str) -> Any:
    """Return the specification of an id."""
    return registry.spec(id)


def register(id: str, **kwargs: Any) -> None:
    """Register an environment of the dialect; the arguments are those of `EnvSpec`."""
    registry.register(id, **kwargs)
