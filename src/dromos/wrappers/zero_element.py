"""The element of a space that is nearest to zero."""

from __future__ import annotations

from typing import Any

from dromos.spaces import Space
from dromos.spaces.dispatch import answered_by

__all__ = ["create_zero_array"]


@answered_by("_zero")
def create_zero_array(space: Space[Any]) -> Any:
    """Return an element of `space` that is zero, or as near to zero as its bounds allow.

    Other classes of space join by ``create_zero_array.register(TheSpace, function)``.

    Args:
        space: The space.

    Returns:
        A new element. Spaces without numbers give their smallest: the shortest text, the empty
        sequence, the first of several spaces.

    Raises:
        CustomSpaceError: If the class of the space is not known here.
        TypeError: If it is no space.
    """
    if not isinstance(space, Space):
        raise TypeError(f"create_zero_array expects a Space, found {space!r} of type {type(space)}")
    return space._zero()
