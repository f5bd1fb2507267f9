"""Public path of the vector wrappers whose observations depend on those before."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, ObsType, WrapperObsType
from dromos.snapshot import rules
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import VectorEnv
from dromos.vector.transforms import VectorObservationWrapper
from dromos.vector.utils.space_utils import batch_space, iterate
from dromos.wrappers import stateful_observation
from dromos.wrappers.rules.normalizing import NormalizedObservation
from dromos.wrappers.rules.rule import Begun, MemoryRule
from dromos.wrappers.rules.stacking import DelayedObservation, LazyStack, StackedObservation
from dromos.wrappers.rules.time import TimedObservation
from dromos.wrappers.rules.trees import Lanes, lanes_of, map_tree, take_rows
from dromos.wrappers.statistics import ObservationStatistics
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.episodes import Flags, VectorEpisodeWrapper
from dromos.wrappers.vector.last_report import LastReport

__all__ = [
    "DelayObservation",
    "FrameStackObservation",
    "NormalizeObservation",
    "TimeAwareObservation",
]

Array = npt.NDArray[Any]


class _RememberingObservation(
    VectorEpisodeWrapper[WrapperObsType, ActType, ObsType],
    VectorObservationWrapper[WrapperObsType, ActType, ObsType, Array],
):
    """Show what a rule makes of the observations, with a memory for each lane."""

    snapshot_fields = {"_rule": rules.Part(), "_final_obs": LastReport()}  # noqa: RUF012

    def __init__(self, env: VectorEnv[ObsType, ActType, Array], rule: MemoryRule) -> None:
        super().__init__(env)
        self._rule = rule
        self._final_obs: Any = None  # shares nothing with what was shown
        self.single_observation_space = rule.space
        self.observation_space = batch_space(rule.space, self.num_envs)

    def _began(self, result: Any, lanes: Lanes) -> Any:
        observations, infos = result
        self._rule.begin(observations if lanes is ... else take_rows(observations, lanes), lanes)
        shown = self._rule.view(observations)
        self._final_obs = map_tree(_own, shown)
        return shown, infos

    def _stepped(self, result: Any, lanes: Lanes, ended: Flags, begun: Begun) -> Any:
        observations, *rest, infos = result
        if self._steps.mode is AutoresetMode.SAME_STEP and ended.any():
            final = self._steps.final_observations(observations, infos)
            self._final_obs = self._rule.advance_and_view(final, lanes, begun)
            rows = np.flatnonzero(ended)
            self._rule.begin(take_rows(observations, rows), lanes_of(rows, lanes))
            shown = self._rule.view(observations, lanes)
            return shown, *rest, self._with_final_obs(infos, rows)
        shown = self._rule.advance_and_view(observations, lanes, begun)
        self._final_obs = map_tree(_own, shown)
        return shown, *rest, infos

    def _with_final_obs(self, infos: dict[str, Any], ended: npt.NDArray[np.intp]) -> dict[str, Any]:
        final_obs = np.full(len(infos["_final_obs"]), None, dtype=object)
        shown = take_rows(self._final_obs, ended)
        batch = batch_space(self.single_observation_space, len(ended))
        rows = shown if hasattr(shown, "stacked") else iterate(batch, shown)
        for row, obs in zip(ended.tolist(), rows, strict=True):
            final_obs[row] = obs
        return {**infos, "final_obs": final_obs}

    @property
    def final_obs(self) -> WrapperObsType:  # type: ignore[override]
        """What the lanes last reported observed before any reset, as this wrapper shows it."""
        shown: WrapperObsType = map_tree(_own, self._final_obs)
        return shown

    def observations(self, observations: ObsType) -> Any:
        """Return what is shown of the last observations of all lanes."""
        return self._rule.view(observations)


def _own(leaf: Any) -> Any:
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


class DelayObservation(_RememberingObservation[ObsType, ActType, ObsType]):
    """Show the observations of some steps ago: see `dromos.wrappers.DelayObservation`."""

    @documented_by(stateful_observation.DelayObservation)
    def __init__(self, env: VectorEnv[ObsType, ActType, Array], delay: int) -> None:
        space = env.single_observation_space
        super().__init__(env, DelayedObservation(space, delay, batch_shape=(env.num_envs,)))
        self.delay = int(delay)


class FrameStackObservation(_RememberingObservation[WrapperObsType, ActType, ObsType]):
    """Show each lane's last observations: see `dromos.wrappers.FrameStackObservation`.

    With ``lazy=True`` the stacks of all lanes are one `LazyFrames` of shape (n, stack_size, …),
    which keeps each frame once; its rows are the stacks of single lanes.
    """

    @documented_by(stateful_observation.FrameStackObservation)
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, Array],
        stack_size: int,
        *,
        padding_type: Any = "reset",
        lazy: bool = False,
    ) -> None:
        rule = (LazyStack if lazy else StackedObservation)(
            env.single_observation_space,
            stack_size,
            padding_type,
            batch_shape=(env.num_envs,),
        )
        super().__init__(env, rule)
        self.stack_size = int(stack_size)
        self.padding_type = padding_type


class TimeAwareObservation(_RememberingObservation[WrapperObsType, ActType, ObsType]):
    """Add the steps since the reset: see `dromos.wrappers.TimeAwareObservation`."""

    @documented_by(stateful_observation.TimeAwareObservation)
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, Array],
        flatten: bool = True,
        normalize_time: bool = False,
        *,
        dict_time_key: str = "time",
    ) -> None:
        self.max_timesteps = stateful_observation.max_timesteps_of(env)
        rule = TimedObservation(
            env.single_observation_space,
            self.max_timesteps,
            flatten=flatten,
            normalize=normalize_time,
            key=dict_time_key,
            batch_shape=(env.num_envs,),
        )
        super().__init__(env, rule)
        self.flatten = flatten
        self.normalize_time = normalize_time


class NormalizeObservation(
    ObservationStatistics,
    _RememberingObservation[npt.NDArray[Any], ActType, npt.NDArray[Any]],
):
    """Normalise observations by statistics of all lanes.

    See `dromos.wrappers.NormalizeObservation`. It works in every autoreset mode; final
    observations enter the statistics like all others.
    """

    @documented_by(stateful_observation.NormalizeObservation)
    def __init__(
        self, env: VectorEnv[npt.NDArray[Any], ActType, Array], epsilon: float = 1e-8
    ) -> None:
        space = env.single_observation_space
        super().__init__(env, NormalizedObservation(space, epsilon, batch_shape=(env.num_envs,)))
