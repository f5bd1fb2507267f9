"""Vectors as Stable-Baselines3 wants them, without a Python step for each lane.

Stable-Baselines3 imports Gymnasium. Where that is this library (`dromos.compat.gymnasium.install`,
``dromos run``) the spaces are passed on as they are; where it is the real one they are converted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.compat.gymnasium.spaces import convert_space
from dromos.error import DependencyNotInstalled
from dromos.registration import make_vec
from dromos.vector import AutoresetMode, VectorEnv
from dromos.vector.infos import split_infos

try:
    from stable_baselines3.common.vec_env import (  # pyright: ignore[reportMissingImports]
        VecMonitor,
        base_vec_env,
    )
except ModuleNotFoundError as missing:
    remedy = (
        "call `dromos.compat.gymnasium.install()` first, or start the program with `dromos run`"
        if missing.name == "gymnasium"
        else "run `pip install stable-baselines3`"
    )
    raise DependencyNotInstalled(
        f"`dromos.compat.sb3` needs Stable-Baselines3; {missing.name} is missing: {remedy}"
    ) from missing

__all__ = ["VecEnv", "make_vec_env"]

#: The columns that a vector adds where an episode has ended.
_FINAL = ("final_obs", "_final_obs", "final_info", "_final_info")

Flags = npt.NDArray[np.bool_]
Indices = int | Iterable[int] | None


class VecEnv(base_vec_env.VecEnv):  # type: ignore[misc]
    """A vector as Stable-Baselines3's ``VecEnv``.

    Observations are the arrays the vector returns, rewards become float32. Infos are one dict a
    lane with ``TimeLimit.truncated``; where an episode ended they are those of its last step,
    with ``terminal_observation``, and `reset_infos` holds those of the reset that followed.

    Attributes:
        vector: The vector.
        reset_infos: The infos of each lane's last reset.
    """

    def __init__(self, vector: VectorEnv[Any, Any, Any]) -> None:
        """Adapt a vector.

        Args:
            vector: Any vector that resets a lane in the step that ends its episode.

        Raises:
            ValueError: If it resets at another time.
        """
        mode = vector.metadata.get("autoreset_mode")
        if mode is not AutoresetMode.SAME_STEP:
            raise ValueError(
                f"Stable-Baselines3 expects a lane to be reset in the step that ends its episode, "
                f'and {vector} has {mode}; make it with `autoreset_mode="SameStep"`'
            )
        self.vector = vector
        self._actions: Any = None
        super().__init__(
            vector.num_envs,
            convert_space(vector.single_observation_space, base_vec_env.spaces),
            convert_space(vector.single_action_space, base_vec_env.spaces),
        )

    def reset(self) -> Any:
        """Start an episode in every lane with the seeds and options that were set; return obs."""
        seeds = None if set(self._seeds) == {None} else self._seeds
        options = [given or None for given in self._options] if any(self._options) else None
        observations, columns = self.vector.reset(seed=seeds, options=options)
        self.reset_infos: list[dict[str, Any]] = split_infos(columns, self.num_envs)
        self._reset_seeds()
        self._reset_options()
        return observations

    def step_async(self, actions: npt.NDArray[Any]) -> None:
        """Take the actions of the step that `step_wait` makes; (n, ...)."""
        self._actions = actions

    def step_wait(self) -> tuple[Any, npt.NDArray[np.float32], Flags, list[dict[str, Any]]]:
        """Step every lane.

        Returns:
            observations: (n, ...); of the reset where an episode ended.
            rewards: float32 (n,).
            dones: bool (n,).
            infos: A dict a lane.
        """
        observations, rewards, terminated, truncated, columns = self.vector.step(self._actions)
        final = {key: columns.pop(key) for key in _FINAL if key in columns}
        infos = split_infos(columns, self.num_envs)
        dones = terminated | truncated
        ended = dones.nonzero()[0].tolist()
        if ended:
            last = split_infos(final.get("final_info", {}), self.num_envs)
            for lane in ended:
                self.reset_infos[lane] = infos[lane]
                infos[lane] = last[lane]
                infos[lane]["terminal_observation"] = final["final_obs"][lane]
        for info in infos:
            info["TimeLimit.truncated"] = False
        for lane in (truncated & ~terminated).nonzero()[0].tolist() if ended else ():
            infos[lane]["TimeLimit.truncated"] = True
        return observations, rewards.astype(np.float32), dones, infos

    def get_attr(self, attr_name: str, indices: Indices = None) -> list[Any]:
        """Return an attribute of the environments of some lanes, all by default."""
        lanes = list(self._get_indices(indices))
        if self._elsewhere:
            values = self._unwrapped().get_attr(attr_name)
            return [values[lane] for lane in lanes]
        return [self._in_lane(lane, lambda env: env.get_wrapper_attr(attr_name)) for lane in lanes]

    def set_attr(self, attr_name: str, value: Any, indices: Indices = None) -> None:
        """Set an attribute of the environments of some lanes, all by default."""
        values = [value] * self.num_envs
        if indices is not None:
            chosen = set(self._get_indices(indices))
            present = self.get_attr(attr_name)
            values = [value if lane in chosen else present[lane] for lane in range(self.num_envs)]
        self._unwrapped().set_attr(attr_name, values)

    def env_method(
        self, method_name: str, *args: Any, indices: Indices = None, **kwargs: Any
    ) -> list[Any]:
        """Call a method of the environments of some lanes, all by default.

        Raises:
            ValueError: If the environments are in other processes and not all are chosen.
        """
        lanes = list(self._get_indices(indices))
        if self._elsewhere:
            if lanes != list(range(self.num_envs)):
                raise ValueError(
                    f"The environments of {self.vector} are in other processes, where methods "
                    "are called for all lanes at once; leave `indices` out"
                )
            return list(self._unwrapped().call(method_name, *args, **kwargs))

        def call(env: Any) -> Any:
            return env.get_wrapper_attr(method_name)(*args, **kwargs)

        return [self._in_lane(lane, call) for lane in lanes]

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Indices = None) -> list[bool]:
        """Return whether the environments of some lanes have a wrapper around them.

        Environments in other processes count as not wrapped.
        """

        def is_wrapped(env: Any) -> bool:
            return any(isinstance(layer, wrapper_class) for layer in _layers(env))

        lanes = self._get_indices(indices)
        return [not self._elsewhere and self._in_lane(lane, is_wrapped) for lane in lanes]

    def get_images(self) -> Sequence[npt.NDArray[np.uint8] | None]:
        """Return a frame of each lane, None where they are not rendered as arrays."""
        if self.render_mode != "rgb_array":
            return [None] * self.num_envs
        return list(self.vector.render())  # type: ignore[arg-type]

    def close(self) -> None:
        """Close the vector."""
        self.vector.close()

    @property
    def _elsewhere(self) -> bool:
        """Whether the environments are in other processes."""
        vector = self._unwrapped()
        return not (hasattr(vector, "as_lane") or hasattr(vector, "envs"))

    def _in_lane(self, lane: int, function: Callable[[Any], Any]) -> Any:
        """Call a function with a lane's environment."""
        vector = self._unwrapped()
        if hasattr(vector, "as_lane"):
            with vector.as_lane(lane) as env:
                return function(env)
        return function(vector.envs[lane])

    def _unwrapped(self) -> Any:
        return self.vector.unwrapped


def make_vec_env(
    env_id: str,
    n_envs: int = 1,
    seed: int | None = None,
    env_kwargs: dict[str, Any] | None = None,
    vector_kwargs: dict[str, Any] | None = None,
) -> Any:
    """Make a vector of a registered environment, ready for Stable-Baselines3's algorithms.

    Args:
        env_id: The id.
        n_envs: The number of lanes.
        seed: Lane ``i`` is seeded ``seed + i`` at the first reset; None for entropy.
        env_kwargs: Arguments of the environment.
        vector_kwargs: Arguments of the vector, as ``num_threads``.

    Returns:
        A `VecEnv` in a ``VecMonitor``, which reports the episodes' returns and lengths.

    Raises:
        UnregisteredEnv: If there is no such id.
    """
    kwargs = {**(vector_kwargs or {}), "autoreset_mode": AutoresetMode.SAME_STEP}
    vec_env = VecEnv(make_vec(env_id, n_envs, vector_kwargs=kwargs, **(env_kwargs or {})))
    vec_env.seed(seed)
    return VecMonitor(vec_env)


def _layers(env: Any) -> Iterator[Any]:
    """Yield an environment's wrappers from the outermost, and the environment."""
    while env is not None:
        yield env
        env = getattr(env, "env", None)
