"""`Rule`: what a wrapper makes of an observation, an action or a batch of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from dromos.spaces import Space

__all__ = ["Rule", "checked_count", "require_box"]


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
