"""`EnvSpec` as a JSON text.

The text is an object with the fields of `EnvSpec`, without those read from the id. Arguments are
written by `dromos.plain`: what JSON knows stands for itself, so that such a specification is the
same text as Gymnasium's; arrays, enum members, classes and functions are tagged.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dromos import plain
from dromos.error import InvalidJson
from dromos.specs import WrapperSpec

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["spec_from_json", "spec_to_json"]

_TEXT = (str,)
_MAYBE_TEXT = (str, type(None))
_FLAG = (bool,)
_MAYBE_COUNT = (int, type(None))
_MAYBE_NUMBER = (int, float, type(None))

#: The fields in the order they are written, and what JSON may hold for each.
_FIELDS: dict[str, tuple[type, ...]] = {
    "id": _TEXT,
    "entry_point": _MAYBE_TEXT,
    "reward_threshold": _MAYBE_NUMBER,
    "nondeterministic": _FLAG,
    "max_episode_steps": _MAYBE_COUNT,
    "order_enforce": _FLAG,
    "disable_env_checker": _FLAG,
    "kwargs": (dict,),
    "additional_wrappers": (list,),
    "vector_entry_point": _MAYBE_TEXT,
}
_WRAPPER_FIELDS: dict[str, tuple[type, ...]] = {
    "name": _TEXT,
    "entry_point": _TEXT,
    "kwargs": (dict, type(None)),
}


def spec_to_json(spec: EnvSpec) -> str:
    """Return `spec` as text; see `EnvSpec.to_json`."""
    tree = {name: getattr(spec, name) for name in _FIELDS}
    for name in ("entry_point", "vector_entry_point"):
        tree[name] = _entry_point(spec.id, name, tree[name])
    tree["kwargs"] = _kwargs_tree(spec.id, spec.kwargs)
    tree["additional_wrappers"] = [
        {
            "name": wrapper.name,
            "entry_point": wrapper.entry_point,
            "kwargs": _kwargs_tree(wrapper.name, wrapper.kwargs),
        }
        for wrapper in spec.additional_wrappers
    ]
    return json.dumps(tree)


def spec_from_json(text: str) -> EnvSpec:
    """Return the specification in `text`; see `EnvSpec.from_json`."""
    from dromos.registration.spec import EnvSpec

    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as reason:
        raise InvalidJson(f"The text of an EnvSpec is not JSON: {reason}") from reason
    fields = _checked(tree, "an EnvSpec", _FIELDS, required=("id",))
    fields["kwargs"] = _kwargs_from_tree(fields.get("kwargs", {}))
    fields["additional_wrappers"] = tuple(
        _wrapper_from_tree(wrapper) for wrapper in fields.get("additional_wrappers", ())
    )
    return EnvSpec(**fields)


def _wrapper_from_tree(tree: Any) -> WrapperSpec:
    fields = _checked(tree, "a WrapperSpec", _WRAPPER_FIELDS, required=tuple(_WRAPPER_FIELDS))
    return WrapperSpec(fields["name"], fields["entry_point"], _kwargs_from_tree(fields["kwargs"]))


def _checked(
    tree: Any, kind: str, known: dict[str, tuple[type, ...]], required: tuple[str, ...]
) -> dict[str, Any]:
    """Return a copy of `tree` if it is an object with the fields in `known`."""
    if not isinstance(tree, dict):
        raise InvalidJson(f"Expected the JSON object of {kind}, found {_short(tree)}")
    if unknown := sorted(tree.keys() - known.keys()):
        raise InvalidJson(f"{kind} has no fields {unknown}, its fields: {list(known)}")
    for name, types in known.items():
        if name not in tree:
            if name in required:
                raise InvalidJson(f"{kind} needs the field {name!r}, found {_short(tree)}")
        elif not isinstance(tree[name], types) or (type(tree[name]) is bool and types != _FLAG):
            expected = " or ".join("null" if t is type(None) else t.__name__ for t in types)
            raise InvalidJson(
                f"Expected {expected} for the field {name!r} of {kind}, found {_short(tree[name])}"
            )
    return dict(tree)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _entry_point(owner: str, field: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    reference = plain.reference_to(value)
    if reference is None:
        raise _not_importable(owner, field, value)
    return reference.path


def _kwargs_tree(owner: str, kwargs: dict[str, Any] | None) -> Any:
    if kwargs is None:
        return None
    for name, value in kwargs.items():
        if callable(value) and plain.reference_to(value) is None:
            raise _not_importable(owner, name, value)
    try:
        return plain.to_tree(kwargs)
    except plain.NotPlainError as reason:
        reason.root = f"an argument of {owner}, kwargs"
        raise ValueError(f"JSON cannot hold {reason}") from reason


def _kwargs_from_tree(tree: Any) -> Any:
    return None if tree is None else plain.from_tree(tree)


def _not_importable(owner: str, field: str, value: object) -> ValueError:
    return ValueError(
        f"Callable found in {owner} for {field} attribute with value={value}. JSON can only refer "
        "to classes and functions that an import finds by their name: define it in a module"
    )
