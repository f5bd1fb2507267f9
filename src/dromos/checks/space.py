"""Promises of spaces: nothing empty, and bounds that leave something to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from dromos.checks.promise import Promise, entry, gathered
from dromos.spaces import Box, Space

__all__ = [
    "check_action_space",
    "check_observation_space",
    "check_space",
    "check_space_limit",
    "check_space_of",
    "is_sound_space",
]

_ANEW = "Build the space anew instead of assigning to its attributes."
_LIMIT = "Declare the bound that the values keep, if they keep one."
_NOTHING = "A space without elements has nothing to sample."
_SCALE = "Most learners' policies start within [-1, 1]: scale in the environment, or put "
_SCALE += "RescaleAction around it."

# fmt: off
HAS_SPACE = Promise(
    AttributeError, "env.{role}_space", "The environment must specify an {role} space. See "
    "https://gymnasium.farama.org/introduction/create_custom_env/ for more info.",
    "a dromos.spaces.Space", "nothing",
    "Assign self.{role}_space in __init__, or declare it on the class.")
IS_SPACE = Promise(
    TypeError, "{path}",
    "{role} space does not inherit from `gymnasium.spaces.Space`, actual type: {type}",
    "a dromos.spaces.Space", "{type}", "{remedy}")
#: By the name that a space has for what is wrong with it: `Space._defect`.
DEFECTS = {
    "n": Promise(
        AssertionError, "{path}.n", "Discrete {role} space's number of elements must be positive, "
        "actual number of elements: {value.n}", "greater than 0", "{value.n}", _NOTHING),
    "nvec": Promise(
        AssertionError, "{path}.nvec", "Multi-discrete {role} space's all nvec elements must be "
        "greater than 0, actual nvec: {value.nvec}", "greater than 0", "{value.nvec}", _NOTHING),
    "nvec shape": Promise(
        AssertionError, "{path}", "Multi-discrete {role} space's shape must be equal to the nvec "
        "shape, space shape: {value.shape}, nvec shape: {value.nvec.shape}",
        "shape {value.nvec.shape}, that of nvec", "shape {value.shape}", _ANEW),
    "shape": Promise(
        AssertionError, "{path}.shape", "Multi-binary {role} space's all shape elements must be "
        "greater than 0, actual shape: {value.shape}", "greater than 0", "{value.shape}", _NOTHING),
    "low shape": Promise(
        AssertionError, "{path}.low",
        "The Box {role} space shape and low shape have different shapes",
        "shape {value.shape}", "shape {value.low.shape}", _ANEW),
    "high shape": Promise(
        AssertionError, "{path}.high",
        "The Box {role} space shape and high shape have different shapes",
        "shape {value.shape}", "shape {value.high.shape}", _ANEW),
    "empty": Promise(
        AssertionError, "{path}",
        "An empty {value.__class__.__name__} {role} space is not allowed.",
        "at least one space inside", "{value.__class__.__name__}()",
        "Leave the space out, or put in a space with one element: Discrete(1)."),
}
BOUNDS_DIFFER = Promise(
    UserWarning, "{path}", "A Box {role} space maximum and minimum values are equal.",
    "low < high at {at}", "both {low}",
    "Drop the element that never changes, or give it the range it has.")
BOUNDS_IN_ORDER = Promise(
    UserWarning, "{path}", "A Box {role} space low value is greater than a high value.",
    "low ≤ high at {at}", "{low} > {high}", "Exchange the bounds.")
LIMITS = {
    "low": Promise(
        UserWarning, "{path}.low", "A Box {role} space minimum value is -infinity. This is "
        "probably too low.", "a finite bound", "{value}", _LIMIT),
    "high": Promise(
        UserWarning, "{path}.high", "A Box {role} space maximum value is infinity. This is "
        "probably too high.", "a finite bound", "{value}", _LIMIT),
}
NORMALIZED = Promise(
    UserWarning, "{path}", "For Box action spaces, we recommend using a symmetric and normalized "
    "space (range=[-1, 1] or [0, 1]). See "
    "https://stable-baselines3.readthedocs.io/en/master/guide/rl_tips.html for more information.",
    "low=-1 or 0, high=1", "low={low}, high={high}", _SCALE)
# fmt: on


def check_observation_space(observation_space: object) -> None:
    """Check an observation space and the spaces inside it.

    Warns where a `Box` has a lower bound that is not below the upper one.

    Raises:
        TypeError: If it, or a part of it, is not a `Space`.
        AssertionError: If a part of it is empty or has a shape that contradicts its bounds.
    """
    _check(observation_space, "observation", _check_bounds, "observation_space")


def check_action_space(action_space: object) -> None:
    """Check an action space and the spaces inside it.

    Warns where a `Box` has equal bounds.

    Raises:
        TypeError: If it, or a part of it, is not a `Space`.
        AssertionError: If a part of it is empty or has a shape that contradicts its bounds.
    """
    _check(action_space, "action", _check_bounds, "action_space")


def check_space_of(env: Any, role: str) -> None:
    """Check that `env` has an action or an observation space, and the space.

    Args:
        env: The environment.
        role: ``"observation"`` or ``"action"``.

    Raises:
        AttributeError: If it has none.
        TypeError, AssertionError: As for the space itself.
    """
    space = getattr(env, f"{role}_space", None)
    if HAS_SPACE.kept(space is not None, role=role):
        _check(space, role, _check_bounds, f"{role}_space")


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
    _check(space, space_type, lambda box, *_: check_box_space_fn(box), f"{space_type}_space")


def is_sound_space(space: object) -> bool:
    """Return whether no check of spaces would complain of this one."""
    with gathered() as faults:
        check_observation_space(space)  # asks all that is asked of an action space
    return not faults


def check_space_limit(space: Space[Any], space_type: str) -> None:
    """Warn of boxes without bounds and of actions that are not scaled to 1.

    Args:
        space: The space; those inside a `Dict` or `Tuple` are checked as well.
        space_type: ``"observation"`` or ``"action"``.
    """
    for box, path in _boxes(space, f"{space_type}_space"):
        for name, promise in LIMITS.items():
            bound = getattr(box, name)
            infinite = bound[np.isinf(bound)]
            promise.kept(not infinite.size, *infinite.flat[:1], role=space_type, path=path)
        if space_type == "action":
            scaled = np.all(box.high == 1) and np.all((box.low == -1) | (box.low == 0))
            low, high = (bound.flat[0] if bound.size else "-" for bound in (box.low, box.high))
            NORMALIZED.kept(scaled, path=path, low=low, high=high)


def _boxes(space: Space[Any], path: str) -> Iterator[tuple[Box[Any], str]]:
    if isinstance(space, Box):
        yield space, path
    for key, part in space._entries() if isinstance(space, Space) else ():
        yield from _boxes(part, entry(path, key))


def _check(
    space: object, role: str, check_bounds: Callable[[Box[Any], str, str], object], path: str
) -> None:
    if not isinstance(space, Space):
        IS_SPACE.broken(space, role=role, path=path, remedy=_other_class(space))
        return
    defect = space._defect()
    if defect is not None:
        DEFECTS[defect].broken(space, role=role, path=path)
        return
    if isinstance(space, Box):
        check_bounds(space, role, path)
    for key, part in space._entries():
        _check(part, role, check_bounds, entry(path, key))


def _check_bounds(box: Box[Any], role: str, path: str) -> None:
    """Warn of bounds that are equal somewhere or, of an observation, in the wrong order."""
    if box._has_room():
        return
    for promise, wrong in (
        (BOUNDS_DIFFER, box.low == box.high),
        (BOUNDS_IN_ORDER, (box.low > box.high) & (role == "observation")),
    ):
        if wrong.any():
            at = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), wrong.shape))
            promise.broken(role=role, path=path, at=at, low=box.low[at], high=box.high[at])
            return


def _other_class(space: object) -> str:
    package = type(space).__module__.partition(".")[0]
    if package in ("gym", "gymnasium"):
        return f"It is a space of the package {package}: import its class from dromos.spaces."
    return "Use a class from dromos.spaces, or derive your own from dromos.spaces.Space."
