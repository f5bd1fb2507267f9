"""Batched actions taken apart, lane by lane, before any lane moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dromos.error import InvalidAction
from dromos.spaces import Dict, Space, Tuple
from dromos.vector.utils.space_utils import batch_space, iterate

__all__ = ["ActionSplitter"]


class ActionSplitter:
    """Takes batches apart.

    Args:
        space: The action space of one lane.
        batched: That of `num_lanes` lanes.
        num_lanes: How many lanes mostly move.
    """

    def __init__(self, space: Space[Any], batched: Space[Any], num_lanes: int) -> None:
        self._space = space
        self._batched = {num_lanes: batched}

    def __call__(self, actions: Any, num_rows: int) -> list[Any]:
        """Return one action a lane.

        Only the structure and the number of rows are checked; whether an action is an element of
        the space is for the sub-environment to say.

        Args:
            actions: A batch of `num_rows` actions in the structure of the batched space.
            num_rows: The number of lanes that are to move.

        Raises:
            InvalidAction: If there are more or fewer rows, or the structure differs.
        """
        _check_rows(actions, self._space, num_rows, "actions")
        if num_rows not in self._batched:
            self._batched[num_rows] = batch_space(self._space, num_rows)
        batched = self._batched[num_rows]
        try:
            rows = list(iterate(batched, actions))
        except (TypeError, ValueError, KeyError) as error:
            raise InvalidAction(
                f"Expected a batch of actions of {batched}, got {actions!r} ({error})"
            ) from error
        if len(rows) != num_rows:
            raise _wrong_number("actions", num_rows, len(rows))
        return rows


def _check_rows(actions: Any, space: Space[Any], num_rows: int, name: str) -> None:
    """Raise unless every array in the batch has `num_rows` rows; `name` says where it stands."""
    if isinstance(space, Dict):
        if not isinstance(actions, Mapping) or actions.keys() != space.keys():
            found = list(actions) if isinstance(actions, Mapping) else type(actions)
            raise InvalidAction(
                f"Expected {name} to be a dict with the keys {list(space)}, got {found}"
            )
        for key, subspace in space.items():
            _check_rows(actions[key], subspace, num_rows, f"{name}[{key!r}]")
    elif isinstance(space, Tuple):
        indexable = isinstance(actions, (tuple, list, np.ndarray))
        if not indexable or len(actions) != len(space.spaces):
            raise InvalidAction(
                f"Expected {name} to be a tuple of {len(space.spaces)} batches, "
                f"got {len(actions) if indexable else type(actions)}"
            )
        for index, subspace in enumerate(space.spaces):
            _check_rows(actions[index], subspace, num_rows, f"{name}[{index}]")
    else:
        try:
            found_rows = len(actions)
        except TypeError:
            raise InvalidAction(
                f"Expected {name} to be a batch of {num_rows} rows, one a lane, got {actions!r}"
            ) from None
        if found_rows != num_rows:
            raise _wrong_number(name, num_rows, found_rows)


def _wrong_number(name: str, expected: int, found: int) -> InvalidAction:
    return InvalidAction(f"Expected {name} to have {expected} rows, one a lane, got {found}")
