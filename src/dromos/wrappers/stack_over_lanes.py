"""Wrappers around one environment, applied to all steps of many futures of it at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActionWrapper, ObservationWrapper, RewardWrapper
from dromos.rollout.arrays import map_arrays
from dromos.wrappers.episode_statistics import RecordEpisodeStatistics
from dromos.wrappers.order_enforcing import OrderEnforcing
from dromos.wrappers.passive_env_checker import PassiveEnvChecker
from dromos.wrappers.rules.stacking import StackedObservation
from dromos.wrappers.rules.trees import map_tree
from dromos.wrappers.rules.window import ArrayWindow
from dromos.wrappers.stateful_observation import FrameStackObservation, NormalizeObservation
from dromos.wrappers.stateful_reward import NormalizeReward
from dromos.wrappers.time_limit import TimeLimit
from dromos.wrappers.transform_action import TransformAction
from dromos.wrappers.transform_observation import TransformObservation
from dromos.wrappers.transform_reward import TransformReward

__all__ = ["StackOverLanes"]

Array = npt.NDArray[Any]
Change = Callable[[Any], Any]


class StackOverLanes:
    """What the wrappers in a stack do to actions, observations and rewards, (T, K, ...) each.

    Attributes:
        steps_left: After how many steps a `TimeLimit` cuts the episode off; None for never.
    """

    def __init__(self) -> None:
        self.steps_left: int | None = None
        self._actions: list[Change] = []  # the outermost first
        self._observations: list[Change] = []  # the innermost first
        self._rewards: list[Change] = []

    @classmethod
    def around(cls, env: Any, stack: Any, told: bool) -> StackOverLanes | None:
        """Return what stands around an environment; None if it has to go step by step.

        Args:
            env: The environment.
            stack: Its outermost wrapper, or itself.
            told: Whether somebody wants infos, which some wrappers add.
        """
        result, layer = cls(), stack
        while layer is not env:
            if not result._take(layer, told):
                return None
            layer = layer.env
        result._observations.reverse()
        result._rewards.reverse()
        return result

    def _take(self, layer: Any, told: bool) -> bool:
        """Take a layer further in; return whether that can be."""
        kind = type(layer)
        if kind is TimeLimit:
            return self._take_limit(layer)
        if kind in (OrderEnforcing, PassiveEnvChecker):
            return True
        if kind is RecordEpisodeStatistics:
            return not told
        if kind is FrameStackObservation:
            return self._take_frames(layer)
        if kind is NormalizeObservation:
            self._observations.append(_by_rows(layer._rule.view))
        elif kind is NormalizeReward:
            deviation = layer._rule.statistics.deviation(layer._rule.epsilon)
            self._rewards.append(lambda rewards: rewards / deviation)
        elif not getattr(getattr(layer, "func", None), "takes_batches", False):
            return False
        elif _is(kind, ActionWrapper, TransformAction, "action"):
            self._actions.append(_by_rows(layer.func))
        elif _is(kind, ObservationWrapper, TransformObservation, "observation"):
            self._observations.append(_by_rows(layer.func))
        elif _is(kind, RewardWrapper, TransformReward, "reward"):
            self._rewards.append(layer.func)
        else:
            return False
        return True

    def _take_limit(self, layer: TimeLimit[Any, Any]) -> bool:
        if layer._elapsed_steps is None:
            return False
        left = max(1, layer._max_episode_steps - layer._elapsed_steps)
        self.steps_left = left if self.steps_left is None else min(left, self.steps_left)
        return True

    def _take_frames(self, layer: FrameStackObservation[Any, Any, Any]) -> bool:
        rule = layer._rule
        if type(rule) is not StackedObservation or layer._over:
            return False
        if type(rule._window) is not ArrayWindow:
            return False
        seen = rule._window.stacks()
        self._observations.append(lambda observations: map_tree(_windows, observations, seen))
        return True

    @property
    def changes_actions(self) -> bool:
        """Whether the environment is given other actions than the outermost wrapper."""
        return bool(self._actions)

    def actions(self, actions: Any) -> Any:
        """Return what the environment is given for the actions of the outermost wrapper."""
        for change in self._actions:
            actions = change(actions)
        return actions

    def results(self, observations: Any, rewards: Array, valid: Array) -> tuple[Any, Array]:
        """Return what the outermost wrapper shows; zeros behind the ends of episodes.

        Args:
            observations: Those of the environment.
            rewards: Likewise.
            valid: Which steps were made; bool (T, K).
        """
        for change in self._observations:
            observations = change(observations)
        for change in self._rewards:
            rewards = np.asarray(change(rewards), np.float64)
        if (self._observations or self._rewards) and not valid.all():
            observations = map_arrays(lambda array: _cleared(array, ~valid), observations)
            rewards = _cleared(rewards, ~valid)
        return observations, rewards


def _is(kind: Any, base: Any, transform: Any, method: str) -> bool:
    """Return whether a class only passes values through a function, as `transform` does."""
    own = issubclass(kind, transform) and getattr(kind, method) is getattr(transform, method)
    return own and kind.step is base.step


def _by_rows(function: Change) -> Change:
    """Return a function of a batch as one of arrays (T, K, ...)."""

    def change(value: Any) -> Any:
        shapes: list[tuple[int, ...]] = []

        def flat(array: Array) -> Array:
            shapes.append(array.shape[:2])
            return array.reshape(-1, *array.shape[2:])

        result = function(map_arrays(flat, value))
        return map_arrays(lambda array: array.reshape(*shapes[0], *array.shape[1:]), result)

    return change


def _windows(observations: Array, seen: Array) -> Array:
    """Return the last observations at each step, (T, K, size, ...).

    Args:
        observations: (T, K, ...).
        seen: Those that are seen now, (size, ...).
    """
    size = len(seen)
    before = np.broadcast_to(seen[1:, np.newaxis], (size - 1, *observations.shape[1:]))
    frames = np.concatenate([before, observations])
    windows = np.lib.stride_tricks.sliding_window_view(frames, size, axis=0)
    return np.ascontiguousarray(np.moveaxis(windows, -1, 2))


def _cleared(array: Array, over: Array) -> Array:
    changed = np.array(array)
    changed[over] = 0
    return changed
