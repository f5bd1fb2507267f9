"""Observations with the time since the reset."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.snapshot import rules
from dromos.spaces import Box, Dict, Space, Tuple
from dromos.wrappers.rules.rule import Begun, MemoryRule, require_arrays
from dromos.wrappers.rules.structure import FlatObservation
from dromos.wrappers.rules.trees import Lanes, lanes_of

__all__ = ["TimedObservation"]


class TimedObservation(MemoryRule):
    """Observations together with the number of steps since the reset.

    Attributes:
        steps: The number of steps of each lane; int32 (*batch_shape, 1).
    """

    snapshot_fields = {"steps": rules.LaneArray(low=0)}  # noqa: RUF012

    def __init__(
        self,
        space: Space[Any],
        max_timesteps: int,
        *,
        flatten: bool,
        normalize: bool,
        key: str,
        batch_shape: tuple[int, ...] = (),
    ) -> None:
        if batch_shape:
            require_arrays(space, "TimeAwareObservation")
        self._max_timesteps = max_timesteps
        self._normalize = normalize
        self._key = key
        self._kind = type(space) if isinstance(space, (Dict, Tuple)) else Space
        self.steps: npt.NDArray[np.int32] = np.zeros((*batch_shape, 1), np.int32)
        timed = self._with_time(space)
        self._flat = FlatObservation(timed) if flatten else None
        self.space = timed if self._flat is None else self._flat.space

    def _with_time(self, space: Any) -> Space[Any]:
        time: Space[Any] = (
            Box(0.0, 1.0) if self._normalize else Box(0, self._max_timesteps, dtype=np.int32)
        )
        if isinstance(space, Tuple):
            return Tuple((*space.spaces, time))
        if not isinstance(space, Dict):
            return Dict({"obs": space, "time": time})
        if self._key in space.spaces:
            raise ValueError(
                f"The `dict_time_key` ({self._key!r}) already exists in the observation space "
                f"{space}; choose another."
            )
        return Dict({self._key: time, **space.spaces}, sort_keys=space.sort_keys)

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Set the time of lanes to 0."""
        self.steps[lanes] = 0

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Let one step pass."""
        self.steps[lanes] += 1
        if begun is not None:
            self.steps[lanes_of(begun, lanes)] = 0

    def view(self, observations: Any, lanes: Lanes = ...) -> Any:
        """Return the observations with the time."""
        steps = self.steps[lanes]
        time: npt.NDArray[Any] = steps.copy()
        if self._normalize:
            time = (steps / self._max_timesteps).astype(np.float32)
        if issubclass(self._kind, Tuple):
            timed: Any = (*observations, time)
        elif issubclass(self._kind, Dict):
            timed = {self._key: time, **observations}
        else:
            timed = {"obs": observations, "time": time}
        return timed if self._flat is None else self._flat(timed)
