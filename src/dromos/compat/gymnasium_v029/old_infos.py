"""`OldInfos`: a vector of today, in its ``SAME_STEP`` mode, with the infos of 0.29."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from dromos.core import Env
from dromos.spaces import Space
from dromos.vector import AutoresetMode, VectorWrapper
from dromos.vector.infos import split_infos
from dromos.vector.utils import batch_space

__all__ = ["OfCopies", "OldInfos", "columns_of", "old_infos"]

_FINAL = "final_observation"

#: What 0.29 calls an info of today.
_OLD_NAMES = {"final_obs": _FINAL}

_NUMBERS = (int, float, bool)


class OldInfos(VectorWrapper[Any, Any, Any, Any, Any]):
    """A vector whose infos are those of 0.29.

    Where an episode ends, ``infos["final_observation"][i]`` is its last observation and
    ``infos["final_info"][i]`` the info of its last step, a dict. Attributes that are not the
    wrapper's own are those of the vector.
    """

    is_vector_env = True
    #: The last observations.
    observations: Any = None

    def reset(self, *, seed: Any = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        """Reset all lanes."""
        self.observations, infos = self.env.reset(seed=seed, options=options)
        return self.observations, old_infos(infos, self.num_envs)

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step all lanes; those whose episode ends are reset in the same step."""
        return self._with_old_infos(self.env.step(actions))

    def recv(self) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Return the results of the lanes that finished first."""
        return self._with_old_infos(self.env.recv())

    def _with_old_infos(self, result: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        *values, infos = result
        self.observations, rewards, terminated, truncated = values
        lane_ids = infos.pop("lane_ids", None)
        old = old_infos(infos, len(rewards))
        if lane_ids is not None:
            old["lane_ids"] = lane_ids
        return self.observations, rewards, terminated, truncated, old

    def around(self, wrap: Callable[..., Any], *args: Any, **kwargs: Any) -> OldInfos:
        """Return this vector with a wrapper of today applied inside, where infos are today's."""
        twin = copy.copy(self)
        twin.env = wrap(self.env, *args, **kwargs)
        return twin

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "env":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.env, name)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.num_envs})"


def old_infos(infos: dict[str, Any], num_envs: int) -> dict[str, Any]:
    """Return today's infos of a vector as those of 0.29.

    A column holds numbers if all its values are of one number's type, else objects, None where
    a lane has no value; dicts, arrays and all final observations are objects too.

    Args:
        infos: Today's columns and masks.
        num_envs: Their length.
    """
    if not infos:  # as in most steps; spares a dict for each lane
        return {}
    return columns_of(split_infos(infos, num_envs), num_envs)


def columns_of(rows: Iterable[dict[str, Any]], num_envs: int) -> dict[str, Any]:
    """Return the infos of single lanes as the columns and masks of `old_infos`."""
    lanes: dict[str, dict[int, Any]] = {}
    for lane, info in enumerate(rows):
        for key, value in info.items():
            lanes.setdefault(_OLD_NAMES.get(key, key), {})[lane] = value
    old: dict[str, Any] = {}
    for key, values in lanes.items():
        old[key] = _column(key, values, num_envs)
        old[f"_{key}"] = mask = np.zeros(num_envs, dtype=np.bool_)
        mask[list(values)] = True
    return old


def _column(key: str, values: dict[int, Any], num_envs: int) -> Any:
    kinds = list({type(value) for value in values.values()})
    if key != _FINAL and len(kinds) == 1 and issubclass(kinds[0], (*_NUMBERS, np.number)):
        column = np.zeros(num_envs, dtype=kinds[0])
    else:
        column = np.full(num_envs, None, dtype=object)
    for lane, value in values.items():
        column[lane] = value
    return column


class OfCopies(OldInfos):
    """A vector of copies, whose spaces may be given.

    Args:
        kind: Today's class of such vectors.
        env_fns: A function without arguments for each lane.
        observation_space: The space of one lane's observations, instead of the first lane's.
        action_space: The space of one lane's actions, instead of the first lane's.
        **options: Further arguments of `kind`.
    """

    def __init__(
        self,
        kind: Callable[..., Any],
        env_fns: list[Callable[[], Env[Any, Any]]],
        observation_space: Space[Any] | None,
        action_space: Space[Any] | None,
        **options: Any,
    ) -> None:
        if observation_space is not None:
            batched = batch_space(observation_space, len(env_fns))
            options["observation_mode"] = (batched, observation_space)
        super().__init__(kind(env_fns, autoreset_mode=AutoresetMode.SAME_STEP, **options))
        if action_space is not None:
            self.single_action_space = action_space
            self.action_space = batch_space(action_space, self.num_envs)
