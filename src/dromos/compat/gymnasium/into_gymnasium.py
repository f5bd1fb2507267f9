"""Our environments and vectors as the real Gymnasium's."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dromos.compat.gymnasium.dialects import OWN
from dromos.compat.gymnasium.errors import raising
from dromos.compat.gymnasium.peer import peer
from dromos.compat.gymnasium.spaces import convert_space, convert_value, holds_graphs
from dromos.error import InvalidJson
from dromos.registration import EnvSpec, make

if TYPE_CHECKING:
    from dromos.core import Env
    from dromos.vector import VectorEnv

__all__ = ["GymnasiumEnv", "GymnasiumVectorEnv", "gymnasium_spec", "make_for_gymnasium"]

_gymnasium: Any = peer()
_raising_theirs = raising(_gymnasium.error)


class GymnasiumEnv(_gymnasium.Env):  # type: ignore[misc]
    """An environment of ours for programs that use the real Gymnasium.

    Attributes that it does not have are those of `inner`.

    Attributes:
        inner: The environment of ours, with its wrappers.
    """

    def __init__(self, env: Env[Any, Any]) -> None:
        self.inner = env
        self.metadata = env.metadata
        self.render_mode = env.render_mode
        self.spec = gymnasium_spec(env.spec)
        self.observation_space = convert_space(env.observation_space, _gymnasium.spaces)
        self.action_space = convert_space(env.action_space, _gymnasium.spaces)
        self._graphs = holds_graphs(env.observation_space)

    @_raising_theirs
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Reset the environment."""
        observation, info = self.inner.reset(seed=seed, options=options)
        return self._theirs(observation), info

    @_raising_theirs
    def step(self, action: Any) -> Any:
        """Step the environment."""
        observation, reward, terminated, truncated, info = self.inner.step(action)
        return self._theirs(observation), reward, terminated, truncated, info

    @_raising_theirs
    def render(self) -> Any:
        """Render the environment."""
        return self.inner.render()

    @_raising_theirs
    def close(self) -> None:
        """Close the environment."""
        self.inner.close()

    @property
    def np_random(self) -> Any:
        """The environment's random generator."""
        return self.inner.np_random

    @np_random.setter
    def np_random(self, value: Any) -> None:
        self.inner.np_random = value

    @property
    def np_random_seed(self) -> int | None:
        """The seed of the environment's random generator."""
        return self.inner.np_random_seed

    @property
    def _np_random(self) -> Any:  # what `check_env` reads
        return self.inner.unwrapped._np_random

    def set_wrapper_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Set an attribute of the environment or one of its wrappers."""
        return self.inner.set_wrapper_attr(name, value, force=force)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "inner":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.inner.get_wrapper_attr(name)

    def __str__(self) -> str:
        return f"<{type(self).__name__}{self.inner}>"

    def _theirs(self, observation: Any) -> Any:
        if not self._graphs:
            return observation
        return convert_value(self.inner.observation_space, observation, _gymnasium.spaces)


class GymnasiumVectorEnv(_gymnasium.vector.VectorEnv):  # type: ignore[misc]
    """A vector of ours for programs that use the real Gymnasium.

    Attributes that it does not have are those of `inner`.

    Attributes:
        inner: The vector of ours.
    """

    def __init__(self, vector: VectorEnv[Any, Any, Any]) -> None:
        self.inner = vector
        mode = vector.metadata["autoreset_mode"]
        theirs = _gymnasium.vector.AutoresetMode(mode.value)
        self.metadata = {**vector.metadata, "autoreset_mode": theirs}
        self.render_mode = vector.render_mode
        self.spec = gymnasium_spec(vector.spec)
        self.num_envs = vector.num_envs
        for name in ("observation_space", "action_space"):
            for full in (name, f"single_{name}"):
                setattr(self, full, convert_space(getattr(vector, full), _gymnasium.spaces))
        self._graphs = holds_graphs(vector.observation_space)

    @_raising_theirs
    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> Any:
        """Reset the lanes."""
        observations, infos = self.inner.reset(seed=seed, options=options)
        return self._theirs(observations), infos

    @_raising_theirs
    def step(self, actions: Any) -> Any:
        """Step the lanes."""
        observations, rewards, terminations, truncations, infos = self.inner.step(actions)
        return self._theirs(observations), rewards, terminations, truncations, infos

    @_raising_theirs
    def render(self) -> Any:
        """Render the lanes."""
        return self.inner.render()

    def close_extras(self, **kwargs: Any) -> None:
        """Close the vector."""
        self.inner.close(**kwargs)

    @property
    def np_random(self) -> Any:
        """The random generators of the lanes."""
        return self.inner.np_random

    @property
    def np_random_seed(self) -> Any:
        """The seeds of the lanes' random generators."""
        return self.inner.np_random_seed

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "inner":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.inner, name)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r})"

    def _theirs(self, observations: Any) -> Any:
        if not self._graphs:
            return observations
        return convert_value(self.inner.observation_space, observations, _gymnasium.spaces)


def gymnasium_spec(spec: EnvSpec | None) -> Any:
    """Return a specification that ``gymnasium.make`` builds the environment from.

    If ours has no JSON form, theirs tells of the environment but cannot build it.
    """
    if spec is None:
        return None
    build: dict[str, Any] = {}
    with suppress(InvalidJson, TypeError, ValueError):
        build = {
            "entry_point": f"{OWN}.compat.gymnasium.into_gymnasium:make_for_gymnasium",
            "kwargs": {"spec": spec.to_json()},
        }
    return _gymnasium.envs.registration.EnvSpec(
        spec.id,
        reward_threshold=spec.reward_threshold,
        nondeterministic=spec.nondeterministic,
        max_episode_steps=spec.max_episode_steps,
        order_enforce=False,
        disable_env_checker=True,
        **build,
    )


def make_for_gymnasium(spec: str, render_mode: str | None = None) -> GymnasiumEnv:
    """Make an environment of ours from the JSON text of its specification."""
    chosen: dict[str, Any] = {} if render_mode is None else {"render_mode": render_mode}
    return GymnasiumEnv(make(EnvSpec.from_json(spec), **chosen))
