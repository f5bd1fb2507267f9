"""Observations with parts left out, or flat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from dromos.spaces import Box, Dict, MultiBinary, Space, Tuple
from dromos.spaces.utils import flatten, flatten_space
from dromos.vector.lane_spaces import batches_to_arrays
from dromos.wrappers.rules.rule import Rule
from dromos.wrappers.rules.trees import first_leaf

__all__ = ["FilteredObservation", "FlatObservation"]


class FilteredObservation(Rule):
    """Some of the parts of `Dict` or `Tuple` observations."""

    def __init__(self, space: Space[Any], filter_keys: Sequence[str | int]) -> None:
        if isinstance(filter_keys, str):
            raise ValueError(
                f"Expected `filter_keys` to be a sequence of keys, got the text {filter_keys!r}: "
                f"pass [{filter_keys!r}]"
            )
        if not isinstance(filter_keys, Sequence):
            raise TypeError(
                f"Expected `filter_keys` to be a sequence of keys, got {type(filter_keys)}"
            )
        if not isinstance(space, (Dict, Tuple)):
            raise ValueError(
                "FilterObservation is only usable with `Dict` and `Tuple` observations, found "
                f"{space}"
            )
        self._keys: list[Any] = list(filter_keys)
        self._is_dict = isinstance(space, Dict)
        self._check(list(space.spaces) if isinstance(space, Dict) else list(range(len(space))))
        parts = cast(Any, space)
        if isinstance(space, Dict):
            self.space = Dict({key: parts[key] for key in self._keys}, sort_keys=space.sort_keys)
        else:
            self.space = Tuple(tuple(parts[key] for key in self._keys))

    def _check(self, there: list[Any]) -> None:
        kind: type = str if self._is_dict else int
        if not all(isinstance(key, kind) for key in self._keys):
            raise TypeError(
                f"All filter keys must be of type {kind.__name__} for this space, got {self._keys}"
            )
        if len(set(self._keys)) != len(self._keys):
            raise ValueError(f"Expected each of the filter keys once, got {self._keys}")
        if missing := [key for key in self._keys if key not in there]:
            raise ValueError(
                f"All the `filter_keys` must be in the observation space: {missing} are not, it "
                f"has {there}"
            )
        if not self._keys:
            raise ValueError(
                f"The observation would be empty: name at least one of {there} in `filter_keys`"
            )

    def __call__(self, value: Any) -> Any:
        """Return the parts of observations that are kept."""
        if self._is_dict:
            return {key: value[key] for key in self._keys}
        return tuple(value[key] for key in self._keys)


class FlatObservation(Rule):
    """Observations as arrays of one axis."""

    def __init__(self, space: Space[Any]) -> None:
        self._space = space
        self.takes_batches = batches_to_arrays(space)
        self.space = flatten_space(space)

    def __call__(self, value: Any) -> Any:
        """Return flat observations, in memory of their own."""
        space = self._space
        if type(space) is Box:
            lead = value.shape[: value.ndim - len(space.shape)]
            return value.reshape(*lead, -1).copy() if lead else value.flatten()
        if self.takes_batches and _first_depth(space, value):
            return _flat_rows(space, value)
        return flatten(space, value)


def _first_depth(space: Space[Any], value: Any) -> int:
    """Return the number of axes of lanes in front of the first array in `value`."""
    space, leaf = first_leaf(space, value)
    return np.ndim(leaf) - len(space.shape or ())


def _flat_rows(space: Space[Any], batch: Any) -> npt.NDArray[Any]:
    """Return a batch with each row flat, the parts in the order of `flatten`."""
    if isinstance(space, Dict):
        parts = [_flat_rows(part, batch[key]) for key, part in space.spaces.items()]
        return np.concatenate(parts, axis=-1)
    if isinstance(space, Tuple):
        parts = [_flat_rows(part, batch[i]) for i, part in enumerate(space.spaces)]
        return np.concatenate(parts, axis=-1)
    if isinstance(space, (Box, MultiBinary)):
        return np.reshape(batch, (len(batch), -1))
    return np.stack([flatten(space, row) for row in batch])
