"""Rules: what a wrapper makes of observations, actions or batches of them, with a memory or not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dromos.snapshot import StatePart
from dromos.spaces import Space
from dromos.wrappers.rules.trees import Lanes

__all__ = ["Begun", "MemoryRule", "Rule", "checked_count", "require_arrays", "require_box"]

#: Which rows begin an episode, or None.
Begun: TypeAlias = npt.NDArray[np.bool_] | None


class Rule(ABC):
    """A function on elements of a space that works on batches of them just as well.

    It works along the axes that one element has and leaves those in front alone: the same text
    serves ``batch_shape`` () of a single environment and (n,) of a vector.

    Attributes:
        space: What one lane shows outside: the observations that come out, or the actions that
            go in.
        takes_batches: Whether there may be an axis of lanes; not for observations that are no
            arrays.
    """

    space: Space[Any]
    takes_batches: bool = True

    @abstractmethod
    def __call__(self, value: Any) -> Any:
        """Return what becomes of an element or of a batch of them."""


class MemoryRule(StatePart, ABC):
    """What a wrapper makes of observations, given those before; with a memory for each lane.

    A rule is made of the space of one lane's observations, the arguments that its wrapper takes and
    describes, and ``batch_shape``: () for a single environment, (n,) for n lanes. In all methods,
    ``lanes`` says which lanes the rows of ``observations`` belong to: ``...`` for all of them or
    for a single environment, else their indices, int64 (k,).

    Attributes:
        space: What one lane shows.
    """

    space: Space[Any]

    @abstractmethod
    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Remember the first observations of episodes, and forget the episodes before."""

    @abstractmethod
    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Remember the observations of a step.

        Args:
            observations: One row for each of these lanes.
            lanes: The lanes that made a step.
            begun: Which rows are the first of an episode after all, since the step was a reset;
                bool (k,). None for none.
        """

    def advance_and_view(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> Any:
        """Do `advance`, then `view`; a rule that can do both in one pass does."""
        self.advance(observations, lanes, begun)
        return self.view(observations, lanes)

    @abstractmethod
    def view(self, observations: Any, lanes: Lanes = ...) -> Any:
        """Return what is shown of observations that are the last remembered; nothing changes."""


def require_box(space: Space[Any], user: str, kind: str) -> Any:
    """Return `space` if it is a `Box`.

    Args:
        space: The space to check.
        user: The wrapper that needs it.
        kind: ``"observation"`` or ``"action"``.

    Raises:
        TypeError: If it is another space.
    """
    from dromos.spaces import Box

    if not isinstance(space, Box):
        remedy = ", for example with FlattenObservation" if kind == "observation" else ""
        raise TypeError(
            f"{user} needs a Box {kind} space, found {space}; make one of it first{remedy}."
        )
    return space


def checked_count(name: str, count: Any, least: int) -> int:
    """Return `count` as an int.

    Raises:
        TypeError: If it is not an integer.
        ValueError: If it is less than `least`.
    """
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)):
        raise TypeError(f"The {name} is expected to be an integer, actual type: {type(count)}")
    if count < least:
        raise ValueError(f"The {name} is expected to be at least {least}, actual value: {count}")
    return int(count)


def require_arrays(space: Space[Any], user: str) -> None:
    """Raise unless batches of `space` are arrays, or dicts and tuples of arrays.

    Raises:
        TypeError: If they are not.
    """
    from dromos.vector.lane_spaces import batches_to_arrays  # vectors, which most rules do without

    if not batches_to_arrays(space):
        raise TypeError(
            f"{user} on a vector needs observations made of arrays (Box, Discrete, MultiDiscrete, "
            f"MultiBinary, and Dict and Tuple of these), found {space}; wrap the single "
            "environments instead."
        )
