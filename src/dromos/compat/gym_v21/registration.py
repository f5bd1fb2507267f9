"""Ids, specifications and `make` of Gym 0.21 to 0.25: an `EnvRegistry` with its ``env_specs``."""

from __future__ import annotations

import copy
import importlib
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from typing_extensions import Self

from dromos import logger
from dromos.compat.gym_v21.conversion import NEW_MODES, FromNew
from dromos.compat.gym_v21.core import Env
from dromos.compat.gym_v21.wrappers.order_enforcing import OrderEnforcing
from dromos.compat.gym_v21.wrappers.time_limit import TimeLimit
from dromos.core import Env as NewEnv
from dromos.envs.registration import EnvSpec as NewSpec
from dromos.envs.registration import load_env_creator, parse_env_id
from dromos.envs.registration import make as make_new
from dromos.envs.registration import registry as new_registry
from dromos.envs.registration import spec as find_new_spec
from dromos.error import Error

__all__ = ["EnvRegistry", "EnvSpec", "make", "register", "registry", "spec"]

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

    Raises:
        Error: If the id is malformed.
    """

    #: The module whose `make` makes the environment again.
    dialect: ClassVar[str] = "dromos.compat.gym_v21"
    #: What adapts an environment of today's interface.
    adapter: ClassVar[Callable[[Any], Env[Any, Any]]] = FromNew

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
    ) -> None:
        parse_env_id(id)
        self.id = id
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
        own._new = new
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
        return type(self).adapter(env) if isinstance(env, NewEnv) else env

    def _made_new(self, new: NewSpec, kwargs: dict[str, Any]) -> Any:
        bare = copy.copy(new)
        bare.order_enforce = False
        mode = kwargs.get("render_mode")
        if mode is not None:
            kwargs = {**kwargs, "render_mode": NEW_MODES.get(mode, mode)}
        env = make_new(bare, max_episode_steps=_UNLIMITED, disable_env_checker=True, **kwargs)
        return type(self).adapter(env)

    def __repr__(self) -> str:
        return f"EnvSpec({self.id})"


class _NewSpecs(Mapping[str, Any]):
    """Today's registry, read as specifications of a dialect."""

    def __init__(self, kind: type[EnvSpec]) -> None:
        self._kind = kind

    def __getitem__(self, id: str) -> EnvSpec:
        return self._kind.of_new(new_registry[id])

    def __iter__(self) -> Iterator[str]:
        return iter(new_registry)

    def __len__(self) -> int:
        return len(new_registry)


class EnvRegistry:
    """Ids and what they stand for.

    Args:
        with_new: Whether the environments of today's registry are there as well.

    Attributes:
        env_specs: Specifications by id. What is put into it can be made.
    """

    spec_class: ClassVar[type[EnvSpec]] = EnvSpec

    def __init__(self, with_new: bool = False) -> None:
        inherited: list[Any] = [_NewSpecs(self.spec_class)] if with_new else []
        self.env_specs: ChainMap[str, Any] = ChainMap({}, *inherited)

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
        return self.env_specs.values()

    def spec(self, path: str) -> Any:
        """Return the specification of an id.

        Raises:
            UnregisteredEnv: If there is no such id; the message names near ones.
        """
        if path not in self.env_specs and ":" in path:
            module, _, path = path.partition(":")
            importlib.import_module(module)
        if path in self.env_specs:
            return self.env_specs[path]
        return self.spec_class.of_new(find_new_spec(path))

    def register(self, id: str, **kwargs: Any) -> None:
        """Give an environment an id; the arguments are those of the specification."""
        if id in self.env_specs.maps[0]:
            self.answer_taken(id)
        self.env_specs[id] = self.spec_class(id, **kwargs)

    def answer_taken(self, id: str) -> None:
        """Warn that an id is registered a second time."""
        logger.warn(f"Overriding environment {id}")


registry = EnvRegistry(with_new=True)


def make(id: str, max_episode_steps: int | None = None, **kwargs: Any) -> Any:
    """Make an environment of the dialect; see `EnvRegistry.make`.

    Args:
        id: The id.
        max_episode_steps: Instead of what the specification says.
        **kwargs: Arguments of the environment. ``render_mode="rgb_array"`` means, as in 0.25,
            that ``render()`` returns a list of frames, ``"single_rgb_array"`` one frame.
    """
    if max_episode_steps is None:
        return registry.make(id, **kwargs)
    spec = copy.copy(registry.spec(id))
    spec.max_episode_steps = max_episode_steps
    return registry.limited(spec.make(**kwargs), spec)


def spec(id: str) -> Any:
    """Return the specification of an id."""
    return registry.spec(id)


def register(id: str, **kwargs: Any) -> None:
    """Register an environment of the dialect; the arguments are those of `EnvSpec`."""
    registry.register(id, **kwargs)
