"""Both ways between our environments and the real Gymnasium's."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium.peer import peer
from dromos.core import Env
from dromos.vector import VectorEnv

__all__ = ["from_gymnasium", "to_gymnasium"]


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
