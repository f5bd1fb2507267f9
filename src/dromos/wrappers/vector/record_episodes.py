"""`RecordEpisodes` of a vector: the episodes of its lanes, a file each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.core import ActType, ObsType
from dromos.replay.actions import row_of
from dromos.replay.episode import EpisodeNotes, start_of_lane
from dromos.replay.hashing import as_numpy_tree
from dromos.snapshot import Writes, rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.lane_queue import checked_lane_ids
from dromos.vector.reset_plan import ResetPlan, plan_reset
from dromos.vector.wrapper import VectorWrapper
from dromos.wrappers import record_episodes
from dromos.wrappers.rules.array_conversion import as_numpy
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.episodes import EpisodeTracker
from dromos.wrappers.video_recording import Trigger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dromos.vector.lane_queue import LaneIds
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["RecordEpisodes"]


class RecordEpisodes(  # pyright: ignore[reportIncompatibleVariableOverride]
    record_episodes.EpisodeRecording,
    VectorWrapper[ObsType, ActType, ObsType, ActType, ArrayType],
    RecordConstructorArgs,
):
    """Record the episodes of lanes to files that ``dromos replay`` plays again.

    The files are ``<name_prefix>-<N>-lane-<lane>.jsonl``, N counting the episodes of all recorded
    lanes in the order they begin. Episodes that an autoreset begins have no seed: they hold the
    state of the lane after it. All else is as for the wrapper of a single environment.

    Put it next to the vector: a file tells how to make the vector, but not what wraps it. Outside
    of wrappers, it can be played only in a vector of one lane that the user wraps likewise.
    """

    snapshot_fields = {"_steps": rules.Part()}  # noqa: RUF012

    @documented_by(record_episodes.RecordEpisodes)
    @recorded
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, ArrayType],
        folder: str | os.PathLike[str],
        episode_trigger: Trigger | None = None,
        name_prefix: str = "episode",
        lanes: LaneIds | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            lanes: The lanes to record; None for all.

        Raises:
            IndexError: If there is no such lane.
        """
        VectorWrapper.__init__(self, env)
        self.lanes = frozenset(checked_lane_ids(lanes, env.num_envs))
        self._steps = EpisodeTracker(env)
        self._set_up(folder, episode_trigger, name_prefix)
        self._sent: dict[int, Any] = {}  # the actions of lanes whose results are not there yet
        self._asked: dict[int, tuple[Any, Any]] = {}  # seeds and options of resets, likewise

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped vector; the episodes of the lanes that were reset are written."""
        result = self.env.reset(seed=seed, options=options)
        plan = self._ask(seed, options)
        self._steps.begin(plan.lanes)
        for lane in sorted(self.lanes.intersection(plan.lanes.tolist())):
            self._begin(lane, result[0], lane)
        return result

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start a reset of the wrapped vector."""
        self.env.async_reset(seed=seed, options=options)
        self._ask(seed, options)

    def step(
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector and note it down; episodes that end are written.

        Raises:
            OSError: If a file cannot be written.
        """
        sent = self._actions_of(actions, range(self.num_envs))
        result = self.env.step(actions)
        self._sent |= sent
        self._take(result, ...)
        return result

    def send(self, actions: ActType, lane_ids: LaneIds | None = None) -> None:
        """Start a step of some lanes of the wrapped vector."""
        sent = self._actions_of(actions, checked_lane_ids(lane_ids, self.num_envs))
        self.env.send(actions, lane_ids)
        self._sent |= sent

    def recv(self) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Receive from the wrapped vector and note it down."""
        result = self.env.recv()
        self._take(result, result[-1]["lane_ids"])
        return result

    def _present(self) -> Any:
        return super()._present()  # the observations stay what they are

    def close(self, **kwargs: Any) -> None:
        """Write the running episodes and close the wrapped vector."""
        try:
            self._finish_all()
        finally:
            super().close(**kwargs)

    def _ask(self, seed: LaneSeeds, options: LaneOptions) -> ResetPlan:
        """Note what the recorded lanes are reset with, and return what all are."""
        plan = plan_reset(self.num_envs, seed, options)
        for lane, own, chosen in zip(plan.lanes.tolist(), plan.seeds, plan.options, strict=True):
            if lane in self.lanes:
                self._asked[lane] = own, chosen or None
        return plan

    def _actions_of(self, actions: Any, lanes: Sequence[int]) -> dict[int, Any]:
        """Return copies of the actions of the lanes whose episodes are recorded."""
        space = self.env.single_action_space
        return {
            lane: as_numpy_tree(row_of(space, actions, row))
            for row, lane in enumerate(lanes)
            if lane in self._notes
        }

    def _take(self, result: Any, lanes: Any) -> None:
        """Note the results of a step: a row for each of `lanes`, ``...`` for all."""
        observations, rewards, terminated, truncated, infos = result
        terminated, truncated = as_numpy(terminated), as_numpy(truncated)
        ended = np.logical_or(terminated, truncated)
        begun = self._steps.begun(ended, lanes)
        finals = self._steps.final_observations(observations, infos)
        rows = range(self.num_envs) if lanes is ... else map(int, lanes)
        for row, lane in enumerate(rows):
            if lane not in self.lanes:
                continue
            if begun is not None and begun[row]:
                self._begin(lane, observations, row)
            elif lane in self._notes:
                seen = row_of(self.env.single_observation_space, finals, row)
                flags = terminated[row], truncated[row]
                self._notes[lane][1].step(self._sent.pop(lane), seen, rewards[row], *flags)
            if ended[row]:
                self._finish(lane)
                if self._steps.mode is AutoresetMode.SAME_STEP:
                    self._begin(lane, observations, row)

    def _begin(self, lane: int, observations: Any, row: int) -> None:
        asked = self._asked.pop(lane, (None, None))
        env, space = self.env, self.env.single_observation_space
        self._count_episode(
            lane,
            lambda: EpisodeNotes(
                space, start_of_lane(env, lane, *asked), row_of(space, observations, row)
            ),
        )

    def _finish(self, lane: int) -> None:
        self._sent.pop(lane, None)
        super()._finish(lane)

    def _leave_to_parent(self) -> None:
        super()._leave_to_parent()
        self._sent = {}

    def judge_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> Writes:
        """Return what puts every layer into a state; running episodes are dropped with it."""
        dropped = range(self.num_envs) if lanes is None else checked_lane_ids(lanes, self.num_envs)

        def drop() -> None:
            for lane in dropped:
                self._notes.pop(lane, None)

        return [*super().judge_state(state, lanes), drop]

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_sent": {}, "_asked": {}}
