"""States that are attributes: those a class declares, and the default for classes that do not.

By default the state of an object is each of its attributes. They go back under two rules: a name
is one that the object has or that the code of its class assigns, and a value is of the kind that
is there. Spaces and objects with the hooks stay the same objects and get their state.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from dromos.plain.errors import MisfitError, key_label, shown
from dromos.plain.names import Record, Reference, attributes_of, is_dataclass, set_attribute
from dromos.plain.spaces import check_generators, is_space, parts_of_space, put_generators
from dromos.snapshot.declaration import Declaration, declaration_of, default_of
from dromos.snapshot.hook import Restore, Writes, at, judge, restore_now, restoring
from dromos.snapshot.parts import (
    State,
    describe,
    has_hooks,
    is_ours,
    is_wrapper,
    kind_of,
    layers_of,
    same_class,
    same_stack,
    stack_of,
    taking,
)
from dromos.snapshot.records import callable_path, copy_state, parts_in, refuse_names

__all__ = ["StatePart", "attributes_state", "judge_attributes", "judge_space", "undeclared"]

_HELD_ONE = (
    "two places held one object when the snapshot was taken, and hold two now. Name this attribute "
    "in snapshot_exclude, and say in snapshot_state which object it is"
)
_SEQUENCES = (list, tuple, deque)

_place_label, _name_label = "[{}]".format, ".{}".format

#: What may stand for one another: subclasses of the first kinds, of the others only these.
_KINDS = ((bool, int, float, complex, np.number, np.bool_), (str,), (dict,))
_EXACT_KINDS = ((bytes, bytearray), (*_SEQUENCES, np.ndarray), (set, frozenset))


class StatePart:
    """Base of objects whose state is what their classes declare in ``snapshot_fields``."""

    def snapshot_state(self, lanes: Any = None) -> dict[str, Any]:
        """Return the declared attributes; of some lanes, what each has of its own."""
        return attributes_state(self, lanes)

    def judge_state(self, state: dict[str, Any], lanes: Any = None) -> Writes:
        """Return what puts the part into a state, after looking at all of it."""
        return judge_attributes(self, state, lanes)

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take over what `snapshot_state` returned, or, if it does not fit, nothing."""
        restore_now(self, self.judge_state, state)


def _attributes(owner: Any) -> dict[str, Any]:
    """Return the attributes of `owner`; what a wrapper wraps is taken by its hooks."""
    attributes = attributes_of(owner)
    if is_wrapper(owner):
        attributes.pop("env", None)
    return attributes


def attributes_state(owner: Any, lanes: Any = None) -> dict[str, Any]:
    """Return the attributes that are the state of `owner`, by name.

    Args:
        owner: The object; attributes are read without running its code.
        lanes: The lanes to take: then only what each lane has of its own.

    Returns:
        Copies, except while a snapshot is being taken of a class of this library: that writes
        them at once.

    Raises:
        NotPlainError: If an attribute is not plain data.
    """
    cls = type(owner)
    declared = declaration_of(cls)
    attributes = _attributes(owner)
    if declared.seeds_itself and attributes.get("_np_random") is None and not is_wrapper(owner):
        owner.np_random  # noqa: B018  (reading it seeds it: till then the future is open)
        attributes = attributes_of(owner)
    for name in declared.flags - attributes.keys():
        attributes[name] = default_of(cls, name)
    state = State()
    for name in sorted(attributes):
        rule = declared.rules.get(name)
        if rule is not None:
            if lanes is None or rule.is_of_lanes:
                state[name] = rule.take(attributes[name], owner, lanes)
        elif lanes is None and name not in declared.excluded:
            state[name] = attributes[name]
    if taking.get() and is_ours(owner):
        return dict(state)
    state.owner = cls.__qualname__
    copied: dict[str, Any] = copy_state(state, owner, owner=owner)
    return copied


