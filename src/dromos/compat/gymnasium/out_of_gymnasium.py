"""The real Gymnasium's environments and vectors as ours."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos import error, spaces
from dromos.compat.gymnasium.dialects import OWN
from dromos.compat.gymnasium.errors import raising
from dromos.compat.gymnasium.peer import peer
from dromos.compat.gymnasium.spaces import convert_space, convert_value, holds_graphs
from dromos.core import Env
from dromos.registration import EnvSpec
from dromos.vector import AutoresetMode, VectorEnv
from dromos.vector.utils import concatenate, create_empty_array, iterate

__all__ = ["DromosEnv", "DromosVectorEnv", "dromos_spec", "make_from_gymnasium"]

_raising_ours = raising(error)


class DromosEnv(Env[Any, Any]):
    """An environment of the real Gymnasium for programs that use this library.

    Attributes that it does not have are those of `inner`. Its state is Gymnasium's own, which
    snapshots cannot take.

    Attributes:
        inner: The environment of theirs, with its wrappers.
    """

    def __init__(self, env: Any) -> None:
        self.inner = env
        self.metadata = env.metadata
        self.render_mode = env.render_mode
        self.spec = dromos_spec(env.spec)
        self.observation_space = convert_space(env.observation_space, spaces)
        self.action_space = convert_space(env.action_space, spaces)
        self._graphs = holds_graphs(env.observation_space)

    @_raising_ours
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """Reset the environment."""
        observation, info = self.inner.reset(seed=seed, options=options)
        return self._ours(observation), info

    @_raising_ours
    def step(self, action: Any) -> Any:
        """Step the environment."""
        observation, reward, terminated, truncated, info = self.inner.step(action)
        return self._ours(observation), reward, terminated, truncated, info

    @_raising_ours
    def render(self) -> Any:
        """Render the environment."""
        return self.inner.render()

    @_raising_ours
    def close(self) -> None:
        """Close the environment."""
        self.inner.close()

    @property
    def np_random(self) -> np.random.Generator:
        """The environment's random generator."""
        generator: np.random.Generator = self.inner.np_random
        return generator

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self.inner.np_random = value

    @property
    def np_random_seed(self) -> int:
        """The seed of the environment's random generator."""
        seed: int = self.inner.np_random_seed
        return seed

    def set_wrapper_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Set an attribute of the environment or one of its wrappers."""
        return bool(self.inner.set_wrapper_attr(name, value, force=force))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "inner":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.inner.get_wrapper_attr(name)

    def __str__(self) -> str:
        return f"<{type(self).__name__}{self.inner}>"

    def _ours(self, observation: Any) -> Any:
        if not self._graphs:
            return observation
        return convert_value(self.inner.observation_space, observation, spaces)


class DromosVectorEnv(VectorEnv[Any, Any, npt.NDArray[Any]]):
    """A vector of the real Gymnasium for programs that use this library.

    `send` takes the actions of all lanes. Attributes that it does not have are those of `inner`.

    Attributes:
        inner: The vector of theirs.
    """

    def __init__(self, vector: Any) -> None:
        self.inner = vector
        self._mode = AutoresetMode(vector.metadata["autoreset_mode"].value)
        self.metadata = {**vector.metadata, "autoreset_mode": self._mode}
        self.render_mode = vector.render_mode
        self.spec = dromos_spec(vector.spec)
        self.num_envs = vector.num_envs
        self.observation_space = convert_space(vector.observation_space, spaces)
        self.action_space = convert_space(vector.action_space, spaces)
        self.single_observation_space = convert_space(vector.single_observation_space, spaces)
        self.single_action_space = convert_space(vector.single_action_space, spaces)
        self._graphs = holds_graphs(vector.observation_space)
        self._ended = self._stepped = np.zeros(self.num_envs, dtype=np.bool_)
        self._observations: Any = None
        self._final: dict[int, Any] = {}
        self._sent: Any = None

    @_raising_ours
    def reset(self, *, seed: Any = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        """Reset the lanes; ``options`` may be one dict for all."""
        given = None if options is None else dict(options)  # Gymnasium takes ``reset_mask`` out
        chosen = np.ones(self.num_envs, np.bool_) if given is None else given.get("reset_mask")
        observations, infos = self.inner.reset(seed=seed, options=given)
        self._ended = self._ended & ~chosen if chosen is not None else np.zeros_like(self._ended)
        self._stepped = np.zeros(self.num_envs, dtype=np.bool_)
        self._sent = None
        self._remember(observations, {})
        return self._observations, infos

    @_raising_ours
    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step the lanes."""
        observations, rewards, terminations, truncations, infos = self.inner.step(actions)
        next_step = self._mode is AutoresetMode.NEXT_STEP
        self._stepped = ~self._ended if next_step else np.ones(self.num_envs, dtype=np.bool_)
        self._ended = terminations | truncations
        ended = np.flatnonzero(infos.get("_final_obs", ())).tolist()
        self._remember(observations, {lane: infos["final_obs"][lane] for lane in ended})
        return self._observations, rewards, terminations, truncations, infos

    def send(self, actions: Any, lane_ids: Any = None) -> None:
        """Keep the actions of all lanes for the step that `recv` makes."""
        if lane_ids is not None and list(lane_ids) != list(range(self.num_envs)):
            raise ValueError(f"Gymnasium steps all lanes at once, not lanes {lane_ids} alone")
        if self._sent is not None:
            raise error.AlreadyPendingCallError("`send` before `recv` of the last step", "send")
        self._sent = (actions,)

    def recv(self) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step all lanes with the actions that were sent."""
        if self._sent is None:
            raise error.NoAsyncCallError("`recv` without a `send` before it", "send")
        (actions,), self._sent = self._sent, None
        result = self.step(actions)
        result[-1]["lane_ids"] = np.arange(self.num_envs, dtype=np.int64)
        return result

    @property
    def final_obs(self) -> Any:
        """What the lanes observed at the end of their last steps, before any autoreset."""
        if self._observations is None:
            raise error.ResetNeeded(f"{self} has no observations before the first `reset()`.")
        rows = list(iterate(self.observation_space, self._observations))
        for lane, observation in self._final.items():
            rows[lane] = self._ours(self.single_observation_space, observation)
        space = self.single_observation_space
        return concatenate(space, rows, create_empty_array(space, self.num_envs))

    @property
    def valid_transition(self) -> npt.NDArray[np.bool_]:  # type: ignore[override]
        """Which lanes' environments made a step in the last call; bool (n,)."""
        return self._stepped.copy()

    def render(self) -> Any:
        """Render the lanes."""
        return self.inner.render()

    def close_extras(self, **kwargs: Any) -> None:
        """Close the vector."""
        self.inner.close(**kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "inner":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.inner, name)

    def _remember(self, observations: Any, final: dict[int, Any]) -> None:
        self._observations = self._ours(self.observation_space, observations)
        self._final = final

    def _ours(self, space: Any, value: Any) -> Any:
        return convert_value(space, value, spaces) if self._graphs else value


def dromos_spec(spec: Any) -> EnvSpec | None:
    """Return a specification that our ``make`` builds their environment from.

    If theirs has no JSON form, ours tells of the environment but cannot build it.
    """
    if spec is None:
        return None
    build: dict[str, Any] = {}
    with suppress(TypeError, ValueError):  # a callable as the entry point or among the arguments
        build = {
            "entry_point": f"{OWN}.compat.gymnasium.out_of_gymnasium:make_from_gymnasium",
            "kwargs": {"spec": spec.to_json()},
        }
    return EnvSpec(
        spec.id,
        reward_threshold=spec.reward_threshold,
        nondeterministic=spec.nondeterministic,
        max_episode_steps=spec.max_episode_steps,
        order_enforce=False,
        disable_env_checker=True,
        **build,
    )


def make_from_gymnasium(spec: str, render_mode: str | None = None) -> DromosEnv:
    """Make an environment of theirs from the JSON text of its specification."""
    gymnasium = peer()
    chosen: dict[str, Any] = {} if render_mode is None else {"render_mode": render_mode}
    theirs = gymnasium.envs.registration.EnvSpec.from_json(spec)
    return DromosEnv(gymnasium.make(theirs, **chosen))
