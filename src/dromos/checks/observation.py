"""Promises of observations: the form that the space has, down to the part that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from operator import length_hint
from typing import Any

import numpy as np

from dromos.checks.promise import Promise, entry, shown
from dromos.spaces import Box, Dict, Space, Tuple

__all__ = ["check_obs"]

_REMEDY = "Correct the observation, or widen the space to what the environment returns."

# fmt: off
#: By the name that a space has for what is wrong with the form of an element: `Space._misfits`.
FORMS = {
    "integer": Promise(
        UserWarning, "{path}", "{source} should be an int or np.int64, actual type: {type}",
        "an integer of {space!r}", "{shown} of {type}", "Return int(…) of it."),
    "array": Promise(
        UserWarning, "{path}", "{source} was expecting a numpy array, actual type: {type}",
        "an array of shape {space.shape} and dtype {space.dtype}", "{shown} of {type}",
        "Return np.array(…, dtype=np.{space.dtype})."),
    "dtype": Promise(
        UserWarning, "{path}", "{source} was expecting numpy array dtype to be {space.dtype}, "
        "actual type: {value.dtype}", "dtype {space.dtype}", "dtype {value.dtype}",
        "Return it as .astype(np.{space.dtype}), or declare the space with "
        "dtype=np.{value.dtype}."),
    "tuple": Promise(
        UserWarning, "{path}", "{source} was expecting a tuple, actual type: {type}",
        "a tuple of {parts} parts", "{shown} of {type}", "Return tuple(…) of it."),
    "length": Promise(
        AssertionError, "{path}", "{source} length is not same as the observation space length, "
        "obs length: {found}, space length: {parts}", "{parts} parts", "{found}",
        "Return one part for each space of the Tuple."),
    "dict": Promise(
        AssertionError, "{path}", "{source} must be a dict, actual type: {type}",
        "a dict with the keys {parts}", "{shown} of {type}",
        "Return a dict with one entry for each space of the Dict."),
    "keys": Promise(
        AssertionError, "{path}", "{source} observation keys is not same as the observation space "
        "keys, obs keys: {found}, space keys: {parts}", "the keys {parts}", "{found}",
        "Return exactly the keys of the Dict space."),
}
CONTAINED = Promise(
    UserWarning, "{path}", "{source} is not within the observation space{reason}",
    "{expected}", "{found}", _REMEDY)
# fmt: on


def check_obs(obs: Any, observation_space: Space[Any], method_name: str) -> None:
    """Check that an observation has the form its space promises and lies in it.

    Warns once a defective part, naming its path.

    Args:
        obs: The observation.
        observation_space: The space it should be in.
        method_name: What returned it: ``"reset"`` or ``"step"``.

    Raises:
        AssertionError: If the observation of a `Dict` or `Tuple` space has other parts than the
            space.
    """
    source = f"The obs returned by the `{method_name}()` method"
    _check(obs, observation_space, source, f"{method_name}().obs")


def _check(obs: Any, space: Space[Any], source: str, path: str) -> bool:
    """Return whether `obs` is sound; if not, the user has been told."""
    sound = True
    if not isinstance(space, Space):  # of another library, or only alike: `contains` will do
        return _is_contained(obs, space, source, path)
    for name in space._misfits(obs):
        sound = False
        parts, found = _parts(space), _parts(obs)
        FORMS[name].broken(obs, source=source, path=path, space=space, parts=parts, found=found)
    for key, part, of in space._entries_of(obs):
        sound = _check(part, of, source, entry(path, key)) and sound
    # The parts of these have been checked, and there is nothing else to them.
    if not sound or type(space) in (Tuple, Dict):
        return sound
    return _is_contained(obs, space, source, path)


def _parts(structure: Any) -> Any:
    """Return the keys of what has keys, and the length of what has one."""
    return list(structure) if isinstance(structure, Mapping) else length_hint(structure)


def _is_contained(obs: Any, space: Space[Any], source: str, path: str) -> bool:
    reason = "."
    try:
        if space.contains(np.asarray(obs) if isinstance(space, Box) else obs):
            return True
    except Exception as problem:
        reason = f" with exception: {problem}"
    expected, found = _difference(obs, space)
    CONTAINED.broken(source=source, path=path, reason=reason, expected=expected, found=found)
    return False


def _difference(obs: Any, space: Space[Any]) -> tuple[str, str]:
    """Return what `space` expects and what `obs` has instead."""
    if isinstance(obs, np.ndarray) and space.shape is not None and obs.shape != space.shape:
        return f"shape {space.shape}", f"shape {obs.shape}"
    if isinstance(space, Box) and isinstance(obs, (np.ndarray, np.generic)):
        values = np.asarray(obs)
        outside = ~((values >= space.low) & (values <= space.high))  # NaN is outside as well
        if outside.any():
            at = np.unravel_index(int(np.argmax(outside)), outside.shape)
            place = f" at index {tuple(int(i) for i in at)}" if at else ""
            return f"a value in [{space.low[at]}, {space.high[at]}]{place}", f"{values[at]}"
    return f"an element of {shown(space)}", shown(obs)
