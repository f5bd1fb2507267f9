"""Copies and pickles of vectors, made while no other thread moves the lanes."""

from __future__ import annotations

import copy
from typing import Any

from typing_extensions import Self

from dromos.vector.lanes import Lanes

__all__ = ["WholeCopies"]


class WholeCopies:
    """A vector whose copies are of one moment: never of lanes some of which have moved on."""

    _lanes: Lanes

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a copy.

        Raises:
            RuntimeError: If another thread moves the lanes.
        """
        with self._lanes.guard:
            make, args, *states = super().__reduce_ex__(4)
            twin: Self = make(*copy.deepcopy(args, memo))
            memo[id(self)] = twin
            for state in copy.deepcopy(states[:1], memo):
                _set_state(twin, state)
            return twin

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Become what `pickle` takes.

        Raises:
            RuntimeError: If another thread moves the lanes.
        """
        with self._lanes.guard:
            return super().__reduce_ex__(protocol)


def _set_state(twin: Any, state: Any) -> None:
    """Give an object the state that `__reduce_ex__` returned, as `copy` does."""
    if hasattr(twin, "__setstate__"):
        twin.__setstate__(state)
        return
    own, slots = state if isinstance(state, tuple) else (state, None)
    vars(twin).update(own or {})
    for name, value in (slots or {}).items():
        setattr(twin, name, value)