def undeclared(owner: Any) -> list[str]:
    """Return the attributes, without spaces, that are state though no class declares them."""
    declared = declaration_of(type(owner))
    known = declared.rules.keys() | declared.excluded
    attributes = sorted(attributes_of(owner).items())
    return [name for name, value in attributes if name not in known and not is_space(value)]


def judge_attributes(owner: Any, state: dict[str, Any], lanes: Any = None) -> Writes:
    """Return what puts attributes into the state that `attributes_state` returned.

    They are set without running the object's code. Attributes that came after the snapshot go.

    Args:
        owner: The object.
        state: The state; it is used up.
        lanes: The lanes to put it into, if it is one of lanes.

    Raises:
        SnapshotError: If something does not fit.
    """
    declared, present = declaration_of(type(owner)), _attributes(owner)
    if type(state) is not dict:
        raise MisfitError(f"expected attributes, found {shown(state)}")
    if lanes is not None:
        return _judge_lanes(owner, state, declared, present, lanes)
    _check_places(state, present)
    writes: Writes = []
    new: dict[str, Any] = {}
    for name, value in state.items():
        with at(f".{name:.80}"):
            rule = declared.rules.get(name)
            if rule is not None:
                new[name] = rule.judge(value, present.get(name), owner, writes)
            else:
                _check_name(owner, name, present, declared)
                new[name] = _judge_undeclared(value, present.get(name), writes)
    gone = []
    for name in present.keys() - state.keys():
        required = name in declared.rules and default_of(type(owner), name) is not None
        if required or name in declared.made_by_constructor:
            raise MisfitError("expected a value, found none").under(f".{name}")
        if name not in declared.excluded and _is_plain(present[name]):
            gone.append(name)

    def put() -> None:
        for name in gone:
            set_attribute(owner, name)
        for name, value in new.items():
            set_attribute(owner, name, value)

    return [*writes, put]


def _judge_lanes(
    owner: Any, state: dict[str, Any], declared: Declaration, present: dict[str, Any], lanes: Any
) -> Writes:
    writes: Writes = []
    for name, rule in sorted(declared.rules.items()):
        if rule.is_of_lanes and name in present:
            with at(f".{name}"):
                if name not in state:
                    raise MisfitError("expected rows, found none")
                rule.judge_lanes(state[name], present[name], owner, lanes, writes)
    return writes


def _check_places(state: dict[str, Any], present: dict[str, Any]) -> None:
    """Refuse states of which two attributes held one part, if they hold two now."""
    places: dict[int, Any] = {}
    for name, value in state.items():
        if type(value) is Record:
            here = present.get(name)
            if places.setdefault(id(value), here) is not here:
                raise MisfitError(_HELD_ONE).under(f".{name}")


def _check_name(owner: Any, name: str, present: dict[str, Any], declared: Declaration) -> None:
    """Refuse an attribute that the object does not know."""
    if name in declared.excluded:
        raise MisfitError(
            "it is not part of the state; the snapshot was taken with another version of the class"
        )
    if name not in present and name not in declared.assigned:
        raise MisfitError(
            f"expected an attribute of {type(owner).__qualname__}, found a name that its code "
            "assigns nowhere. If that is right, assign it before restoring, or override "
            "snapshot_state and restore_state"
        )


def _judge_undeclared(value: Any, present: Any, writes: Writes) -> Any:
    """Return the value of an attribute that no class declares: one of the kind that is there."""
    restore = restoring.get() or Restore()
    put = _with_parts(value, present, restore, writes)
    for part in parts_in(present):
        if id(part) not in restore.claimed:
            raise MisfitError(f"expected the state of {shown(part)}, found none")
    here, there = _kind(present), _kind(put)
    is_named = isinstance(put, tuple) and list in here
    if not (present is None or put is None or here == there or is_named):
        raise MisfitError(f"expected something like {shown(present)}, found {shown(put)}")
    return put


