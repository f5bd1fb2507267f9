"""`DictInfoToList`: infos as one dict a lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.core import ActType, ObsType
from dromos.vector import VectorEnv, VectorWrapper
from dromos.vector.base import ArrayType
from dromos.vector.info_list import InfoList

if TYPE_CHECKING:
    from dromos.rollout import Rollout
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["DictInfoToList"]


class DictInfoToList(VectorWrapper[ObsType, ActType, ObsType, ActType, ArrayType]):
    """Give infos as a list of one dict a lane, as vectors of Gym up to 0.23 did.

    ``infos[i][k]`` is what lane ``i`` had under ``k``; a lane that did not have the key has no
    entry, and the masks ``_k`` are gone. Other vector wrappers expect columns, so this one goes
    outside all of them. The list is a subclass of `list` that makes its dicts when somebody looks
    for them; the wrapped vector must not change columns that it has returned.

    Example:
        >>> envs = DictInfoToList(dromos.make_vec("Blackjack-v1", 2))
        >>> envs.reset(seed=0)[1]
        [{}, {}]
    """

    def __init__(self, env: VectorEnv[ObsType, ActType, ArrayType]) -> None:
        """Wrap `env`."""
        super().__init__(env)

    def step(  # type: ignore[override]
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, list[dict[str, Any]]]:
        """Step the wrapped vector; the infos are a list of one dict a lane."""
        *result, infos = self.env.step(actions)
        return (*result, _listed(infos, self.num_envs))  # type: ignore[return-value]

    def rollout(self, *args: Any, **kwargs: Any) -> Rollout:
        """Make many steps of the wrapped vector; infos are columns, as in every rollout."""
        return self.env.rollout(*args, **kwargs)

    def recv(  # type: ignore[override]
        self,
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, list[dict[str, Any]]]:
        """Receive from the wrapped vector; ``infos[j]["lane_ids"]`` says which lane row j is."""
        self._refuse_unknown_step()
        *result, infos = self.env.recv()
        return (*result, _listed(infos, len(infos["lane_ids"])))  # type: ignore[return-value]

    def reset(  # type: ignore[override]
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, list[dict[str, Any]]]:
        """Reset the wrapped vector; the infos are a list of one dict a lane.

        Raises:
            ValueError: Of this and every call, if a column or a mask is not of one entry a lane.
        """
        observations, infos = self.env.reset(seed=seed, options=options)
        return observations, _listed(infos, self.num_envs)


def _listed(infos: dict[str, Any], num_rows: int) -> InfoList:
    _check_columns(infos, num_rows, "infos")
    return InfoList(infos, num_rows)


def _check_columns(columns: Any, num_rows: int, path: str) -> None:
    """Raise if a column does not have a row a lane, or if a mask is none.

    Raises:
        ValueError: The message names the key.
        TypeError: If the infos are no dict.
    """
    if not isinstance(columns, dict):
        raise TypeError(f"{path}: expected a dict of columns, found {columns!r}")
    for key, column in columns.items():
        if isinstance(column, dict):
            _check_columns(column, num_rows, f"{path}[{key!r}]")
            continue
        length = len(column) if np.ndim(column) else num_rows  # a number is told of the vector
        is_mask = isinstance(key, str) and key.startswith("_") and key[1:] in columns
        if is_mask and (not isinstance(column, np.ndarray) or column.dtype != np.bool_):
            raise ValueError(
                f"{path}[{key!r}]: expected a mask, a bool array ({num_rows},), found {column!r}"
            )
        if length != num_rows or (is_mask and column.ndim != 1):
            raise ValueError(
                f"{path}[{key!r}]: expected one entry for each of {num_rows} lanes, found "
                f"{np.shape(column) if is_mask else length}"
            )
