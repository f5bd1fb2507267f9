"""Checks of bounds that are valid, and yet seldom what was meant."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.checks.message import complaint, entry, warn
from dromos.spaces import Box, Dict, Space, Tuple

__all__ = ["check_space_limit"]


def check_space_limit(space: Space[Any], space_type: str) -> None:
    """Warn of boxes without bounds and of actions that are not scaled to 1.

    Args:
        space: The space; those inside a `Dict` or `Tuple` are checked as well.
        space_type: ``"observation"`` or ``"action"``.
    """
    _check(space, space_type, f"{space_type}_space")


def _check(space: Space[Any], space_type: str, path: str) -> None:
    if isinstance(space, Box):
        _check_infinite(space, space_type, path)
        if space_type == "action":
            _check_normalized(space, path)
    elif isinstance(space, Dict):
        for key, part in space.spaces.items():
            _check(part, space_type, entry(path, key))
    elif isinstance(space, Tuple):
        for i, part in enumerate(space.spaces):
            _check(part, space_type, entry(path, i))


def _check_infinite(space: Box[Any], space_type: str, path: str) -> None:
    for name, bound, known in (
        ("low", space.low, "minimum value is -infinity. This is probably too low."),
        ("high", space.high, "maximum value is infinity. This is probably too high."),
    ):
        if bound.size and np.isinf(bound).any():
            warn(
                complaint(
                    f"A Box {space_type} space {known}",
                    f"{path}.{name}",
                    "a finite bound",
                    str(bound.flat[int(np.argmax(np.isinf(bound)))]),
                    "Declare the bound that the values keep, if they keep one.",
                )
            )


def _check_normalized(space: Box[Any], path: str) -> None:
    if np.all(space.high == 1) and np.all((space.low == -1) | (space.low == 0)):
        return
    low, high = (str(bound.flat[0]) if bound.size else "-" for bound in (space.low, space.high))
    warn(
        complaint(
            "For Box action spaces, we recommend using a symmetric and normalized space "
            "(range=[-1, 1] or [0, 1]). See https://stable-baselines3.readthedocs.io/en/master/guide/"
            "rl_tips.html for more information.",
            path,
            "low=-1 or 0, high=1",
            f"low={low}, high={high}",
            "Most learners' policies start within [-1, 1]: scale in the environment, or put "
            "RescaleAction around it.",
        )
    )
