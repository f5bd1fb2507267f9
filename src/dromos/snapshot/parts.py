"""Which objects have a state, how stacks of them are named, and what their hooks return."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from dromos.error import SnapshotError
from dromos.homes import home_of
from dromos.plain.errors import shown

__all__ = [
    "COPIES",
    "NODES",
    "VALUES",
    "State",
    "describe",
    "has_hooks",
    "is_ours",
    "is_wrapper",
    "kind_of",
    "layers_of",
    "same_class",
    "same_stack",
    "stack_of",
    "take",
    "taking",
]

#: A class of a script that is run is in this module; imported, it is in that of the script.
_SCRIPT = "__main__"

#: What states may consist of: copies; while a snapshot is being taken, of the values themselves,
#: which are written at once; and, unless a hook that a user has written sees them, of nodes.
COPIES, VALUES, NODES = range(3)
taking: ContextVar[int] = ContextVar("taking", default=COPIES)


def has_hooks(value: object) -> bool:
    """Return whether `value` is an object with a state of its own to snapshot."""
    cls = type(value)
    return hasattr(cls, "snapshot_state") and hasattr(cls, "restore_state")


def is_wrapper(value: Any) -> bool:
    """Return whether `value` is a layer around an environment, whose hooks add ``"env"``."""
    return getattr(value, "unwrapped", value) is not value


def layers_of(value: Any) -> list[Any]:
    """Return the layers of a stack, from the outermost wrapper to the environment itself."""
    layers = [value]
    while is_wrapper(layers[-1]):
        layers.append(layers[-1].env)
    return layers


def stack_of(layers: Sequence[Any]) -> list[str]:
    """Return the classes of the layers of a stack, ``"module:qualname"`` each, the outermost first.

    Classes whose states are alike may share a ``snapshot_kind``, which stands for them then.
    """
    return [kind_of(type(layer)) for layer in layers]


def kind_of(cls: type) -> str:
    """Return what stands for a class in snapshots: its path, or the ``snapshot_kind`` it has."""
    # A subclass may have more in its state, so that a kind is not inherited.
    return vars(cls).get("snapshot_kind") or f"{home_of(cls)}:{cls.__qualname__}"


def describe(stack: Sequence[str]) -> str:
    """Return a stack as ``TimeLimit<OrderEnforcing<CartPoleEnv>>``, shortened if it is long."""
    names = [path.partition(":")[2][:80] for path in stack[:32]]
    return "<".join(names) + ">" * (len(names) - 1)


def same_stack(left: Sequence[str], right: Sequence[str]) -> bool:
    """Return whether two stacks have the same classes."""
    return len(left) == len(right) and all(map(same_class, left, right))


def same_class(left: str, right: str) -> bool:
    """Return whether two paths name one class, which may be in a script that is run."""
    if left == right:
        return True
    (module, _, name), (other_module, _, other_name) = left.partition(":"), right.partition(":")
    return name == other_name and _SCRIPT in (module, other_module)


class State(dict[str, Any]):
    """What a hook returned.

    Attributes:
        owner: The name of the class whose state it is.
        is_by_hand: Whether the hook is one that a user has written.
        is_inner: Whether it is that of a part among the attributes of another.
    """

    owner: str = ""
    is_by_hand: bool = False
    is_inner: bool = False


def is_ours(part: Any) -> bool:
    """Return whether the hook of a part is one of this library."""
    module: str = type(part).snapshot_state.__module__
    return module.startswith("dromos.")


def take(part: Any, lanes: Any = None) -> State:
    """Return the state of an environment, wrapper, vector or other part, through its hook.

    Args:
        part: An object with the hooks.
        lanes: The lanes of a vector to take, None for all.

    Raises:
        SnapshotError: If the hook returns something else than a dict with names as keys.
    """
    is_by_hand = not is_ours(part)
    token = taking.set(min(taking.get(), VALUES)) if is_by_hand else None
    try:
        found = part.snapshot_state() if lanes is None else part.snapshot_state(lanes)
    finally:
        if token is not None:
            taking.reset(token)
    if not isinstance(found, dict) or not {*map(type, found)} <= {str}:
        raise SnapshotError(
            f"{type(part).__name__}.snapshot_state() must return a dict with names as keys, "
            f"found {shown(found)}"
        )
    state = State(found)
    state.owner, state.is_by_hand = type(part).__qualname__, is_by_hand
    return state
