"""Both ways between our environments and the real Gymnasium's."""

from __future__ import annotations

import copy
from typing import Any

from dromos.compat.gymnasium.peer import peer
from dromos.core import Env
from dromos.vector import VectorEnv

__all__ = ["from_gymnasium", "made_by_gymnasium", "to_gymnasium"]


def made_by_gymnasium(gymnasium_id: str, **kwargs: Any) -> Any:
    """Return what the real Gymnasium registered under an id, without its default wrappers, as ours.

    Args:
        gymnasium_id: The id.
        **kwargs: Arguments of the environment, ``render_mode`` among them.
    """
    gymnasium = peer()
    spec = copy.deepcopy(gymnasium.spec(gymnasium_id))
    spec.max_episode_steps, spec.order_enforce, spec.disable_env_checker = None, False, True
    return from_gymnasium(gymnasium.make(spec, **kwargs))


def to_gymnasium(env: Any) -> Any:
    """Return an environment or vector of ours as the real Gymnasium's.

    Spaces are converted by value, with their random generators; seeds, random numbers, frames,
    attributes and the specification are the environment's own, and its errors become Gymnasium's
    of the same name. What came from Gymnasium is returned as it was.

    Args:
        env: A `dromos.Env` or `dromos.vector.VectorEnv`.

    Returns:
        A ``gymnasium.Env`` or ``gymnasium.vector.VectorEnv``.

    Raises:
        TypeError: If `env` is neither.
        CustomSpaceError: If a space is of a class of the user's own.
        DependencyNotInstalled: If Gymnasium is not installed.
        Error: If the alias is installed, so that there is nothing to convert.
    """
    peer()
    from dromos.compat.gymnasium import into_gymnasium as theirs
    from dromos.compat.gymnasium import out_of_gymnasium as ours

    if isinstance(env, (ours.DromosEnv, ours.DromosVectorEnv)):
        return env.inner
    if isinstance(env, VectorEnv):
        return theirs.GymnasiumVectorEnv(env)
    if isinstance(env, Env):
        return theirs.GymnasiumEnv(env)
    raise TypeError(f"Expected a `dromos.Env` or `dromos.vector.VectorEnv`, got {type(env)}")


def from_gymnasium(env: Any) -> Any:
    """Return an environment or vector of the real Gymnasium as ours; see `to_gymnasium`.

    Args:
        env: A ``gymnasium.Env`` or ``gymnasium.vector.VectorEnv``.

    Returns:
        A `dromos.Env` or `dromos.vector.VectorEnv`.

    Raises:
        TypeError: If `env` is neither.
        CustomSpaceError: If a space is of a class of the user's own.
        DependencyNotInstalled: If Gymnasium is not installed.
        Error: If the alias is installed, so that there is nothing to convert.
    """
    gymnasium = peer()
    from dromos.compat.gymnasium import into_gymnasium as theirs
    from dromos.compat.gymnasium import out_of_gymnasium as ours

    if isinstance(env, (theirs.GymnasiumEnv, theirs.GymnasiumVectorEnv)):
        return env.inner
    if isinstance(env, gymnasium.vector.VectorEnv):
        return ours.DromosVectorEnv(env)
    if isinstance(env, gymnasium.Env):
        return ours.DromosEnv(env)
    raise TypeError(f"Expected a `gymnasium.Env` or `gymnasium.vector.VectorEnv`, got {type(env)}")
