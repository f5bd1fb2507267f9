"""`make_vec` of Gymnasium 0.29."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from dromos.compat.as_then import fit
from dromos.compat.gymnasium_v029.old_infos import OldInfos
from dromos.compat.gymnasium_v029.registration import make, spec
from dromos.compat.gymnasium_v029.vector.async_vector_env import AsyncVectorEnv
from dromos.compat.gymnasium_v029.vector.making import make_copies
from dromos.compat.gymnasium_v029.vector.sync_vector_env import SyncVectorEnv
from dromos.envs import registration as today
from dromos.error import Error
from dromos.vector import AutoresetMode

__all__ = ["make_vec"]

_RELEASE = (0, 29)


def make_vec(
    id: str,
    num_envs: int = 1,
    vectorization_mode: str = "async",
    vector_kwargs: dict[str, Any] | None = None,
    wrappers: Sequence[Callable[[Any], Any]] | None = None,
    **kwargs: Any,
) -> OldInfos:
    """Make a vector of environments.

    Args:
        id: The id.
        num_envs: The number of environments.
        vectorization_mode: ``"async"``, ``"sync"``, or ``"custom"`` for the environment's own
            class of vectors.
        vector_kwargs: Arguments of the vector class.
        wrappers: Functions that wrap every single copy, innermost first.
        **kwargs: Arguments of the environment.

    Raises:
        Error: If there is no such mode, or the environment has no vectors of its own.
    """
    arguments = vector_kwargs or {}
    if vectorization_mode == "custom":
        arguments = {"autoreset_mode": AutoresetMode.SAME_STEP, **arguments}
        mode = today.VectorizeMode.VECTOR_ENTRY_POINT
        made = today.make_vec(spec(id), num_envs, mode, arguments, wrappers, **kwargs)
        fit(made, _RELEASE)
        return OldInfos(made)
    kinds: dict[str, type[OldInfos]] = {"async": AsyncVectorEnv, "sync": SyncVectorEnv}
    if vectorization_mode not in kinds:
        raise Error(
            f"Invalid vectorization mode: {vectorization_mode!r}, valid modes: {[*kinds, 'custom']}"
        )
    make_one = partial(make, id, **kwargs)
    return make_copies(kinds[vectorization_mode], make_one, num_envs, wrappers, **arguments)
