"""What the classic control problems have in common besides their dynamics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic

import numpy as np
from numpy.typing import NDArray

from dromos.core import ActType
from dromos.envs.classic_control.utils import check_reset_bounds
from dromos.native import NativeEnv
from dromos.native.fields import FIRST_LANE, RUNNING, read_field, write_field

__all__ = ["ClassicControlEnv"]


class ClassicControlEnv(NativeEnv[NDArray[np.float32], ActType], Generic[ActType]):
    """A mechanical system whose state is a handful of numbers.

    Attributes:
        state_fields: The names of these numbers in the core.
        start_bounds: The reset options ``low`` and ``high`` if they are not given.
    """

    state_fields: ClassVar[tuple[str, ...]]
    start_bounds: ClassVar[tuple[float, float]]

    @property
    def state(self) -> NDArray[np.floating[Any]] | None:
        """The state, float64 (numbers,); None before a reset.

        A copy that cannot be written; assign as many numbers to put the system into another state.
        """
        if self._is_unset():
            return None
        numbers = [self.read_state(name) for name in self.state_fields]
        state = np.array(numbers, dtype=self.state_dtype())
        state.flags.writeable = False
        return state

    @state.setter
    def state(self, value: Any) -> None:
        self.assign_state(np.asarray(value))

    def state_dtype(self) -> type[np.floating[Any]]:
        """Return the dtype of `state`."""
        return np.float64

    def assign_state(self, numbers: NDArray[Any]) -> None:
        """Put the system into a state; a lane without an episode has one then.

        Raises:
            ValueError: If these are not as many numbers as the state has.
        """
        if numbers.shape != (len(self.state_fields),):
            raise ValueError(
                f"state: expected {len(self.state_fields)} numbers {self.state_fields}, got "
                f"{numbers.tolist()}"
            )
        for name, number in zip(self.state_fields, numbers, strict=True):
            self.write_state(name, number)
        if self._is_unset():
            running = np.array([RUNNING], dtype=np.uint8)
            self.core.write_episode(FIRST_LANE, self.core.elapsed(), running, self.core.restarted())

    def read_state(self, name: str) -> Any:
        """Return one field of the state."""
        return read_field(self.core, "state", name, FIRST_LANE)[0]

    def write_state(self, name: str, value: float) -> None:
        """Set one field of the state.

        Raises:
            ValueError: If the value is NaN.
        """
        write_field(self.core, "state", name, FIRST_LANE, value)

    def checked_options(self, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return the reset options, checked: ``low`` and ``high`` bound the start state.

        Raises:
            TypeError: If there is another option, or a bound is not a number.
            ValueError: If ``low`` is greater than ``high``, or a bound is infinite.
        """
        return check_reset_bounds(super().checked_options(options), *self.start_bounds)

    @property
    def isopen(self) -> bool:
        """Whether a window is shown."""
        return self._window is not None

    def drawn_state(self) -> Any:
        """Return `state`."""
        return self.state
