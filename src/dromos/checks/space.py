"""Checks of spaces: nothing empty, and bounds that leave something to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dromos._core import spaces as native
from dromos.checks.message import Fault, complaint, entry, going_on, refusal, warn
from dromos.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Tuple

__all__ = ["check_action_space", "check_observation_space", "check_space", "is_sound_space"]

#: Checks the bounds of a box beyond what every box must satisfy: (box, path).
_BoundsCheck = Callable[[Box[Any], str], object]


def check_observation_space(observation_space: object) -> None:
    """Check an observation space and the spaces inside it.

    Warns where a `Box` has a lower bound that is not below the upper one.

    Raises:
        TypeError: If it, or a part of it, is not a `Space`.
        AssertionError: If a part of it is empty or has a shape that contradicts its bounds.
    """
    if not is_sound_space(observation_space):
        _check(observation_space, "observation", _check_observation_bounds, "observation_space")


def check_action_space(action_space: object) -> None:
    """Check an action space and the spaces inside it.

    Warns where a `Box` has equal bounds.

    Raises:
        TypeError: If it, or a part of it, is not a `Space`.
        AssertionError: If a part of it is empty or has a shape that contradicts its bounds.
    """
    if not is_sound_space(action_space):
        _check(action_space, "action", _check_equal_bounds, "action_space")


def check_space(
    space: object, space_type: str, check_box_space_fn: Callable[[Box[Any]], object]
) -> None:
    """Check a space and the spaces inside it.

    Args:
        space: What the environment calls its space.
        space_type: ``"observation"`` or ``"action"``.
        check_box_space_fn: A further check of every `Box` inside.

    Raises:
        TypeError: If it, or a part of it, is not a `Space`.
        AssertionError: If a part of it is empty or has a shape that contradicts its bounds.
    """
    _check(space, space_type, lambda box, _: check_box_space_fn(box), f"{space_type}_space")


def _check(space: object, space_type: str, check_bounds: _BoundsCheck, path: str) -> None:
    if not isinstance(space, Space):
        raise refusal(TypeError, _not_a_space(space, space_type, path))
    if isinstance(space, Box):
        _check_bounds_shape(space, space_type, path)
        check_bounds(space, path)
    elif isinstance(space, Discrete):
        if not space.n > 0:
            known = (
                f"Discrete {space_type} space's number of elements must be positive, actual number "
                f"of elements: {space.n}"
            )
            _require_positive(space.n, known, path, "n")
    elif isinstance(space, MultiDiscrete):
        _check_multi_discrete(space, space_type, path)
    elif isinstance(space, MultiBinary):
        known = (
            f"Multi-binary {space_type} space's all shape elements must be greater than 0, actual "
            f"shape: {space.shape}"
        )
        _require_positive(space.shape, known, path, "shape")
    elif isinstance(space, (Tuple, Dict)):
        _check_container(space, space_type, check_bounds, path)


def _check_container(
    space: Tuple | Dict, space_type: str, check_bounds: _BoundsCheck, path: str
) -> None:
    parts = space.spaces.items() if isinstance(space, Dict) else enumerate(space.spaces)
    if not space.spaces:
        kind = type(space).__name__
        raise refusal(
            AssertionError,
            complaint(
                f"An empty {kind} {space_type} space is not allowed.",
                path,
                "at least one space inside",
                f"{kind}()",
                "Leave the space out, or put in a space with one element: Discrete(1).",
            ),
        )
    for key, part in parts:
        with going_on():
            _check(part, space_type, check_bounds, entry(path, key))


def _check_multi_discrete(space: MultiDiscrete, space_type: str, path: str) -> None:
    if space.shape != space.nvec.shape:
        raise refusal(
            AssertionError,
            complaint(
                f"Multi-discrete {space_type} space's shape must be equal to the nvec shape, "
                f"space shape: {space.shape}, nvec shape: {space.nvec.shape}",
                path,
                f"shape {space.nvec.shape}, that of nvec",
                f"shape {space.shape}",
                "Build the space anew instead of assigning to its attributes.",
            ),
        )
    known = (
        f"Multi-discrete {space_type} space's all nvec elements must be greater than 0, actual "
        f"nvec: {space.nvec}"
    )
    _require_positive(space.nvec, known, path, "nvec")


def _require_positive(value: object, known: str, path: str, attribute: str) -> None:
    if not (value > 0 if isinstance(value, (int, np.integer)) else np.all(np.asarray(value) > 0)):
        raise refusal(
            AssertionError,
            complaint(
                known,
                f"{path}.{attribute}",
                "greater than 0",
                str(value),
                "A space without elements has nothing to sample.",
            ),
        )


def is_sound_space(space: object) -> bool:
    """Return whether a space is of the most usual kinds and no check would complain of it."""
    kind = type(space)
    if kind is Discrete:
        return bool(space.n > 0)  # type: ignore[attr-defined]
    if kind is Tuple:
        parts: tuple[object, ...] = space.spaces  # type: ignore[attr-defined]
        return len(parts) > 0 and all(map(is_sound_space, parts))
    return kind is Box and _has_room(space)  # type: ignore[arg-type]


def _has_room(space: Box[Any]) -> bool:
    """Return whether bounds are of the box's shape and in order everywhere, as most are."""
    return bool(native.box_has_room(space.shape, space.low, space.high))


def _check_bounds_shape(space: Box[Any], space_type: str, path: str) -> None:
    if _has_room(space):
        return
    for name, bound in (("low", space.low), ("high", space.high)):
        if bound.shape != space.shape:
            raise refusal(
                AssertionError,
                complaint(
                    f"The Box {space_type} space shape and {name} shape have different shapes",
                    f"{path}.{name}",
                    f"shape {space.shape}",
                    f"shape {bound.shape}",
                    "Build the space anew instead of assigning to its attributes.",
                ),
            )


def _check_observation_bounds(space: Box[Any], path: str) -> None:
    if _has_room(space):
        return
    crossed = space.high < space.low
    if not _check_equal_bounds(space, path, "observation") and crossed.any():
        place = _first(crossed)
        warn(
            complaint(
                "A Box observation space low value is greater than a high value.",
                path,
                f"low ≤ high at {place}",
                f"{space.low[place]} > {space.high[place]}",
                "Exchange the bounds.",
            )
        )


def _check_equal_bounds(space: Box[Any], path: str, space_type: str = "action") -> bool:
    """Warn of equal bounds, and return whether there are any."""
    if _has_room(space):
        return False
    equal = space.low == space.high
    if not equal.any():
        return False
    place = _first(equal)
    warn(
        complaint(
            f"A Box {space_type} space maximum and minimum values are equal.",
            path,
            f"low < high at {place}",
            f"both {space.low[place]}",
            "Drop the element that never changes, or give it the range it has.",
        )
    )
    return True


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def _not_a_space(space: object, space_type: str, path: str) -> Fault:
    package = type(space).__module__.partition(".")[0]
    if package in ("gym", "gymnasium"):
        remedy = f"It is a space of the package {package}: import its class from dromos.spaces."
    else:
        remedy = "Use a class from dromos.spaces, or derive your own from dromos.spaces.Space."
    return complaint(
        f"{space_type} space does not inherit from `gymnasium.spaces.Space`, actual type: "
        f"{type(space)}",
        path,
        "a dromos.spaces.Space",
        str(type(space)),
        remedy,
    )
