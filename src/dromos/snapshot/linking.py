"""Putting the states of spaces and inner objects into the live ones.

A snapshot does not hold spaces or environments, only their states. On restoring, the live object
that stands where the snapshot was taken gets the state and takes its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

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


class Linker:
    """Replaces the records in a state by the live objects, with that state.

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
        self._originals: list[Any] = []  # kept, so that no other object gets the id of one

    def link(self, value: Any, live: Any, where: str, *, into_containers: bool) -> Any:
        """Return `value` with the live objects in it.

        Args:
            value: A state; its containers are changed.
            live: What stands now where it will go.
            where: The name of that place.
            into_containers: Whether records may lie inside it.

        Raises:
            SnapshotError: If there is no object for a state, or another one.
        """
        if type(value) in ATOMS:
            return value
        if id(value) in self._linked:
            return self._linked[id(value)]
        if type(value) is Record:
            return self._record(value, live, where)
        kind = kind_of(value) if into_containers else None
        if kind is None or type(value) in GENERATORS or is_space(value):
            return value
        return self._container(kind, value, live, where)

    def _remember(self, value: Any, linked: Any) -> Any:
        self._linked[id(value)] = linked
        self._originals.append(value)
        return linked

    def _container(self, kind: Kind, value: Any, live: Any, where: str) -> Any:
        if kind.grows:
            self._remember(value, value)
        arguments, parts = kind.arguments(value), kind.parts(value)
        lives = _counterparts(value, arguments, parts, live)
        results: list[Any] = []
        for index, part in enumerate(parts):
            place = where + kind.label(arguments, parts, index)
            results.append(self.link(part, lives.get(index), place, into_containers=True))
        if id(value) in self._linked and not kind.grows:
            return self._linked[id(value)]
        if all(result is part for result, part in zip(results, parts, strict=True)):
            return value
        if not kind.grows:
            return self._remember(value, kind.build_like(value, arguments, results))
        kind.empty(value)
        kind.fill(value, arguments, results)
        return value

    def _record(self, record: Record, live: Any, where: str) -> Any:
        if record.form == "generators":
            self._restore_generators(record, live, where)
            return self._remember(record, live)
        stack, state = record.fields.get("stack"), record.fields.get("state")
        if record.form != "object" or not _is_state(stack, state):
            raise SnapshotError(f"{where}: the snapshot holds nothing that fits here")
        assert isinstance(stack, list)
        assert isinstance(state, dict)
        if not has_hooks(live) or not same_stack(stack, stack_of(live)):
            found = describe(stack_of(live)) if has_hooks(live) else type_name(live)
            raise SnapshotError(
                f"{where}: the snapshot holds the state of a {describe(stack)}, found an instance "
                f"of {found}. Build the environment in the same way first"
            )
        self._remember(record, live)
        self._restore_object(live, state)
        return live

    def _restore_generators(self, record: Record, live: Any, where: str) -> None:
        generators = record.fields.get("generators")
        kinds = (np.random.Generator, type(None))
        if type(generators) is not list or any(type(one) not in kinds for one in generators):
            raise SnapshotError(f"{where}: the snapshot holds no generators of a space here")
        spaces = parts_of_space(live) if is_space(live) else []
        same = bool(spaces) and same_class(stack_of(live)[0], record.path)
        if not same or len(spaces) != len(generators):
            raise SnapshotError(
                f"{where}: the snapshot was taken with a space {record.path} of {len(generators)} "
                f"parts, found {live!r:.60} of {len(spaces)}. A snapshot holds the random "
                "generators of spaces, not the spaces: assign the same space first"
            )
        before = [space._np_random for space in spaces]
        self._undo.append(lambda: _set_generators(spaces, before))
        _set_generators(spaces, generators)


def _is_state(stack: object, state: object) -> bool:
    return (
        type(stack) is list
        and len(stack) > 0
        and all(type(path) is str for path in stack)
        and type(state) is dict
        and all(type(name) is str for name in state)
    )


def _set_generators(spaces: list[Any], generators: list[Any]) -> None:
    for space, generator in zip(spaces, generators, strict=True):
        space._np_random = generator


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
