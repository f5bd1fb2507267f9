"""What `copy.deepcopy` does, for a ``__deepcopy__`` that holds a guard meanwhile."""

from __future__ import annotations

import copy
from typing import Any

__all__ = ["deep_copy_of"]


def deep_copy_of(reduced: tuple[Any, ...], original: Any, memo: dict[int, Any]) -> Any:
    """Return the copy of an object.

    Args:
        reduced: What its ``__reduce_ex__(4)`` returned.
        original: The object.
        memo: As `copy.deepcopy` gives it to ``__deepcopy__``.
    """
    make, args, *states = reduced
    twin = make(*copy.deepcopy(args, memo))
    memo[id(original)] = twin
    for state in copy.deepcopy(states[:1], memo):
        _set_state(twin, state)
    return twin


def _set_state(twin: Any, state: Any) -> None:
    """Give an object the state that `__reduce_ex__` returned, as `copy` does."""
    if hasattr(twin, "__setstate__"):
        twin.__setstate__(state)
        return
    own, slots = state if isinstance(state, tuple) else (state, None)
    vars(twin).update(own or {})
    for name, value in (slots or {}).items():
        setattr(twin, name, value)
