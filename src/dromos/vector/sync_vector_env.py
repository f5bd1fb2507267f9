"""`SyncVectorEnv`: Python environments stepped one after another in the caller's thread."""

from __future__ import annotations

import copy as copying
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from dromos.core import ActType, Env, ObsType, RenderFrame
from dromos.error import ClosedEnvironmentError, ResetNeeded
from dromos.vector.actions import split_actions
from dromos.vector.autoreset import EPISODES, AutoresetMode, Episode, refuse_unknown
from dromos.vector.base import VectorEnv
from dromos.vector.infos import batch_infos
from dromos.vector.lane_batch import ObservationBatcher, write_results
from dromos.vector.lane_queue import LaneIds, LaneQueue, checked_batch_size, checked_lane_ids
from dromos.vector.lane_spaces import lane_spaces
from dromos.vector.lane_states import restore_lanes, state_of_lanes
from dromos.vector.reset_plan import LaneOptions, LaneSeeds, ResetPlan, plan_reset
from dromos.vector.serial_lanes import SerialLanes
from dromos.vector.utils.space_utils import batch_space

if TYPE_CHECKING:
    from dromos.spaces import Space

__all__ = ["SyncVectorEnv"]

Rewards = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class SyncVectorEnv(
    VectorEnv[ObsType, ActType, np.ndarray[Any, np.dtype[Any]]], Generic[ObsType, ActType]
):
    """A vector that steps its sub-environments one after another.

    The sub-environments may be of any class and differ in anything but their action spaces and
    the shapes and dtypes of their observations. An exception in one passes on to the caller with
    the lane noted; the lanes it left without a reported step are refused until they are reset.

    Attributes:
        env_fns: The functions that made the sub-environments.
        copy: Whether each batch of observations has memory of its own.
        autoreset_mode: When a lane whose episode has ended is reset.
        observation_mode: How the observation spaces were batched.
        batch_size: How many lanes `recv` returns.
    """

    snapshot_kind = "dromos.vector:PythonVectorEnv"

    #: All that the lanes' own states hold or the constructor's arguments decide.
    snapshot_exclude = frozenset(
        {
            "_action_spaces",
            "_batch",
            "_final_rows",
            "_lanes",
            "_queue",
            "_stepped",
            "autoreset_mode",
            "batch_size",
            "closed",
            "copy",
            "env_fns",
            "num_envs",
            "observation_mode",
            "single_action_space",
            "single_observation_space",
        }
    )

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
        self.env_fns = list(env_fns)
        self.copy = copy
        self.observation_mode = observation_mode
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.num_envs = len(self.env_fns)
        self.batch_size = checked_batch_size(batch_size, self.num_envs)
        self._lanes = SerialLanes(self.env_fns, self.autoreset_mode)
        try:
            spaces = lane_spaces(self.envs, observation_mode)
        except BaseException:
            self._lanes.close()
            raise
        self.single_observation_space, self.observation_space = spaces.observation
        self.single_action_space, self.action_space = spaces.action
        self.metadata = {**self.envs[0].metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = self.envs[0].render_mode
        self._batch = ObservationBatcher(self.single_observation_space, fresh=copy)
        self._action_spaces = {self.num_envs: self.action_space}
        self._queue = LaneQueue(self.batch_size)
        self._remember(self._lanes.episodes)

    @property
    def envs(self) -> list[Env[Any, Any]]:
        """The sub-environments; an element may be replaced."""
        return self._lanes.envs

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode in every lane, or in those that a mask chooses.

        Results that wait to be received are dropped for the lanes that are reset.

        Args:
            seed: One seed, or one a lane (see `VectorEnv.reset`).
            options: Options for all lanes, or for each; they are never changed.

        Returns:
            observations: The first observations of the lanes that were reset, the last ones of
                the others.
            infos: Columns of the infos of the lanes that were reset.

        Raises:
            TypeError, ValueError, Error: If an argument is wrong; no lane has been reset then.
            ResetNeeded: If a lane outside the mask has never been reset.
        """
        plan = self._plan(seed, options)
        refuse_unknown(self._lanes.episodes, plan.lane_ids)
        self._queue.discard(plan.lane_ids)
        self._lanes.reset(plan)
        self._remember(self._lanes.episodes)
        self._stepped = np.zeros(self.num_envs, np.bool_)
        infos = [self._lanes.episodes[lane].info for lane in plan.lane_ids]
        observations = self._batch([episode.obs for episode in self._lanes.episodes])
        return observations, batch_infos(infos, plan.lane_ids, self.num_envs)

    def step(self, actions: ActType) -> tuple[ObsType, Rewards, Flags, Flags, dict[str, Any]]:
        """Advance every lane by one action, or by the reset that its autoreset mode asks for.

        Args:
            actions: A batch of n actions in the structure of `action_space`. Whether an action is
                valid is for its sub-environment to say.

        Returns:
            observations: Batch of n observations.
            rewards: float64 (n,).
            terminations: bool (n,).
            truncations: bool (n,).
            infos: Columns of the lanes' infos.

        Raises:
            InvalidAction: If there are not n actions or their structure is wrong; no lane has
                moved then.
            ResetNeeded: If a lane has no episode; no lane has moved then.
            AlreadyPendingCallError: If results of `send` have not been received.
        """
        self._require_open()
        everyone = range(self.num_envs)
        self._queue.refuse_waiting(everyone)
        rows = split_actions(actions, self.single_action_space, self.action_space, self.num_envs)
        self._lanes.step(everyone, rows)
        return self._report(self._lanes.episodes)

    def send(self, actions: ActType, lane_ids: LaneIds | None = None) -> None:
        """Step some lanes and keep the results for `recv`.

        Args:
            actions: A batch of one action for each of these lanes, in their order.
            lane_ids: The lanes to step, None for all.

        Raises:
            InvalidAction, IndexError, TypeError, ValueError: If the actions or the lanes are
                wrong; no lane has moved then.
            AlreadyPendingCallError: If a result of one of the lanes has not been received.
        """
        self._require_open()
        lanes = checked_lane_ids(lane_ids, self.num_envs)
        self._queue.refuse_waiting(lanes)
        count = len(lanes)
        if count not in self._action_spaces:
            self._action_spaces[count] = batch_space(self.single_action_space, count)
        rows = split_actions(actions, self.single_action_space, self._action_spaces[count], count)
        self._lanes.step(lanes, rows)
        self._queue.append(lanes)

    def recv(self) -> tuple[ObsType, Rewards, Flags, Flags, dict[str, Any]]:
        """Return the results of the `batch_size` lanes that finished first.

        Returns:
            The tuple that `step` returns, with `batch_size` rows; ``infos["lane_ids"]`` (int64)
            says which lanes they are. Read `final_obs` before these lanes are sent again.

        Raises:
            NoAsyncCallError: If fewer results wait.
        """
        self._require_open()
        lanes = self._queue.take()
        result = self._report([self._lanes.episodes[lane] for lane in lanes])
        result[-1]["lane_ids"] = np.array(lanes, dtype=np.int64)
        return result

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Reset as `reset` does, and keep the results for `recv`: rewards 0, both flags False."""
        plan = self._plan(seed, options)
        self._queue.discard(plan.lane_ids)
        self._lanes.reset(plan)
        self._queue.append(plan.lane_ids)

    @property
    def final_obs(self) -> ObsType:  # type: ignore[override]
        """What the lanes last reported observed at the end of their steps, before any reset."""
        if not all(episode.observed for episode in self._lanes.episodes):
            raise ResetNeeded(f"{self} has no observations before the first `reset()`.")
        batch: ObsType = self._batch.batch_anew(self._final_rows)
        return batch

    @property
    def valid_transition(self) -> Flags:  # type: ignore[override]
        """Which of the lanes last reported made a step of their environment; bool."""
        return self._stepped.copy()

    def render(self) -> tuple[RenderFrame, ...]:
        """Return what each sub-environment's ``render`` returns."""
        self._require_open()
        return tuple(env.render() for env in self.envs)  # type: ignore[misc]

    def render_lanes(self, lanes: LaneIds | None = None) -> tuple[RenderFrame, ...]:
        """Return what ``render`` of some sub-environments returns, in their order."""
        self._require_open()
        chosen = checked_lane_ids(lanes, self.num_envs)
        return tuple(self.envs[lane].render() for lane in chosen)  # type: ignore[misc]

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each sub-environment, or read an attribute that is not callable.

        Args:
            name: The method or attribute; wrappers are searched from the outermost inwards.
            *args: Arguments of the method.
            **kwargs: Keyword arguments of the method.
        """
        self._require_open()
        return self._lanes.call(name, args, kwargs)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Return the attribute `name` of each sub-environment, or what it returns if callable."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of each sub-environment.

        Args:
            name: The attribute.
            values: A list or tuple with one value a lane; anything else is set in every lane.

        Raises:
            ValueError: If a list has another length than there are lanes.
        """
        self._require_open()
        self._lanes.set_attr(name, values)

    def close_extras(self, **kwargs: Any) -> None:
        """Close every sub-environment; if some raise, raise the first error after the last."""
        self._lanes.close()

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """The random generators of the sub-environments."""
        return self.get_attr("np_random")

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """The seeds of the sub-environments' generators."""
        return self.get_attr("np_random_seed")

    def clone(self) -> Self:
        """Return an independent copy with the same future, made of the lanes' clones."""
        clones = {id(env): env.clone() for env in self.envs}
        return copying.deepcopy(self, {id(self.env_fns): self.env_fns, **clones})

    def snapshot_state(self, lanes: LaneIds | None = None) -> dict[str, Any]:
        """Return the states of lanes and the order in which their results wait.

        That of the whole vector has as ``"vector"`` what belongs to no lane: the random
        generators of the batched spaces, and what a subclass adds.
        """
        chosen = checked_lane_ids(lanes, self.num_envs)
        state = state_of_lanes(self.envs, self._lanes.episodes, self._queue, chosen)
        return {**state, "vector": super().snapshot_state() if lanes is None else None}

    def restore_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> None:
        """Take over what `snapshot_state` returned; a state of one lane may go into several."""
        restore_lanes(state, self.envs, self._lanes.episodes, self._queue, lanes)
        if lanes is None and state["vector"] is not None:
            super().restore_state(state["vector"])
        self._remember(self._lanes.episodes)

    def _plan(self, seed: LaneSeeds, options: LaneOptions) -> ResetPlan:
        self._require_open()
        return plan_reset(self.num_envs, seed, options)

    def _require_open(self) -> None:
        if self.closed:
            raise ClosedEnvironmentError(f"{self} has been closed; make a new one.")

    def _remember(self, episodes: list[Episode]) -> None:
        """Keep what `final_obs` and `valid_transition` tell about these lanes."""
        self._final_rows = EPISODES.final_observations(episodes)
        self._stepped = np.array([episode.valid_transition for episode in episodes], np.bool_)

    def _report(
        self, episodes: list[Episode]
    ) -> tuple[ObsType, Rewards, Flags, Flags, dict[str, Any]]:
        count = len(episodes)
        rewards, terminated, truncated = (np.empty(count, t) for t in (float, bool, bool))
        self._final_rows = EPISODES.final_observations(episodes)
        self._stepped = np.zeros(count, np.bool_)
        try:
            write_results(episodes, rewards, terminated, truncated, self._stepped)
            observations = self._batch(EPISODES.observations(episodes))
            infos = batch_infos(EPISODES.infos(episodes), range(count), count)
        except BaseException:
            for episode in episodes:  # nobody was told of their steps
                episode.needs_reset = True
            raise
        return observations, rewards, terminated, truncated, infos
