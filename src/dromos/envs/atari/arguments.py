"""The arguments of a game, checked and with Python's own types."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from dromos.arguments import INT_MAX, flag, number, whole
from dromos.error import Error

__all__ = ["KINDS", "checked_arguments"]

#: What can be observed.
KINDS = ("rgb", "grayscale", "ram")


def checked_arguments(given: Mapping[str, Any], render_modes: list[str]) -> dict[str, Any]:
    """Return the arguments of `AtariEnv`, which may have come from JSON or NumPy.

    Raises:
        Error: For the first that no game takes.
    """
    checked = dict(given)
    if given["obs_type"] not in KINDS:
        raise Error(
            f"Invalid observation type: {given['obs_type']!r}. Expecting: {', '.join(KINDS)}."
        )
    try:
        for name in ("full_action_space", "continuous", "sound_obs"):
            checked[name] = flag(name, given[name])
        for name in ("repeat_action_probability", "continuous_action_threshold"):
            checked[name] = number(name, given[name])
        for name in ("mode", "difficulty", "max_num_frames_per_episode"):
            checked[name] = None if given[name] is None else whole(name, given[name], 0, INT_MAX)
    except (TypeError, ValueError) as reason:
        raise Error(f"{reason}") from None
    checked["frameskip"] = _checked_skip(given["frameskip"])
    if not 0.0 <= checked["repeat_action_probability"] <= 1.0:
        raise Error(
            "Expected repeat_action_probability to be from 0 to 1, found "
            f"{given['repeat_action_probability']!r}"
        )
    if not math.isfinite(checked["continuous_action_threshold"]):
        raise Error(
            "Expected continuous_action_threshold to be finite, found "
            f"{given['continuous_action_threshold']!r}"
        )
    mode = given["render_mode"]
    if mode is not None and mode not in render_modes:
        raise Error(f"Render mode {mode} not supported (rgb_array, human).")
    return checked


def _checked_skip(skip: Any) -> int | tuple[int, int]:
    """Return a number of frames, or the least and one more than the most."""
    parts: Any = tuple(skip) if isinstance(skip, (tuple, list)) and len(skip) == 2 else (skip,)
    if not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in parts):
        raise Error(
            f"Invalid frameskip {skip!r}: expected a number of frames, or a pair of the least and "
            "one more than the most"
        )
    least, end = int(parts[0]), int(parts[-1])
    if not 0 < least <= end <= INT_MAX or (len(parts) == 2 and least == end):
        raise Error(
            f"Invalid frameskip of {skip}: frames must be positive, the first of a pair less than "
            f"the second, and none above {INT_MAX}"
        )
    return (least, end) if len(parts) == 2 else least
