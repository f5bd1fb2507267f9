"""Reading, writing and checking the state of MuJoCo's simulation, by parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.envs.mujoco.library import import_mujoco
from dromos.envs.mujoco.mujoco_env import MujocoEnv
from dromos.error import Error

__all__ = ["check_mujoco_reset_state", "get_state", "set_state"]


def _spec(state_type: Any, default: str) -> Any:
    return getattr(import_mujoco().mjtState, default) if state_type is None else state_type


def get_state(env: Any, state_type: Any = None) -> NDArray[np.float64]:
    """Return the state of the simulation of `env`.

    Args:
        env: A `MujocoEnv`, or a wrapper around one.
        state_type: Which parts (``mujoco.mjtState``); None is ``mjSTATE_FULLPHYSICS``.
    """
    mujoco, base = import_mujoco(), env.unwrapped
    spec = _spec(state_type, "mjSTATE_FULLPHYSICS")
    state = np.empty(mujoco.mj_stateSize(base.model, spec))
    mujoco.mj_getState(base.model, base.data, state, spec)
    return state


def set_state(env: Any, state: NDArray[np.float64], state_type: Any = None) -> NDArray[np.float64]:
    """Put the simulation of `env` into a state that `get_state` returned; return that.

    Args:
        env: A `MujocoEnv`, or a wrapper around one.
        state: The state, float64.
        state_type: Which parts it holds; None is ``mjSTATE_FULLPHYSICS``.
    """
    mujoco, base = import_mujoco(), env.unwrapped
    mujoco.mj_setState(base.model, base.data, state, _spec(state_type, "mjSTATE_FULLPHYSICS"))
    return state


def check_mujoco_reset_state(
    env: MujocoEnv | Any, seed: int = 1234, state_type: Any = None
) -> None:
    """Check that a reset leads to the same state, whatever steps came before it.

    Args:
        env: A `MujocoEnv`, or a wrapper around one.
        seed: The seed of the reset.
        state_type: Which parts are compared; None is ``mjSTATE_INTEGRATION``.

    Raises:
        Error: If the states differ.
    """
    spec = _spec(state_type, "mjSTATE_INTEGRATION")
    env.action_space.seed(seed)
    action = env.action_space.sample()
    env.reset(seed=seed)
    first = get_state(env, spec)
    env.step(action)
    env.reset(seed=seed)
    second = get_state(env, spec)
    if not np.array_equal(first, second):
        raise Error(
            f"The reset of {env} is not deterministic: numbers "
            f"{np.flatnonzero(first != second).tolist()} of the state differ"
        )
