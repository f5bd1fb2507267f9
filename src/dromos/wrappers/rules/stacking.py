"""Stacks of the last observations, and observations that come late."""

from __future__ import annotations

import copy
from typing import Any

from dromos.snapshot import rules
from dromos.spaces import Space, Text
from dromos.vector.utils.space_utils import batch_space, create_empty_array
from dromos.wrappers.rules.history import History
from dromos.wrappers.rules.lazy_frames import LazyFrames
from dromos.wrappers.rules.rule import Begun, MemoryRule, checked_count, require_arrays
from dromos.wrappers.rules.trees import Lanes, map_tree, take_rows
from dromos.wrappers.rules.window import ArrayWindow, ObjectWindow, window_of
from dromos.wrappers.zero_element import create_zero_array

__all__ = ["DelayedObservation", "LazyStack", "StackedObservation"]


class _Windowed(MemoryRule):
    """A rule that sees the last observations of each lane through a window."""

    snapshot_fields = {"_window": rules.Part()}  # noqa: RUF012

    _window: ArrayWindow | ObjectWindow

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Begin with one observation."""
        self._window.begin(observations, lanes)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Let the newest observation in, and the oldest out."""
        self._window.advance(observations, lanes, begun)


class StackedObservation(_Windowed):
    """The last observations of each lane on an axis of their own, the newest last."""

    def __init__(
        self, space: Space[Any], size: int, padding: Any, *, batch_shape: tuple[int, ...] = ()
    ) -> None:
        size = checked_count("stack_size", size, 1)
        if batch_shape:
            require_arrays(space, "FrameStackObservation")
        self.space = batch_space(space, size)
        self._window = window_of(space, size, _padding(space, padding), batch_shape)
        self._row: Any = None

    def write_to(self, row: Any) -> None:
        """Write the stacks of a single environment to this array; None for new ones."""
        self._row = row

    def __getstate__(self) -> dict[str, Any]:
        # A copy has no part in the memory.
        return {**self.__dict__, "_row": None}

    def view(self, observations: Any, lanes: Lanes = ...) -> Any:
        """Return the stacks."""
        stacks = self._window.stacks(self._row)
        return stacks if lanes is ... else take_rows(stacks, lanes)


class LazyStack(MemoryRule):
    """The same stacks as `LazyFrames`."""

    snapshot_fields = {"_history": rules.Part()}  # noqa: RUF012

    def __init__(
        self, space: Space[Any], size: int, padding: Any, *, batch_shape: tuple[int, ...] = ()
    ) -> None:
        require_arrays(space, "FrameStackObservation(lazy=True)")
        self._size = checked_count("stack_size", size, 1)
        self.space = batch_space(space, size)
        self._padding = _padding(space, padding)
        self._history = History(size, batch_shape, create_empty_array(space, 1))

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Start stacks with one observation."""
        self._history.begin(observations, lanes)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Push an observation onto stacks."""
        self._history.advance(observations, lanes, begun)

    def view(self, observations: Any, lanes: Lanes = ...) -> Any:
        """Return the stacks."""
        frames, ages = tuple(self._history.batches), self._history.ages.copy()
        newest = frames[-1]
        padding = map_tree(lambda _: None, newest) if self._padding is None else self._padding
        stacks = map_tree(
            lambda *leaves: LazyFrames(leaves[:-1], ages, self._size, leaves[-1]), *frames, padding
        )
        return stacks if lanes is ... else take_rows(stacks, lanes)


class DelayedObservation(_Windowed):
    """The observation of some steps ago; zeros while there is none."""

    def __init__(self, space: Space[Any], delay: int, *, batch_shape: tuple[int, ...] = ()) -> None:
        if batch_shape:
            require_arrays(space, "DelayObservation")
        self.space = space
        size = checked_count("delay", delay, 0) + 1
        self._window = window_of(space, size, create_zero_array(space), batch_shape)

    def view(self, observations: Any, lanes: Lanes = ...) -> Any:
        """Return the observations of `delay` steps ago."""
        oldest = self._window.oldest()
        return oldest if lanes is ... else take_rows(oldest, lanes)


def _padding(space: Space[Any], padding: Any) -> Any:
    """Return the element of `space` that stands before the first; None for the first itself."""
    named = isinstance(padding, str)
    if named and padding == "reset":
        return None
    if named and padding == "zero":
        return create_zero_array(space)
    if (named and not isinstance(space, Text)) or padding not in space:
        raise ValueError(
            'Expected padding_type to be "reset", "zero" or an element of the observation space '
            f"{space}, got {padding!r}"
        )
    return copy.deepcopy(padding)
