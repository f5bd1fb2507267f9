"""What actions of the console are called, and which keys and stick positions mean them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from dromos.envs.atari.ale import imported_ale

__all__ = ["action_of_stick", "keys_of", "position_of_stick"]

#: The keys that `play` knows, by the part of an action's name that they stand for.
_KEYS = {"UP": "w", "DOWN": "s", "LEFT": "a", "RIGHT": "d", "FIRE": " "}
_NOOP_KEY = "e"


def action_of_stick(horizontal: int, vertical: int, fire: bool) -> Any:
    """Return the action of a stick and its button.

    Args:
        horizontal: -1 for left, 0, or 1 for right.
        vertical: -1 for down, 0, or 1 for up.
        fire: Whether the button is pressed.

    Raises:
        LookupError: If a stick has no such position.
    """
    if horizontal not in (-1, 0, 1) or vertical not in (-1, 0, 1) or fire not in (False, True):
        raise LookupError(
            f"A stick is at -1, 0 or 1 in each direction, and its button is pressed or not; found "
            f"{horizontal!r}, {vertical!r} and {fire!r}"
        )
    across = ("LEFT", "", "RIGHT")[int(horizontal) + 1]
    along = ("DOWN", "", "UP")[int(vertical) + 1]
    name = along + across + "FIRE" * bool(fire)
    return imported_ale().Action[name or "NOOP"]


def position_of_stick(action: Any, threshold: float) -> tuple[int, int, bool]:
    """Return the position of a stick for (radius, angle, fire), float32 (3,).

    Args:
        action: How far the stick is pushed, 0 to 1; where to, in radians from the right to up;
            how far the button is pressed, 0 to 1.
        threshold: Beyond which a push counts.
    """
    radius, angle, fire = action
    across, along = radius * np.cos(angle), radius * np.sin(angle)

    def way(push: Any) -> int:
        return int(push > threshold) - int(push < -threshold)

    return way(across), way(along), bool(fire > threshold)


def keys_of(actions: Iterable[Any]) -> dict[tuple[str, ...], int]:
    """Return which keys, held down at once, mean which of the actions, by their index."""
    return {_keys(action.name): index for index, action in enumerate(actions)}


def _keys(name: str) -> tuple[str, ...]:
    """Return the keys of an action: those of the parts of its name, in their order there."""
    keys = []
    while name:
        part = next((part for part in _KEYS if name.startswith(part)), None)
        if part is None:
            return (_NOOP_KEY,)
        keys.append(_KEYS[part])
        name = name[len(part) :]
    return tuple(keys)
