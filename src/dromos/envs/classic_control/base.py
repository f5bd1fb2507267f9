"""What the classic control problems have in common besides their dynamics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from dromos.core import ActType
from dromos.envs.classic_control.utils import check_reset_bounds
from dromos.native import NativeEnv
from dromos.native.fields import (
    FIRST_LANE,
    field_column,
    field_names,
    read_field,
    write_field,
)
from dromos.native.views import ArrayView
from dromos.vector.autoreset import RUNNING

__all__ = ["ClassicControlEnv", "ObservationBound"]


class ObservationBound:
    """The least or the greatest observation as a read-only attribute of an environment.

    Args:
        bound: ``"low"`` or ``"high"``.
    """

    def __init__(self, bound: str) -> None:
        self.bound = bound

    @overload
    def __get__(self, env: None, owner: type) -> Self: ...
    @overload
    def __get__(self, env: NativeEnv[Any, Any], owner: type) -> NDArray[np.float32]: ...
    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type) -> Self | NDArray[np.float32]:
        if env is None:
            return self
        bound: NDArray[np.float32] = getattr(env.observation_space, self.bound).copy()
        bound.flags.writeable = False
        return bound

    def __set__(self, env: NativeEnv[Any, Any], value: object) -> None:
        raise AttributeError(
            f"It is observation_space.{self.bound}, which follows from the parameters: "
            f"{', '.join(env.parameters)}"
        )


class ClassicControlEnv(NativeEnv[NDArray[np.float32], ActType], Generic[ActType]):
    """A mechanical system whose state is a handful of numbers.

    Attributes:
        state_fields: The names of these numbers in the core.
    """

    state_fields: ClassVar[tuple[str, ...]]

    @property
    def state(self) -> NDArray[np.floating[Any]] | None:
        """The state, float64 (numbers,); None before a reset.

        A copy, of which an element that is set is set in the system too, until its next step.
        Assign as many numbers to put the system into another state.
        """
        if self._is_unset():
            return None
        return ArrayView.of(self._numbers(), self.assign_state, self._has_numbers)

    @state.setter
    def state(self, value: Any) -> None:
        self.assign_state(np.asarray(value))

    def _numbers(self) -> NDArray[np.floating[Any]]:
        return np.array(list(map(self.read_state, self.state_fields)), dtype=self.state_dtype())

    def _has_numbers(self, numbers: NDArray[Any]) -> bool:
        return np.array_equal(self._numbers(), numbers)

    def state_dtype(self) -> type[np.floating[Any]]:
        """Return the dtype of `state`."""
        return np.float64

    def assign_state(self, numbers: NDArray[Any]) -> None:
        """Put the system into a state; a lane without an episode has one then.

        Raises:
            TypeError: If these are not numbers.
            ValueError: If they are not as many as the state has, or one is NaN.
        """
        if numbers.shape != (len(self.state_fields),):
            raise ValueError(
                f"state: expected {len(self.state_fields)} numbers {self.state_fields}, got "
                f"{numbers.tolist()}"
            )
        columns = [
            field_column(self.core, "state", name, FIRST_LANE, number)
            for name, number in zip(self.state_fields, numbers, strict=True)
        ]
        for name, column in zip(self.state_fields, columns, strict=True):
            write_field(self.core, "state", name, FIRST_LANE, column)
        if self._is_unset():
            self._set_status(RUNNING)

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
            TypeError: If a bound is not a number.
            ValueError: If ``low`` is greater than ``high``, or a bound is infinite.
        """
        defaults = field_names(self.dynamics, "options")
        low, high = defaults["low"].initial, defaults["high"].initial
        return check_reset_bounds(super().checked_options(options), low, high)

    @property
    def isopen(self) -> bool:
        """Whether a window is shown."""
        return self._window is not None

    def drawn_state(self) -> Any:
        """Return `state`."""
        return self.state
