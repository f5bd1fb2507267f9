"""Public path of the vector wrappers whose rewards depend on those before."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, ObsType
from dromos.snapshot import rules
from dromos.vector.base import VectorEnv
from dromos.wrappers import stateful_reward
from dromos.wrappers.rules.normalizing import NormalizedReward
from dromos.wrappers.rules.rule import Begun
from dromos.wrappers.rules.trees import Lanes, lanes_of
from dromos.wrappers.statistics import RewardStatistics
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.episodes import Flags, VectorEpisodeWrapper

__all__ = ["NormalizeReward"]

Rewards = npt.NDArray[np.float64]


class NormalizeReward(RewardStatistics, VectorEpisodeWrapper[ObsType, ActType, ObsType]):
    """Divide rewards by the standard deviation of the discounted returns of all lanes.

    See `dromos.wrappers.NormalizeReward`. Steps that were resets earn nothing and do not enter
    the statistics.
    """

    snapshot_fields = {"_rule": rules.Part()}  # noqa: RUF012

    @documented_by(stateful_reward.NormalizeReward)
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, npt.NDArray[Any]],
        gamma: float = 0.99,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(env)
        self._rule = NormalizedReward(gamma, epsilon, batch_shape=(env.num_envs,))

    @property
    def accumulated_reward(self) -> Rewards:
        """The return of each lane's episode; a copy, float64 (n,)."""
        return self._rule.returns.copy()  # type: ignore[no-any-return]

    @accumulated_reward.setter
    def accumulated_reward(self, value: npt.ArrayLike) -> None:
        self._rule.returns[...] = value

    def normalize(self, rewards: npt.ArrayLike) -> Rewards:
        """Return rewards divided by the standard deviation of the returns so far."""
        divided: Rewards = np.asarray(rewards) / self._rule.statistics.deviation(self.epsilon)
        return divided

    def _began(self, result: Any, lanes: Lanes) -> Any:
        self._rule.begin(lanes)
        return result

    def _stepped(self, result: Any, lanes: Lanes, ended: Flags, begun: Begun) -> Any:
        observations, rewards, terminations, truncations, infos = result
        divided = self._rule.advance(rewards, lanes, begun)
        if ended.any():  # in every mode the next reward is the first of another episode
            rows = np.flatnonzero(ended)
            self._rule.begin(lanes_of(rows, lanes))
        return observations, divided, terminations, truncations, infos
