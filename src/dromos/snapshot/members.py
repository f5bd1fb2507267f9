"""Which objects have a state, which of their attributes it is, and how stacks of them are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from dromos.error import SnapshotError
from dromos.plain.attributes import attributes_of, slots_of

__all__ = [
    "describe",
    "excluded_names",
    "has_hooks",
    "is_wrapper",
    "layers_of",
    "same_class",
    "same_stack",
    "stack_of",
    "state_attributes",
]

#: Attributes that say how an object was made or is being called, not what will happen in it.
_NEVER = frozenset(
    {
        "_cached_spec",
        "_ezpickle_args",
        "_ezpickle_kwargs",
        "_metadata",
        "_saved_kwargs",
        "metadata",
        "render_mode",
        "spec",
        "step",
    }
)

#: A class of a script that is run is in this module; imported, it is in that of the script.
_SCRIPT = "__main__"


def has_hooks(value: object) -> bool:
    """Return whether `value` has a state of its own to snapshot."""
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


def stack_of(value: Any) -> list[str]:
    """Return the classes of the layers, ``"module:qualname"`` each, the outermost first.

    Classes whose states are alike may share a ``snapshot_kind``, which stands for them then.
    """
    return [_class_path(type(layer)) for layer in layers_of(value)]


def _class_path(cls: type) -> str:
    kind: str | None = vars(cls).get("snapshot_kind")  # a subclass may have more in its state
    return f"{cls.__module__}:{cls.__qualname__}" if kind is None else kind


def describe(stack: Sequence[str]) -> str:
    """Return a stack as ``TimeLimit<OrderEnforcing<CartPoleEnv>>``."""
    names = [path.partition(":")[2] for path in stack]
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


def excluded_names(value: Any) -> set[str]:
    """Return the names of attributes that are not part of the state of `value`.

    Raises:
        SnapshotError: If ``snapshot_exclude`` is a single string.
    """
    names = set(_inner_names(type(value)))
    for base in type(value).__mro__:
        excluded = base.__dict__.get("snapshot_exclude")
        if isinstance(excluded, str):
            raise SnapshotError(
                f"{base.__qualname__}.snapshot_exclude is the string {excluded!r}, expected a "
                f"frozenset of names: frozenset({{{excluded!r}}})"
            )
        if excluded:
            names.update(excluded)
    if is_wrapper(value):
        names.add("env")
    return names


_never: WeakKeyDictionary[type, frozenset[str]] = WeakKeyDictionary()


def _inner_names(cls: type) -> frozenset[str]:
    """Return `_NEVER` and the slots of the library's own classes among the bases of `cls`.

    Those hold what belongs to one live stack, such as the short path of its calls.
    """
    known = _never.get(cls)
    if known is None:
        known = _never[cls] = _NEVER.union(_library_slots(cls))
    return known


def _library_slots(cls: type) -> list[str]:
    return [
        name
        for base in cls.__mro__
        if base.__module__.startswith("dromos.") and vars(base).get("__slots__")
        for name in slots_of(base)
    ]


def state_attributes(value: Any) -> dict[str, Any]:
    """Return a new dict of the attributes that are the state of `value`, in order of their names.

    A random generator that would be seeded from the system's entropy when it is first used is
    seeded now: otherwise the future would not be decided yet.
    """
    if _lacks_generator(value):
        value.np_random  # noqa: B018  (reading it seeds it)
    excluded = excluded_names(value)
    attributes = attributes_of(value)
    return {name: attributes[name] for name in sorted(attributes) if name not in excluded}


def _lacks_generator(value: Any) -> bool:
    if getattr(value, "__dict__", {}).get("_np_random") is not None:
        return False
    for base in type(value).__mro__:
        if "_np_random" in vars(base):
            return vars(base)["_np_random"] is None and hasattr(type(value), "np_random")
    return False
