"""`SyncVectorEnv`: Python environments stepped one after another in the caller's thread."""

from __future__ import annotations

import copy as copying
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic

import numpy as np
from typing_extensions import Self

from dromos.core import ActType, Env, ObsType
from dromos.vector.actions import ActionSplitter
from dromos.vector.autoreset import ENDED, RUNNING, AutoresetMode, refuse_idle
from dromos.vector.env_lanes import EnvLanes, join_rewards, judge_observed
from dromos.vector.env_vector import EnvVector
from dromos.vector.infos import batch_infos
from dromos.vector.lane_spaces import LaneSpaces, ObservationBatcher, lane_spaces
from dromos.vector.lanes import Lanes, StepResult
from dromos.vector.last_report import Flags
from dromos.vector.reset_plan import ResetPlan
from dromos.vector.utils.space_utils import create_empty_array

if TYPE_CHECKING:
    from dromos.spaces import Space

__all__ = ["SyncVectorEnv"]


class SerialLanes(EnvLanes, Lanes):
    """Environments in this process, with their observations, rewards and infos in batches.

    Attributes:
        split: Takes batches of actions apart.
    """

    def take_spaces(self, spaces: LaneSpaces, copy: bool) -> None:
        """Batch elements of these spaces, with memory of its own for each batch or not."""
        self.finished: list[int] = []
        self._reward_shape: tuple[int, ...] | None = None
        self._batch = ObservationBatcher(spaces.observation[0], fresh=copy)
        self.split = ActionSplitter(*spaces.action, len(self.envs))

    def step(self, actions: Any) -> StepResult:
        """Move all lanes, and return what they report."""
        with self.guard:
            self._move(None, actions)
            return self.report(None)

    def post(self, lanes: list[int] | None, actions: Any) -> None:
        """Move some lanes, or all (see `Lanes.post`)."""
        self._move(lanes, actions)
        self.finished.extend(range(len(self.envs)) if lanes is None else lanes)

    def _move(self, lanes: list[int] | None, actions: Any) -> None:
        rows = self.split(actions, len(self.envs if lanes is None else lanes))
        refuse_idle(self.episodes, lanes)
        self.move(lanes, rows)

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan."""
        self.reset_lanes(plan.lanes.tolist(), plan.seeds, plan.options)

    def observe(self) -> Any:
        """Return the present observation of every lane."""
        return self._batch(self.obs)

    def reset_infos(self, plan: ResetPlan) -> dict[str, Any]:
        """Return the infos of lanes that were reset, as columns of one row a lane."""
        lanes = plan.lanes.tolist()
        return batch_infos([self.infos[lane] for lane in lanes], lanes, len(self.envs))

    def report(self, lanes: list[int] | None) -> StepResult:
        """Return what the last step of some lanes, or of all, gave; one row each."""
        rows = slice(None) if lanes is None else lanes
        try:
            infos = self.walker.infos(lanes)
            return (
                self._batch(self.walker.observations(lanes)),
                self._report_rewards(lanes, rows),
                self.terminated[rows].copy(),
                self.truncated[rows].copy(),
                batch_infos(infos, range(len(infos)), len(infos)),
            )
        except BaseException:  # nobody was told of their steps
            self.episodes.interrupt(lanes)
            raise

    def _report_rewards(self, lanes: list[int] | None, rows: Any) -> Any:
        numbers = self.rewards[rows].copy()
        if not self.reward_arrays and self._reward_shape is None:
            return numbers
        own = range(len(self.envs)) if lanes is None else lanes
        arrays = self.take_reward_arrays(own)
        restarted = self.episodes.restarted[rows]
        rewards = join_rewards(numbers, arrays, restarted, own, self._reward_shape)
        self._reward_shape = rewards.shape[1:]
        return rewards

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        return self._batch.batch_anew(self.walker.final_observations(lanes))

    def render(self, lanes: list[int]) -> tuple[Any, ...]:
        """Return what ``render`` of each of some environments returns."""
        return tuple(self.envs[lane].render() for lane in lanes)

    def judge_status(self, state: dict[str, Any], status: Any) -> None:
        """Raise unless lanes that ever had an episode have observed something."""
        judge_observed(state, status)

    def close(self) -> None:
        """Close every environment; if some raise, raise the first error after the last."""
        self.close_envs()


class SyncVectorEnv(EnvVector[ObsType, ActType], Generic[ObsType, ActType]):
    """A vector that steps its sub-environments one after another.

    The sub-environments may be of any class and differ in anything but their action spaces and
    the shapes and dtypes of their observations. An exception in one passes on to the caller with
    the lane noted; the lanes it left without a reported step are refused until they are reset.
    """

    snapshot_kind = "dromos.vector:PythonVectorEnv"

    _lanes: SerialLanes  # pyright: ignore[reportIncompatibleVariableOverride]
    _own_rewards: Any = None  # where a subclass keeps rewards that are no number a lane
    _observations: Any = None  # where a subclass batches observations

    def __init__(
        self,
        env_fns: Iterable[Callable[[], Env[Any, Any]]],
        copy: bool = True,
        observation_mode: str | tuple[Space[Any], Space[Any]] = "same",
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        *,
        batch_size: int | None = None,
    ) -> None:
        """Make the sub-environments.

        Args:
            env_fns: A function without arguments for each lane, returning its environment.
            copy: Whether each batch of observations has memory of its own. Otherwise all share
                one buffer, overwritten by the next step.
            observation_mode: ``"same"`` if the observation spaces are equal, ``"different"`` if
                their bounds differ, or the tuple ``(batched space, single space)``.
            autoreset_mode: When a lane whose episode has ended is reset.
            batch_size: How many lanes `recv` returns, from 1 to n; None for n.

        Raises:
            ValueError: If there is no function, or an argument is out of range.
            TypeError: If a function does not return an `Env`.
            RuntimeError: If the spaces of the sub-environments do not match.
        """
        self._take_arguments(env_fns, copy, observation_mode, autoreset_mode, batch_size)
        lanes = SerialLanes(self.env_fns, self.autoreset_mode)
        try:
            spaces = lane_spaces(lanes.envs, observation_mode)
        except BaseException:
            lanes.close()
            raise
        self._take_facts(spaces, lanes.envs[0])
        lanes.take_spaces(spaces, copy)
        self._observations = create_empty_array(self.single_observation_space, self.num_envs)
        self._take_lanes(lanes)

    @property
    def envs(self) -> list[Env[Any, Any]]:
        """The sub-environments; an element may be replaced."""
        return self._lanes.envs

    # What a subclass with a `step` of its own reads and writes, under the names that these have in
    # Gymnasium. It is the state of the lanes itself.

    @property
    def _env_obs(self) -> list[Any]:
        """The last observation of each lane; elements are assigned."""
        return self._lanes.obs

    @_env_obs.setter
    def _env_obs(self, observations: Iterable[Any]) -> None:
        self._lanes.obs[:] = observations

    @property
    def _rewards(self) -> Any:
        """The last rewards, float64 (n,), or what a subclass has put in their place."""
        return self._lanes.rewards if self._own_rewards is None else self._own_rewards

    @_rewards.setter
    def _rewards(self, rewards: Any) -> None:
        if np.shape(rewards) == (self.num_envs,):
            self._lanes.rewards[:] = rewards
            self._own_rewards = None
        else:
            self._own_rewards = rewards

    @property
    def _terminations(self) -> Flags:
        """Which lanes reached a terminal state in the last step; bool (n,)."""
        return self._lanes.terminated  # type: ignore[no-any-return]

    @_terminations.setter
    def _terminations(self, flags: Any) -> None:
        self._lanes.terminated[:] = flags

    @property
    def _truncations(self) -> Flags:
        """Which lanes were cut off in the last step; bool (n,)."""
        return self._lanes.truncated  # type: ignore[no-any-return]

    @_truncations.setter
    def _truncations(self, flags: Any) -> None:
        self._lanes.truncated[:] = flags

    @property
    def _autoreset_envs(self) -> Flags:
        """Which lanes' episodes are over; bool (n,), a copy: assign all of it."""
        over: Flags = self._lanes.episodes.status == ENDED
        return over

    @_autoreset_envs.setter
    def _autoreset_envs(self, over: Any) -> None:
        # Assigned at the end of a step: what was over before it has been reset in it.
        episodes, before = self._lanes.episodes, self._autoreset_envs
        episodes.restarted[:] = before if self.autoreset_mode is AutoresetMode.NEXT_STEP else False
        episodes.status[:] = np.where(np.asarray(over, bool), ENDED, RUNNING)
        self._lanes.final_obs[:] = self._lanes.obs
        self._lanes_tell()

    def clone(self) -> Self:
        """Return an independent copy with the same future, made of the lanes' clones."""
        with self._lanes.guard:
            memo: dict[int, Any] = {id(self.env_fns): self.env_fns}
            for env in self.envs:
                twin = memo[id(env)] = env.clone()
                for space in ("action_space", "observation_space"):  # one may be the vector's
                    memo[id(getattr(env, space))] = getattr(twin, space)
            return copying.deepcopy(self, memo)
