"""Check of an observation against its space, down to the part that does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from dromos._core import spaces as native
from dromos.checks.message import complaint, entry, going_on, refusal, shown, warn
from dromos.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Sequence, Space, Tuple

__all__ = ["check_obs", "is_plainly_sound"]


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


def is_plainly_sound(obs: Any, space: Any) -> bool:
    """Return whether there is nothing to tell: True only for the commonest kinds of observations.

    Most are sound, and then this is all the work there is.
    """
    kind = type(space)
    if kind is Box:
        is_array = type(obs) is np.ndarray and obs.dtype == space.dtype
        return is_array and bool(
            native.box_contains(obs, obs.dtype, space._shape, space.low, space.high)
        )
    if kind is Discrete:
        return type(obs) is int and bool(
            native.discrete_contains(obs, space.dtype, space.start, space.n)
        )
    if kind is Tuple:
        parts = space.spaces
        is_tuple = type(obs) is tuple and len(obs) == len(parts)
        return is_tuple and all(map(is_plainly_sound, obs, parts))
    return False


def _check(obs: Any, space: Space[Any], source: str, path: str) -> bool:
    """Return whether `obs` is sound; if not, the user has been told."""
    if not _has_form(obs, space, source, path):
        return False
    # The parts of these have been checked, and there is nothing else to them.
    return type(space) in (Tuple, Dict) or _is_contained(obs, space, source, path)


def _has_form(obs: Any, space: Space[Any], source: str, path: str) -> bool:
    if isinstance(space, Discrete):
        return _is_integer(obs, space, source, path)
    if isinstance(space, (Box, MultiBinary, MultiDiscrete)):
        return _is_array(obs, space, source, path)
    if isinstance(space, Tuple):
        return _is_tuple(obs, space, source, path)
    if isinstance(space, Dict):
        return _is_dict(obs, space, source, path)
    if isinstance(space, Sequence) and isinstance(obs, tuple) and not space.stack:
        parts = ((i, part, space.feature_space) for i, part in enumerate(obs))
        return _are_sound(parts, source, path)
    return True


def _is_integer(obs: Any, space: Discrete[Any], source: str, path: str) -> bool:
    is_scalar = isinstance(obs, np.generic) and obs.dtype in (np.int64, space.dtype)
    if is_scalar or isinstance(obs, int):
        return True
    warn(
        complaint(
            f"{source} should be an int or np.int64, actual type: {type(obs)}",
            path,
            f"an integer of {space!r}",
            f"{shown(obs)} of {type(obs)}",
            "Return int(…) of it.",
        )
    )
    return False


def _is_array(obs: Any, space: Space[Any], source: str, path: str) -> bool:
    dtype = space.dtype
    # A scalar of NumPy is as good as an array without axes, which reductions turn into it.
    is_scalar = space.shape == () and isinstance(obs, np.generic)
    if not (is_scalar or isinstance(obs, np.ndarray)):
        warn(
            complaint(
                f"{source} was expecting a numpy array, actual type: {type(obs)}",
                path,
                f"an array of shape {space.shape} and dtype {dtype}",
                f"{shown(obs)} of {type(obs)}",
                f"Return np.array(…, dtype=np.{dtype}).",
            )
        )
        return False
    if isinstance(space, Box) and obs.dtype != dtype:
        warn(
            complaint(
                f"{source} was expecting numpy array dtype to be {dtype}, actual type: {obs.dtype}",
                path,
                f"dtype {dtype}",
                f"dtype {obs.dtype}",
                f"Return it as .astype(np.{dtype}), or declare the space with "
                f"dtype=np.{obs.dtype}.",
            )
        )
        return False
    return True


def _is_tuple(obs: Any, space: Tuple, source: str, path: str) -> bool:
    is_tuple = isinstance(obs, tuple)
    if not is_tuple:
        warn(
            complaint(
                f"{source} was expecting a tuple, actual type: {type(obs)}",
                path,
                f"a tuple of {len(space.spaces)} parts",
                f"{shown(obs)} of {type(obs)}",
                "Return tuple(…) of it.",
            )
        )
        if not isinstance(obs, (list, np.ndarray)):
            return False
    if len(obs) != len(space.spaces):
        raise refusal(
            AssertionError,
            complaint(
                f"{source} length is not same as the observation space length, obs length: "
                f"{len(obs)}, space length: {len(space.spaces)}",
                path,
                f"{len(space.spaces)} parts",
                f"{len(obs)}",
                "Return one part for each space of the Tuple.",
            ),
        )
    parts = zip(range(len(obs)), obs, space.spaces, strict=True)
    return _are_sound(parts, source, path) and is_tuple


def _is_dict(obs: Any, space: Dict, source: str, path: str) -> bool:
    if not isinstance(obs, dict):
        raise refusal(
            AssertionError,
            complaint(
                f"{source} must be a dict, actual type: {type(obs)}",
                path,
                f"a dict with the keys {list(space.spaces)}",
                f"{shown(obs)} of {type(obs)}",
                "Return a dict with one entry for each space of the Dict.",
            ),
        )
    if obs.keys() != space.spaces.keys():
        raise refusal(
            AssertionError,
            complaint(
                f"{source} observation keys is not same as the observation space keys, obs keys: "
                f"{list(obs)}, space keys: {list(space.spaces)}",
                path,
                f"the keys {list(space.spaces)}",
                f"{list(obs)}",
                "Return exactly the keys of the Dict space.",
            ),
        )
    parts = ((key, obs[key], part) for key, part in space.spaces.items())
    return _are_sound(parts, source, path)


def _are_sound(parts: Iterable[tuple[Any, Any, Space[Any]]], source: str, path: str) -> bool:
    """Return whether all parts, (key, observation, space) each, are sound; check every one."""
    sound = True
    for key, obs, space in parts:
        verdict = False
        with going_on():
            verdict = _check(obs, space, source, entry(path, key))
        sound = sound and verdict
    return sound


def _is_contained(obs: Any, space: Space[Any], source: str, path: str) -> bool:
    known = f"{source} is not within the observation space."
    try:
        if space.contains(np.asarray(obs) if isinstance(space, Box) else obs):
            return True
    except Exception as reason:
        known = f"{known[:-1]} with exception: {reason}"
    expected, found = _difference(obs, space)
    remedy = "Correct the observation, or widen the space to what the environment returns."
    warn(complaint(known, path, expected, found, remedy))
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
            return (
                f"a value in [{space.low[at]}, {space.high[at]}]{place}",
                f"{values[at]}",
            )
    return f"an element of {shown(space)}", shown(obs)
