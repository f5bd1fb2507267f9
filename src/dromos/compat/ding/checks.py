"""What DI-engine expects of an environment, tried out: its ``env_implementation_check``."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos import spaces
from dromos.compat.ding.env import DingEnvWrapper
from dromos.error import Error

__all__ = [
    "check_all",
    "check_array_space",
    "check_different_memory",
    "check_obs_deepcopy",
    "check_reset",
    "check_space_dtype",
    "check_step",
]

#: The steps after which an episode that does not end is checked no further.
_LONGEST = 10_000


def check_space_dtype(env: DingEnvWrapper) -> None:
    """Check that observations and rewards have dtypes that networks take.

    Raises:
        Error: If an observation has another dtype than float32, int64 or uint8, or the reward
            another than float32.
    """
    _check_dtypes(env.observation_space, "observation_space", ("float32", "int64", "uint8"))
    _check_dtypes(env.reward_space, "reward_space", ("float32",))


def _check_dtypes(space: Any, path: str, allowed: tuple[str, ...]) -> None:
    if isinstance(space, (spaces.Dict, spaces.Tuple)):
        parts: Any = space.spaces
        for key in parts if isinstance(space, spaces.Dict) else range(len(parts)):
            _check_dtypes(parts[key], f"{path}[{key!r}]", allowed)
    elif str(space.dtype) not in allowed:
        raise Error(f"{path}: expected the dtype {' or '.join(allowed)}, found {space.dtype}")


def check_array_space(data: Any, space: Any, name: str) -> None:
    """Check that `data` are an element of `space`, integers as arrays (1,).

    Args:
        data: An observation, an action or a reward.
        space: Its space.
        name: What to call it in the error.

    Raises:
        Error: If they are not.
    """
    if isinstance(space, spaces.Dict):
        if not isinstance(data, dict) or data.keys() != space.spaces.keys():
            raise Error(f"{name}: expected a dict with the keys {list(space.spaces)}, found {data}")
        for key, part in space.spaces.items():
            check_array_space(data[key], part, f"{name}[{key!r}]")
    elif isinstance(space, spaces.Tuple):
        for place, (part, value) in enumerate(zip(space.spaces, data, strict=True)):
            check_array_space(value, part, f"{name}[{place}]")
    else:
        element = data.item() if isinstance(space, spaces.Discrete) and np.size(data) == 1 else data
        if element not in space:
            raise Error(f"{name}: expected an element of {space}, found {data!r}")


def check_reset(env: DingEnvWrapper) -> None:
    """Check that a reset gives an element of the observation space.

    Raises:
        Error: If it does not.
    """
    check_array_space(env.reset(), env.observation_space, "reset()")


def check_step(env: DingEnvWrapper) -> None:
    """Check the steps of an episode of random actions.

    Raises:
        Error: If an action, an observation or a reward is not in its space, or the last info does
            not tell ``eval_episode_return``.
    """
    env.reset()
    for _ in range(_LONGEST):
        action = env.random_action()
        check_array_space(action, env.action_space, "random_action()")
        timestep = env.step(action)
        check_array_space(timestep.obs, env.observation_space, "step().obs")
        check_array_space(timestep.reward, env.reward_space, "step().reward")
        if timestep.done:
            _check_last_info(timestep.info)
            return


def _check_last_info(info: dict[str, Any]) -> None:
    if "eval_episode_return" not in info:
        raise Error(
            "step().info: expected 'eval_episode_return' at the end of an episode, found "
            f"{sorted(info)}; add the wrapper 'eval_episode_return' to env_wrapper"
        )


def check_different_memory(array1: Any, array2: Any, step_times: int) -> None:
    """Check that two observations share no memory.

    Raises:
        Error: If they do.
    """
    for path, (left, right) in _leaf_pairs(array1, array2, "obs"):
        if np.shares_memory(left, right):
            raise Error(
                f"{path}: the observations {step_times} steps apart share their memory, so that "
                "the later step overwrites what the earlier returned; return a copy"
            )


def _leaf_pairs(
    left: Any, right: Any, path: str
) -> list[tuple[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]]:
    if isinstance(left, (dict, tuple, list)):
        keys = left if isinstance(left, dict) else range(len(left))
        return [
            pair for key in keys for pair in _leaf_pairs(left[key], right[key], f"{path}[{key!r}]")
        ]
    return [(path, (np.asarray(left), np.asarray(right)))]


def check_obs_deepcopy(env: DingEnvWrapper) -> None:
    """Check that no step writes into an observation that has been returned.

    Raises:
        Error: If one does.
    """
    newest = env.reset()
    for _ in range(3):
        timestep = env.step(env.random_action())
        check_different_memory(newest, timestep.obs, step_times=1)
        newest = env.reset() if timestep.done else timestep.obs


def check_all(env: DingEnvWrapper) -> None:
    """Check everything this module checks.

    Raises:
        Error: For the first thing that is wrong.
    """
    check_reset(env)
    check_space_dtype(env)
    check_step(env)
    check_obs_deepcopy(env)
