"""Putting the states of spaces and inner objects into the live ones.

A snapshot does not hold spaces or environments, only records of their states. On restoring, the
live object that stands where the record does gets the state, and takes the record's place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from dromos.error import SnapshotError
from dromos.plain.attributes import attributes_of
from dromos.plain.copying import ATOMS, kind_of
from dromos.plain.errors import type_name
from dromos.plain.generators import GENERATORS
from dromos.plain.kinds import Kind
from dromos.plain.reference import Record
from dromos.plain.spaces import is_space, parts_of_space
from dromos.snapshot.members import describe, has_hooks, same_class, same_stack, stack_of

__all__ = ["Linker"]


class _Place(NamedTuple):
    """Where a record is, and what lives there now."""

    record: Record
    live: Any
    where: str


class Linker:
    """Replaces the records in states by the live objects, with that state.

    Args:
        restore_object: Restores an object with hooks.
        undo: Gets what brings back the generators that the spaces had.
    """

    def __init__(
        self,
        restore_object: Callable[[Any, dict[str, Any]], None],
        undo: list[Callable[[], None]],
    ) -> None:
        self._restore_object = restore_object
        self._undo = undo
        self._linked: dict[int, Any] = {}
        self._searched: dict[int, Any] = {}  # with the values: no other object gets their ids

    def link(
        self, state: dict[str, Any], before: dict[str, Any], owner: str, *, into_containers: bool
    ) -> dict[str, Any]:
        """Return the attributes in `state` with the live objects in them.

        Args:
            state: Attributes by name; containers in them are changed.
            before: The attributes the owner has now.
            owner: The name of its class.
            into_containers: Whether records may lie inside containers.

        Raises:
            SnapshotError: If there is no object for a state.
        """
        places: list[_Place] = []
        for name, item in state.items():
            place = _Place(item, before.get(name), f"{owner}.{name}")
            self._search(place, places, into_containers)
        matched = self._matched(places)
        for place in matched:
            self._linked[id(place.record)] = place.live
            self._searched[id(place.record)] = place.record
        for place in matched:
            self._put_state(place)
        return {name: self._replaced(item, into_containers) for name, item in state.items()}

    def _search(self, place: _Place, places: list[_Place], into_containers: bool) -> None:
        """Append the places of all records in the value at `place`."""
        value: Any = place.record
        if type(value) is Record:
            places.append(place)
            return
        kind = _container_kind(value) if into_containers else None
        if kind is None or id(value) in self._searched:
            return
        self._searched[id(value)] = value
        arguments, parts = kind.arguments(value), kind.parts(value)
        lives = _counterparts(value, arguments, parts, place.live)
        for index, part in enumerate(parts):
            if type(part) not in ATOMS:
                where = place.where + kind.label(arguments, parts, index)
                self._search(_Place(part, lives.get(index), where), places, True)

    def _matched(self, places: list[_Place]) -> list[_Place]:
        """Return one place for each record, such that none shares its live object.

        An attribute may refer now to this and now to that of several objects, so the objects that
        stand in the places of one record may be several. Those with least choice choose first.
        """
        choices: dict[int, list[_Place]] = {}
        for place in places:
            if id(place.record) not in self._linked:
                choices.setdefault(id(place.record), []).append(place)
        fitting = {
            key: [place for place in several if _misfit(place) is None]
            for key, several in choices.items()
        }
        chosen: dict[int, _Place] = {}
        taken: set[int] = set()
        for key in sorted(choices, key=lambda key: len({id(p.live) for p in fitting[key]})):
            free = [place for place in fitting[key] if id(place.live) not in taken]
            if not free:
                first = choices[key][0]
                taken_already = f"{first.where}: what stands there has got another state"
                raise SnapshotError(_misfit(first) or taken_already)
            chosen[key] = free[0]
            taken.add(id(free[0].live))
        return [chosen[key] for key in choices]

    def _put_state(self, place: _Place) -> None:
        fields = place.record.fields
        if place.record.form == "object":
            state = fields.get("state")
            if state is not None:  # else it is a layer, and what wraps it restores it
                self._restore_object(place.live, state)
            return
        spaces = parts_of_space(place.live)
        before = [space._np_random for space in spaces]
        self._undo.append(lambda: _set_generators(spaces, before))
        _set_generators(spaces, fields["generators"])

    def _replaced(self, value: Any, into_containers: bool) -> Any:
        """Return `value` with the live objects in place of the records."""
        if type(value) in ATOMS:
            return value
        if id(value) in self._linked:
            return self._linked[id(value)]
        kind = _container_kind(value) if into_containers else None
        if kind is None:
            return value
        if kind.grows:
            self._linked[id(value)] = value
        parts = kind.parts(value)
        results = [self._replaced(part, True) for part in parts]
        if id(value) in self._linked and not kind.grows:  # a list in it led back here
            return self._linked[id(value)]
        changed = any(result is not part for result, part in zip(results, parts, strict=True))
        result = _rebuilt(kind, value, results) if changed else value
        self._linked[id(value)] = result
        return result


def _container_kind(value: Any) -> Kind | None:
    if type(value) in ATOMS or type(value) in GENERATORS or is_space(value):
        return None
    return kind_of(value)


def _rebuilt(kind: Kind, value: Any, parts: list[Any]) -> Any:
    """Return `value` with other parts: the same object, if it can change."""
    arguments = kind.arguments(value)
    if not kind.grows:
        return kind.build_like(value, arguments, parts)
    kind.empty(value)
    kind.fill(value, arguments, parts)
    return value


def _counterparts(value: Any, arguments: list[Any], parts: list[Any], live: Any) -> dict[int, Any]:
    """Return the parts of `live` that stand where those of `value` will go, by their index."""
    if type(live) is not type(value):
        return {}
    if isinstance(value, dict):
        places = range(1, len(parts), 2)
        return {index: live[parts[index - 1]] for index in places if parts[index - 1] in live}
    if isinstance(value, (list, tuple, deque)):
        return dict(enumerate(live))
    names, attributes = arguments[1:], attributes_of(live)
    return {index: attributes.get(name) for index, name in enumerate(names)}


def _misfit(place: _Place) -> str | None:
    """Return why the state in a record cannot go into the object that lives there, or None."""
    record, live, where = place
    if record.form == "object":
        return _misfit_of_object(record, live, where)
    if record.form == "generators":
        return _misfit_of_generators(record, live, where)
    return f"{where}: the snapshot holds nothing that fits here"


def _misfit_of_object(record: Record, live: Any, where: str) -> str | None:
    stack, state = record.fields.get("stack"), record.fields.get("state")
    is_state = state is None or (type(state) is dict and _is_list_of(list(state), str))
    if not _is_list_of(stack, str) or not stack or not is_state:
        return f"{where}: the snapshot holds nothing that fits here"
    if has_hooks(live) and same_stack(stack, stack_of(live)):
        return None
    found = describe(stack_of(live)) if has_hooks(live) else type_name(live)
    return (
        f"{where}: the snapshot holds the state of a {describe(stack)}, found an instance of "
        f"{found}. Build the environment in the same way first"
    )


def _misfit_of_generators(record: Record, live: Any, where: str) -> str | None:
    generators = record.fields.get("generators")
    if not isinstance(generators, list) or not _is_list_of(
        [one for one in generators if one is not None], np.random.Generator
    ):
        return f"{where}: the snapshot holds no generators of a space here"
    parts = parts_of_space(live) if is_space(live) else []
    if parts and len(parts) == len(generators) and same_class(stack_of(live)[0], record.path):
        return None
    return (
        f"{where}: the snapshot was taken with a space {record.path} of {len(generators)} parts, "
        f"found {live!r:.60}. It holds the random generators of spaces, not the spaces: assign "
        "the same space first"
    )


def _is_list_of(value: Any, cls: type) -> bool:
    return type(value) is list and all(type(item) is cls for item in value)


def _set_generators(spaces: list[Any], generators: list[Any]) -> None:
    for space, generator in zip(spaces, generators, strict=True):
        space._np_random = generator
