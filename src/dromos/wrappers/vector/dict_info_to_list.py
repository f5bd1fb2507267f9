"""`DictInfoToList`: infos as one dict a lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dromos.core import ActType, ObsType
from dromos.vector import VectorEnv, VectorWrapper
from dromos.vector.base import ArrayType
from dromos.vector.info_list import InfoList

if TYPE_CHECKING:
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
        return (*result, InfoList(infos, self.num_envs))  # type: ignore[return-value]

    def recv(  # type: ignore[override]
        self,
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, list[dict[str, Any]]]:
        """Receive from the wrapped vector; ``infos[j]["lane_ids"]`` says which lane row j is."""
        self._refuse_unknown_step()
        *result, infos = self.env.recv()
        return (*result, InfoList(infos, len(infos["lane_ids"])))  # type: ignore[return-value]

    def reset(  # type: ignore[override]
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, list[dict[str, Any]]]:
        """Reset the wrapped vector; the infos are a list of one dict a lane."""
        observations, infos = self.env.reset(seed=seed, options=options)
        return observations, InfoList(infos, self.num_envs)
