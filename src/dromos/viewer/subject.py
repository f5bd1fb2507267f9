"""What is shown: an environment or a vector, looked at as lanes.

Everything else in this room knows lanes only; a single environment is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dromos.env import Env
from dromos.error import Error
from dromos.render.keys import key_codes
from dromos.replay.actions import row_of
from dromos.spaces import Dict, Space, Tuple
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import VectorEnv
from dromos.vector.infos import split_infos
from dromos.vector.reset_plan import ResetPlan, plan_reset
from dromos.vector.utils.space_utils import concatenate, create_empty_array, iterate
from dromos.wrappers.autoreset import autoreset_layer
from dromos.wrappers.vector.episodes import EpisodeTracker

__all__ = ["ManyLanes", "OneLane", "Outcome", "Subject", "leaves", "subject_of"]

Flags = npt.NDArray[np.bool_]

_DEFAULT_FPS = 30


class Outcome(NamedTuple):
    """What a step gave, lane by lane.

    Attributes:
        observations: As the environment or the vector returned them.
        rewards: float64 (n,).
        terminated: bool (n,).
        truncated: bool (n,).
        infos: As they were returned.
    """

    observations: Any
    rewards: npt.NDArray[np.float64]
    terminated: Flags
    truncated: Flags
    infos: dict[str, Any]


class Subject:
    """An environment or a vector as lanes.

    Attributes:
        env: The environment or vector.
        lanes: How many lanes it has, n.
        observation_space: That of one lane.
        action_space: That of one lane.
        resets_itself: When a lane whose episode ended starts anew by itself; None if it does not.
    """

    lanes: int = 1
    resets_itself: AutoresetMode | None = None
    observation_space: Space[Any]
    action_space: Space[Any]

    def __init__(self, env: Any) -> None:
        self.env = env

    @property
    def name(self) -> str:
        """The id of the environment, or its class."""
        spec = self.env.spec
        return type(self.env.unwrapped).__name__ if spec is None else str(spec.id)

    @property
    def fps(self) -> float:
        """How many steps a second look natural."""
        told = self.env.metadata.get("render_fps")
        is_rate = isinstance(told, (int, float, np.number)) and 0 < float(told) < np.inf
        return float(told) if is_rate else _DEFAULT_FPS

    def why_no_frames(self) -> str | None:
        """Return why there are no pictures, None if there are."""
        mode = self.env.render_mode
        if mode == "rgb_array":
            return None
        return (
            f"no pictures: the environment's render_mode is {mode!r}; make it with "
            'render_mode="rgb_array"'
        )

    def outcome(self, result: tuple[Any, Any, Any, Any, dict[str, Any]]) -> Outcome:
        """Return what ``step`` returned, with arrays (n,) of rewards and flags."""
        observations, rewards, terminated, truncated, infos = result
        return Outcome(
            observations,
            np.array(rewards, np.float64).reshape(-1),
            np.array(terminated, np.bool_).reshape(-1),
            np.array(truncated, np.bool_).reshape(-1),
            infos,
        )

    def keys(self, given: Mapping[Any, Any] | None) -> dict[tuple[int, ...], Any] | None:
        """Return which keys, as ascending codes, mean which action; None if nobody says."""
        mapping = self._told_keys() if given is None else given
        return None if mapping is None else key_codes(mapping)

    def _told_keys(self) -> Mapping[Any, Any] | None:
        raise NotImplementedError

    def started(self, seed: Any, options: Any) -> ResetPlan:
        """Note a reset with these arguments, and return what it did lane by lane."""
        raise NotImplementedError

    def begun(self, over: Flags, outcome: Outcome, lanes: Any) -> Flags | None:
        """Return which rows of the last step were resets instead; None if none was.

        Args:
            over: Which rows' episodes had ended before it; bool (m,).
            outcome: What it gave.
            lanes: The lanes of the rows; ``...`` for all.
        """
        raise NotImplementedError

    def final(self, outcome: Outcome) -> Any:
        """Return what the last step of all lanes showed before any reset."""
        return outcome.observations

    def observation(self, observations: Any, lane: int) -> Any:
        """Return what one lane observed."""
        raise NotImplementedError

    def action(self, actions: Any, lane: int) -> Any:
        """Return the action of one lane."""
        raise NotImplementedError

    def info(self, infos: dict[str, Any], lane: int) -> dict[str, Any]:
        """Return the info of one lane."""
        raise NotImplementedError

    def with_action(self, actions: Any, lane: int, action: Any) -> Any:
        """Return actions with another one for a lane."""
        raise NotImplementedError

    def sample(self) -> Any:
        """Return random actions of all lanes."""
        return self.env.action_space.sample()

    def frames(self, lanes: Sequence[int]) -> list[Any]:
        """Return the pictures of some lanes."""
        raise NotImplementedError

    def clone(self) -> Subject:
        """Return a copy that has the same future.

        Raises:
            Error: If the environment cannot be copied.
        """
        try:
            return type(self)(self.env.clone())
        except Exception as reason:  # whatever an attribute of the user's does in a copy
            raise Error(f"the environment cannot be copied: {reason}") from reason


class OneLane(Subject):
    """A single environment."""

    def __init__(self, env: Env[Any, Any]) -> None:
        super().__init__(env)
        self.observation_space, self.action_space = env.observation_space, env.action_space
        if autoreset_layer(env) is not None:
            self.resets_itself = AutoresetMode.NEXT_STEP

    def _told_keys(self) -> Mapping[Any, Any] | None:
        if not self.env.has_wrapper_attr("get_keys_to_action"):
            return None
        told: Mapping[Any, Any] = self.env.get_wrapper_attr("get_keys_to_action")()
        return told

    def started(self, seed: Any, options: Any) -> ResetPlan:
        """Return what a reset did."""
        known = int(seed) if isinstance(seed, (int, np.integer)) else None
        return ResetPlan(np.arange(1), known, [], options, partial=False)

    def begun(self, over: Flags, outcome: Outcome, lanes: Any) -> Flags | None:
        """Return whether the last step was the reset of an `Autoreset`."""
        return over if self.resets_itself is not None and over.any() else None

    def observation(self, observations: Any, lane: int) -> Any:
        """Return the observation."""
        return observations

    def action(self, actions: Any, lane: int) -> Any:
        """Return the action."""
        return actions

    def info(self, infos: dict[str, Any], lane: int) -> dict[str, Any]:
        """Return the info."""
        return infos

    def with_action(self, actions: Any, lane: int, action: Any) -> Any:
        """Return the other action."""
        return action

    def frames(self, lanes: Sequence[int]) -> list[Any]:
        """Return the picture."""
        return [self.env.render()]


class ManyLanes(Subject):
    """A vector."""

    def __init__(self, env: VectorEnv[Any, Any, Any]) -> None:
        super().__init__(env)
        self.lanes = env.num_envs
        self.observation_space = env.single_observation_space
        self.action_space = env.single_action_space
        self._steps = EpisodeTracker(env)
        mode = self._steps.mode
        self.resets_itself = None if mode is AutoresetMode.DISABLED else mode

    def _told_keys(self) -> Mapping[Any, Any] | None:
        try:
            told: Mapping[Any, Any] = self.env.call("get_keys_to_action")[0]
        except Exception:  # a vector without `call`, lanes without keys
            return None
        return told

    def started(self, seed: Any, options: Any) -> ResetPlan:
        """Note a reset, and return what it did with each lane."""
        plan = plan_reset(self.lanes, seed, options)
        self._steps.begin(plan.lanes)
        return plan

    def begun(self, over: Flags, outcome: Outcome, lanes: Any) -> Flags | None:
        """Return which rows of the last step were resets instead; None if none was."""
        return self._steps.begun(outcome.terminated | outcome.truncated, lanes)

    def final(self, outcome: Outcome) -> Any:
        """Return what the last step of all lanes showed before any reset."""
        return self._steps.final_observations(outcome.observations, outcome.infos)

    def observation(self, observations: Any, lane: int) -> Any:
        """Return the row of a lane."""
        return row_of(self.observation_space, observations, lane)

    def action(self, actions: Any, lane: int) -> Any:
        """Return the action of a lane."""
        return row_of(self.action_space, actions, lane)

    def info(self, infos: dict[str, Any], lane: int) -> dict[str, Any]:
        """Return the entries that a lane has in the columns."""
        return split_infos(infos, self.lanes)[lane]

    def with_action(self, actions: Any, lane: int, action: Any) -> Any:
        """Return actions with another one for a lane."""
        rows = list(iterate(self.env.action_space, actions))
        rows[lane] = action
        empty = create_empty_array(self.action_space, self.lanes)
        return concatenate(self.action_space, rows, empty)

    def frames(self, lanes: Sequence[int]) -> list[Any]:
        """Return the pictures of some lanes."""
        return list(self.env.render_lanes(lanes))


def subject_of(env: Any) -> Subject:
    """Return an environment or a vector as lanes.

    Raises:
        TypeError: If it is neither.
    """
    if isinstance(env, VectorEnv):
        return ManyLanes(env)
    if isinstance(env, Env):
        return OneLane(env)
    raise TypeError(
        f"Expected an `Env` or a `VectorEnv` to view, found {env!r:.80}. Make one with "
        'dromos.make(id, render_mode="rgb_array") or dromos.make_vec.'
    )


def leaves(space: Space[Any], value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the parts of an element that are no `Dict` or `Tuple`, in their spaces' order.

    Args:
        space: What `value` is an element of.
        value: The element.
        name: What it is called; parts of it are called ``name.key``.
    """
    if isinstance(space, Dict):
        for key, part in space.spaces.items():
            yield from leaves(part, value[key], f"{name}.{key}" if name else str(key))
    elif isinstance(space, Tuple):
        for index, part in enumerate(space.spaces):
            yield from leaves(part, value[index], f"{name}.{index}" if name else str(index))
    else:
        yield name, value
