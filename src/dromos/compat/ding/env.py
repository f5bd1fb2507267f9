"""`DingEnvWrapper`: an environment in the form DI-engine's policies and managers use."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from typing_extensions import Self

from dromos import spaces
from dromos.compat.ding.conversion import (
    environment_action,
    float32_observation,
    float32_space,
    policy_action,
    scaled_action,
)
from dromos.compat.ding.env_configs import create_collector_env_cfg, create_evaluator_env_cfg
from dromos.compat.ding.registry import create_env_wrapper, get_default_wrappers
from dromos.compat.ding.timestep import BaseEnvTimestep
from dromos.core import Env
from dromos.error import Error
from dromos.registration import make

__all__ = ["DingEnvWrapper"]

_DEFAULTS: dict[str, Any] = {
    "act_scale": False,
    "env_id": None,
    "env_wrapper": "default",
    "replay_path": None,
    "rew_clip": False,
}

#: With ``rew_clip`` no reward is below this.
_LEAST_REWARD = -10.0

#: With a dynamic seed, episodes are seeded that far apart, and so are so many different ones.
_SEED_STRIDE = 100
_SEED_COUNT = 1000


class DingEnvWrapper:
    """An environment in the form DI-engine uses, in wrappers its configuration names.

    `reset` returns an observation, `step` a `BaseEnvTimestep`. Observations are float32 where the
    environment's are float64; rewards are float32 (1,).

    The configuration's entries, none of them needed:

    ===============  ===============================================================================
    ``env_id``       what to make, with the first reset, if no environment is given
    ``env_wrapper``  a name for `get_default_wrappers`, or a list with the innermost wrapper first:
                     callables that take an environment, and what `create_env_wrapper` takes
    ``act_scale``    whether actions are given in [-1, 1], to be scaled to the action space
    ``rew_clip``     whether rewards below -10 become -10
    ``replay_path``  a folder for a video of every episode
    ===============  ===============================================================================

    Example:
        >>> env = DingEnvWrapper(dromos.make("CartPole-v1"))
        >>> env.seed(0)
        >>> obs = env.reset()
        >>> env.step(env.random_action()).reward
        array([1.], dtype=float32)
    """

    create_collector_env_cfg = staticmethod(create_collector_env_cfg)
    create_evaluator_env_cfg = staticmethod(create_evaluator_env_cfg)

    def __init__(
        self,
        env: Env[Any, Any] | None = None,
        cfg: Mapping[str, Any] | None = None,
        seed_api: bool = True,
        caller: str = "collector",
        is_gymnasium: bool = False,
    ) -> None:
        """Wrap an environment, or remember which one to make.

        Args:
            env: The environment; None to make ``cfg["env_id"]`` with the first reset.
            cfg: The configuration; it is not changed.
            seed_api: Whether resets seed the environment.
            caller: ``"collector"`` or ``"evaluator"``, for `get_default_wrappers`.
            is_gymnasium: Without effect: every environment here has Gymnasium's interface.

        Raises:
            Error: If there is neither an environment nor an id.
        """
        self._cfg: dict[str, Any] = {**_DEFAULTS, **(cfg or {})}
        self._seed_api = seed_api
        self._caller = caller
        self._replay_path: str | None = self._cfg["replay_path"]
        self._seed: int | None = None
        self._seed_stream: np.random.Generator | None = None
        self._raw_env: Env[Any, Any] | None = None
        self._env: Env[Any, Any] | None = None
        self._observation_space: spaces.Space[Any] | None = None
        self._action_space: spaces.Space[Any] | None = None
        self._reward_space: spaces.Space[Any] | None = None
        if env is not None:
            self._wrap(env)
        elif self._cfg["env_id"] is None:
            raise Error("DingEnvWrapper needs an environment, or its id as cfg['env_id']")

    def _wrap(self, raw_env: Env[Any, Any]) -> None:
        """Put the wrappers around `raw_env` and take its spaces."""
        entries: Any = self._cfg["env_wrapper"]
        if isinstance(entries, str):
            env_id = self._cfg["env_id"] or getattr(raw_env.spec, "id", None)
            entries = get_default_wrappers(entries, env_id, self._caller)
        env: Any = raw_env
        for entry in entries:
            env = entry(env) if callable(entry) else create_env_wrapper(env, entry)
        self._raw_env, self._env = raw_env, env
        self._observation_space = float32_space(env.observation_space)
        self._action_space = self._shown_action_space(env.action_space)
        self._action_space.seed(0)
        self._reward_space = self._shown_reward_space(env)

    def _shown_action_space(self, space: spaces.Space[Any]) -> spaces.Space[Any]:
        if not self._cfg["act_scale"]:
            return copy.deepcopy(space)  # seeded here, and the environment may use its own
        if not isinstance(space, spaces.Box) or not space.is_bounded():
            raise Error(f"act_scale needs a bounded Box action space, found {space}")
        return spaces.Box(-1, 1, space.shape, space.dtype.type)

    def _shown_reward_space(self, env: Env[Any, Any]) -> spaces.Space[Any]:
        low, high = -np.inf, np.inf
        if env.has_wrapper_attr("reward_range"):
            low, high = env.get_wrapper_attr("reward_range")
        if self._cfg["rew_clip"]:
            low = max(low, _LEAST_REWARD)
        return spaces.Box(low, high, (1,), np.float32)

    @property
    def env(self) -> Env[Any, Any]:
        """The environment in its wrappers.

        Raises:
            Error: If it has not been made yet.
        """
        if self._env is None:
            raise Error(f"{self!r} has not made its environment yet; call reset() first")
        return self._env

    @property
    def observation_space(self) -> spaces.Space[Any] | None:
        """The observations; None before the environment has been made."""
        return self._observation_space

    @property
    def action_space(self) -> spaces.Space[Any] | None:
        """The actions; with ``act_scale``, from -1 to 1."""
        return self._action_space

    @property
    def reward_space(self) -> spaces.Space[Any] | None:
        """The rewards: float32 (1,), between the bounds of the environment's ``reward_range``."""
        return self._reward_space

    def seed(self, seed: int, dynamic_seed: bool = True) -> None:
        """Choose the seeds of the episodes to come.

        Args:
            seed: The seed.
            dynamic_seed: Whether every episode gets a seed of its own, drawn from a generator that
                `seed` starts; else they all get `seed`.
        """
        self._seed = seed
        self._seed_stream = np.random.default_rng(seed) if dynamic_seed else None

    def _next_seed(self) -> int | None:
        if not self._seed_api or self._seed is None or self._seed_stream is None:
            return self._seed if self._seed_api else None
        return self._seed + _SEED_STRIDE * int(self._seed_stream.integers(1, _SEED_COUNT))

    def reset(self) -> Any:
        """Start an episode, and make the environment if there is none; return the observation."""
        if self._env is None:
            mode = None if self._replay_path is None else "rgb_array"
            self._wrap(make(self._cfg["env_id"], render_mode=mode))
        if self._replay_path is not None:
            self._record(self._replay_path)
            self._replay_path = None
        obs, _ = self.env.reset(seed=self._next_seed())
        return self._shown(obs)

    def step(self, action: Any) -> BaseEnvTimestep:
        """Do an action.

        Args:
            action: An int, a NumPy array, or a dict of them.

        Returns:
            Its ``done`` says that the episode was terminated or truncated; when it was only
            truncated, its ``info["TimeLimit.truncated"]`` is True.

        Raises:
            TypeError: If the action is something else.
        """
        action = environment_action(action)
        if self._cfg["act_scale"]:
            space: Any = self.env.action_space
            action = scaled_action(action, space.low, space.high)
        obs, reward, terminated, truncated, info = self.env.step(action)
        if truncated and not terminated:
            info = {**info, "TimeLimit.truncated": True}
        paid = float(reward)
        if self._cfg["rew_clip"]:
            paid = max(_LEAST_REWARD, paid)
        done = bool(terminated or truncated)
        return BaseEnvTimestep(self._shown(obs), np.array([paid], np.float32), done, info)

    def _shown(self, obs: Any) -> Any:
        assert self._observation_space is not None
        return float32_observation(self._observation_space, obs)

    def random_action(self) -> Any:
        """Return a random action as policies give it: integers as int64 (1,)."""
        if self._action_space is None:
            raise Error(f"{self!r} has not made its environment yet; call reset() first")
        return policy_action(self._action_space.sample())

    def enable_save_replay(self, replay_path: str | None = None) -> None:
        """Write a video of every episode from the next reset on.

        Args:
            replay_path: The folder; None for ``./video``.
        """
        self._replay_path = "./video" if replay_path is None else replay_path

    def _record(self, folder: str) -> None:
        from dromos.wrappers import RecordVideo

        name = str(getattr(self.env.spec, "id", None) or type(self.env.unwrapped).__name__)
        always: Callable[[int], bool] = lambda _: True  # noqa: E731
        prefix = f"rl-video-{name.replace('/', '-')}"
        self._env = RecordVideo(self.env, folder, episode_trigger=always, name_prefix=prefix)

    def clone(self, caller: str = "collector") -> Self:
        """Return an independent copy of the environment in new wrappers of the same configuration.

        Args:
            caller: ``"collector"`` or ``"evaluator"``.
        """
        raw_env = None if self._raw_env is None else self._raw_env.clone()
        twin = type(self)(raw_env, self._cfg, self._seed_api, caller)
        twin._seed = self._seed
        twin._seed_stream = copy.deepcopy(self._seed_stream)
        return twin

    def close(self) -> None:
        """Close the environment, if it has been made."""
        if self._env is not None:
            self._env.close()

    def __repr__(self) -> str:
        name = self._cfg["env_id"] if self._env is None else self._env
        return f"DI-engine Env({name})"
