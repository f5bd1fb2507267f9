"""`MemoryRule`: an observation rule that depends on what came before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeAlias

from dromos.snapshot import StatePart
from dromos.spaces import Space
from dromos.vector.lane_spaces import batches_to_arrays
from dromos.wrappers.rules.trees import Lanes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Begun", "MemoryRule", "require_arrays"]

#: Which rows begin an episode, or None.
Begun: TypeAlias = "npt.NDArray[np.bool_] | None"


class MemoryRule(StatePart, ABC):
    """What a wrapper makes of observations, given those before; with a memory for each lane.

    In all methods, ``lanes`` says which lanes the rows of ``observations`` belong to: ``...`` for
    all of them or for a single environment, else their indices, int64 (k,).

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


def require_arrays(space: Space[Any], user: str) -> None:
    """Raise unless batches of `space` are arrays, or dicts and tuples of arrays.

    Raises:
        TypeError: If they are not.
    """
    if not batches_to_arrays(space):
        raise TypeError(
            f"{user} on a vector needs observations made of arrays (Box, Discrete, MultiDiscrete, "
            f"MultiBinary, and Dict and Tuple of these), found {space}; wrap the single "
            "environments instead."
        )
