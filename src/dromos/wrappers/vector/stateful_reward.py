"""Public path of the vector wrappers whose rewards depend on those before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, ObsType
from dromos.snapshot import rules
from dromos.vector.base import VectorEnv
from dromos.vector.wrapper import VectorWrapper
from dromos.wrappers.rules.normalizing import NormalizedReward
from dromos.wrappers.rules.trees import Lanes
from dromos.wrappers.statistics import RewardStatistics
from dromos.wrappers.vector.lane_steps import LaneSteps, reset_lanes

if TYPE_CHECKING:
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["NormalizeReward"]

Rewards = npt.NDArray[np.float64]
_Result = tuple[ObsType, Rewards, Any, Any, dict[str, Any]]


class NormalizeReward(
    RewardStatistics, VectorWrapper[ObsType, ActType, ObsType, ActType, npt.NDArray[Any]]
):
    """Divide rewards by the standard deviation of the discounted returns of all lanes.

    See `dromos.wrappers.NormalizeReward`. Steps that were resets earn nothing and do not enter
    the statistics.
    """

    snapshot_fields = {"_rule": rules.Part(), "_steps": rules.Part()}  # noqa: RUF012

    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, npt.NDArray[Any]],
        gamma: float = 0.99,
        epsilon: float = 1e-8,
    ) -> None:
        """Wrap `env`; arguments and errors are those of the wrapper of single environments."""
        super().__init__(env)
        self._rule = NormalizedReward(gamma, epsilon, batch_shape=(env.num_envs,))
        self._steps = LaneSteps(env)

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped vector, and start new returns in the lanes that were reset."""
        result = self.env.reset(seed=seed, options=options)
        lanes = reset_lanes(options, self.num_envs)
        self._steps.begin(lanes)
        self._rule.begin(lanes)
        return result

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

    def step(self, actions: ActType) -> _Result[ObsType]:
        """Step the wrapped vector and divide its rewards."""
        return self._divided(self.env.step(actions), ...)

    def recv(self) -> _Result[ObsType]:
        """Receive from the wrapped vector and divide its rewards."""
        result = self.env.recv()
        return self._divided(result, result[-1]["lane_ids"])

    def _present(self) -> Any:
        return super()._present()  # the observations stay what they are

    def _divided(self, result: Any, lanes: Lanes) -> _Result[ObsType]:
        observations, rewards, terminations, truncations, infos = result
        ended = np.logical_or(terminations, truncations)
        divided = self._rule.advance(rewards, lanes, self._steps.begun(ended, lanes))
        if ended.any():  # in every mode the next reward is the first of another episode
            rows = np.flatnonzero(ended)
            self._rule.begin(rows if lanes is ... else lanes[rows])
        return observations, divided, terminations, truncations, infos