def _with_parts(value: Any, present: Any, restore: Restore, writes: Writes) -> Any:
    """Return `value` with the parts, spaces and functions that are there in place of records."""
    if type(value) in (Record, Reference):
        return _part_there(value, present, restore, writes)
    if not _is_plain(present) and value is not present:
        raise MisfitError(f"expected the state of {shown(present)}, found {shown(value)}")
    if isinstance(value, (set, frozenset)):
        refuse_names(value)
    inside, label, put = _inside(value)
    there, label_there, _ = _inside(present)
    for key, part in inside.items():
        with at(label(key)):
            refuse_names(key)
            counterpart = there.get(key) if label == label_there else None
            inside[key] = new = _with_parts(part, counterpart, restore, writes)
            if new is not part and not isinstance(value, tuple):
                put(key, new)
    return tuple.__new__(type(value), inside.values()) if isinstance(value, tuple) else value


def _inside(value: Any) -> tuple[dict[Any, Any], Callable[[Any], str], Callable[[Any, Any], None]]:
    """Return what is in a container, by key or place, what errors call a key, and what sets one."""
    if isinstance(value, dict):
        return dict(value), key_label, value.__setitem__
    if isinstance(value, _SEQUENCES):
        places: Any = value  # a tuple among them, of which nothing is set
        return dict(enumerate(value)), _place_label, partial(operator.setitem, places)
    attributes = attributes_of(value) if is_dataclass(type(value)) else {}
    return attributes, _name_label, partial(set_attribute, value)


def _part_there(record: Any, present: Any, restore: Restore, writes: Writes) -> Any:
    """Return the part, space or function that is there, if a record can be its state."""
    if type(record) is Reference or record.form in ("namedtuple", "dataclass"):
        raise MisfitError(
            f"found an instance of {shown(record.path)}, a class that the modules of this "
            "environment do not define or import; name it in the class's snapshot_types"
        )
    if record.form == "same":
        if not callable(present) or not same_class(callable_path(present), record.path):
            raise MisfitError(
                f"expected {shown(record.path)} to be there, as when the snapshot was taken, "
                f"found {shown(present)}. Functions and classes are not stored: name the "
                "attribute in snapshot_exclude, or override snapshot_state and restore_state"
            )
        return present
    known = restore.claims.get(id(record))
    if record.form == "generators":
        if known is None:
            judge_space(record, present, writes)
    elif not has_hooks(present) or not same_stack(
        stack_of(layers_of(present)), record.path.split(" ")
    ):
        found = describe(record.path.split(" "))
        raise MisfitError(f"expected the state of {shown(present)}, found that of {found}")
    elif known is None and record.fields["0"] is not None:
        if id(present) in restore.claimed:
            raise MisfitError("what stands there has got another state")
        writes += judge(present, record.fields["0"])
    if known is not None and known[1] is not present:
        raise MisfitError(_HELD_ONE)
    restore.claims[id(record)] = record, present
    restore.claimed.add(id(present))
    return present


def judge_space(record: Any, space: Any, writes: Writes) -> None:
    """Append what gives the parts of a space the generators in a record.

    Raises:
        SnapshotError: If they are not those of such a space.
    """
    if type(record) is not Record or record.form != "generators" or not is_space(space):
        raise MisfitError(f"expected the generators of {shown(space)}, found {shown(record)}")
    kind = kind_of(type(space))
    if not same_stack([kind], record.path.split(" ")):
        raise MisfitError(
            f"expected the generators of a {kind}, found those of a "
            f"{shown(record.path)}; assign the same space"
        )
    parts, generators = parts_of_space(space), list(record.fields.values())
    check_generators(parts, generators)
    writes.append(lambda: put_generators(parts, generators))


def _is_plain(value: Any) -> bool:
    """Return whether a value is stored itself: it is no space, part, function or class."""
    return not (is_space(value) or has_hooks(value) or callable(value))


def _kind(value: Any) -> tuple[type, ...]:
    """Return the types whose values may stand for `value`."""
    alike: list[tuple[Any, ...]] = [kinds for kinds in _KINDS if isinstance(value, kinds)]
    alike += [kinds for kinds in _EXACT_KINDS if type(value) in kinds]
    return alike[0] if alike else (type(value),)
