"""Public path of the wrappers that change each action by itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy.typing as npt

from dromos.core import ActionWrapper, ActType, Env, ObsType, WrapperActType
from dromos.spaces import Space
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.rules.affine import Bound, RescaledAction
from dromos.wrappers.rules.arrays import ClippedAction
from dromos.wrappers.rules.bins import BinnedAction
from dromos.wrappers.rules.rule import Rule

__all__ = ["ClipAction", "DiscretizeAction", "RescaleAction", "TransformAction"]


class TransformAction(ActionWrapper[ObsType, WrapperActType, ActType], RecordConstructorArgs):
    """Pass every action through a function.

    Attributes:
        func: The function.
    """

    snapshot_exclude = frozenset({"func"})

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        func: Callable[[WrapperActType], ActType],
        action_space: Space[WrapperActType] | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            func: Makes of an action of this wrapper one of `env`.
            action_space: What `func` takes; None if that is the environment's space.
        """
        super().__init__(env)
        if action_space is not None:
            self.action_space = action_space
        self.func = func

    def action(self, action: WrapperActType) -> ActType:
        """Return what the function makes of `action`."""
        return self.func(action)


class _RuledAction(TransformAction[ObsType, WrapperActType, ActType]):
    """Pass every action through a rule, which knows the space that goes in."""

    def __init__(self, env: Env[ObsType, ActType], rule: Rule) -> None:
        super().__init__(env, rule, rule.space)


class ClipAction(_RuledAction[ObsType, npt.NDArray[Any], npt.NDArray[Any]]):
    """Accept actions of any size, and cut them off at the environment's bounds."""

    @recorded
    def __init__(self, env: Env[ObsType, npt.NDArray[Any]]) -> None:
        """Wrap `env`.

        Raises:
            TypeError: If its action space is no `Box`.
        """
        super().__init__(env, ClippedAction(env.action_space))


class RescaleAction(_RuledAction[ObsType, npt.NDArray[Any], npt.NDArray[Any]]):
    """Map every element of an action affinely from other bounds to the environment's.

    Attributes:
        min_action: The lower bounds of the wrapper's actions.
        max_action: The upper bounds of the wrapper's actions.
    """

    @recorded
    def __init__(
        self, env: Env[ObsType, npt.NDArray[Any]], min_action: Bound, max_action: Bound
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment with arrays as actions.
            min_action: The lower bounds: a number, or an array of the actions' shape.
            max_action: The upper bounds, likewise.

        Raises:
            TypeError: If the action space is no `Box` or a bound no number.
            ValueError: If the bounds do not fit.
            InvalidBound: If a lower bound is its upper bound.
        """
        super().__init__(env, RescaledAction(env.action_space, min_action, max_action))
        self.min_action, self.max_action = copy.deepcopy((min_action, max_action))


class DiscretizeAction(_RuledAction[ObsType, Any, npt.NDArray[Any]]):
    """Cut the interval of every element into bins, and let actions name bins.

    Attributes:
        bins: The number of bins of each element; int64 (d,).
        multidiscrete: Whether there is an index for each element, not one for the whole grid.
    """

    @recorded
    def __init__(
        self,
        env: Env[ObsType, npt.NDArray[Any]],
        bins: int | tuple[int, ...],
        multidiscrete: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment with bounded arrays as actions.
            bins: The number of bins of all elements, or of each.
            multidiscrete: Whether actions are an index for each element, int64 (d,), instead of
                one for the whole grid.

        Raises:
            TypeError: If the action space is no `Box`.
            ValueError: If it is unbounded or the bins do not fit.
        """
        rule = BinnedAction(env.action_space, bins, multidiscrete)
        super().__init__(env, rule)
        self.bins = rule.bins.counts.copy()
        self.multidiscrete = multidiscrete

    def revert_action(self, action: npt.NDArray[Any]) -> Any:
        """Return the bins whose centers are nearest to an action of the environment."""
        rule: Any = self.func
        return rule.bins.nearest_to(action)
