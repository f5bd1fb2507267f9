"""What stands in a state for things that are not plain, and what takes their place again.

Functions and classes are not stored: of one, a state says only its name, to compare it with what is
there. Enum members, namedtuples and dataclasses are looked up among those that the modules of the
object's own classes define; nothing else can be named.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from dromos import seeding
from dromos.homes import home_of
from dromos.plain.arrays import node_of
from dromos.plain.errors import MalformedError, MisfitError, NotPlainError, key_label, shown
from dromos.plain.kinds import BY_MARK, BY_TYPE, Kind
from dromos.plain.names import Record, Reference, attributes_of, is_dataclass, is_namedtuple
from dromos.plain.spaces import is_space, parts_of_space
from dromos.plain.trees import Reader, Writer, unchanged
from dromos.snapshot.parts import (
    NODES,
    State,
    has_hooks,
    kind_of,
    layers_of,
    same_class,
    stack_of,
    take,
    taking,
)

__all__ = [
    "StateWriter",
    "Written",
    "callable_path",
    "copy_state",
    "parts_in",
    "read_state",
    "refuse_names",
    "types_of",
    "with_types",
    "write_state",
    "written_arrays",
]

_SEQUENCES = (list, tuple, deque, set, frozenset)
_LEAVES = frozenset({type(None), bool, int, float, str})
_REMEDY = (
    'If "{0}" does not decide the future of a {1}, name it in the class: snapshot_exclude = '
    'frozenset({{"{0}"}}). If it does, override snapshot_state and restore_state'
)
_BY_HAND = "Let the method convert it to plain data, and restore_state back"


class Written(NamedTuple):
    """A node that another writer has written, in another process for one.

    Attributes:
        node: The node.
        shared: The nodes copied from that tree to which others there may refer, by their numbers.
            None for a node of this tree, which has no numbers in it.
    """

    node: Any
    shared: dict[int, Any] | None


def _write_state(writer: StateWriter, state: State) -> Any:
    try:
        return writer.members(state, key_label if state.is_by_hand else ".{}".format)
    except NotPlainError as error:
        attribute = error.path[1:].partition("[")[0].partition(".")[0]
        if "remedy" not in vars(error):
            remedy = _BY_HAND if state.is_by_hand else _REMEDY
            error.remedy = remedy.format(attribute, state.owner)
        root = "snapshot_state()" if state.is_by_hand else state.owner
        raise (error if state.is_inner else error.rooted(root)) from None


def _generators(_: StateWriter, space: Any) -> list[Any]:
    for part in (parts := parts_of_space(space)):
        if part._np_random is None:
            # Drawn from the system at the first sample, it would not be decided yet.
            part._np_random, _seed = seeding.np_random()
    return [part._np_random for part in parts]


def _kind(
    form: str,
    label: str,
    parts: Callable[[Any, Any], list[Any]],
    of: Callable[[Any], list[str]] = lambda part: stack_of(layers_of(part)),
    shares: bool = True,
) -> Kind:
    """Return how a thing that stays is written: what tells its state, and what it must be."""
    mark = f"${form}"

    def write(writer: Any, value: Any) -> Any:
        if type(value) is Record:  # which was read from another state
            inside, names = [*value.fields.values()], value.path.split(" ")
        else:
            inside, names = parts(writer, value), of(value)
        return {mark: writer.nodes(inside, lambda _: label), "of": names}

    def read(reader: Reader, node: Any) -> Record:
        names, values = node["of"], reader.values(node[mark])
        if type(names) is not list or not names or any(type(name) is not str for name in names):
            raise MalformedError(f"expected the names of classes, found {shown(names)}")
        if form == "state" and (len(values) != 1 or type(values[0]) not in (dict, type(None))):
            raise MalformedError("expected a state, or null for that of a layer")
        fields = {str(place): value for place, value in enumerate(values)}
        return Record(form, " ".join(names), fields)

    return Kind(mark, write, read, shares, holds=True)


def _read_member(reader: Reader, node: Any) -> Any:
    if type(node["$reference"]) is str:
        raise MalformedError(f"a function or class in a state, {shown(node['$reference'])}")
    return BY_MARK["$reference"].read(reader, node)


def callable_path(value: Any) -> str:
    """Return the name of a function, class or method: its module and its qualified name."""
    return f"{getattr(value, '__module__', None)}:{value.__qualname__}".replace(" ", "_")


def _unread(_: Reader, node: Any) -> Any:
    raise MalformedError(f"found {shown(node)}, which is only written")


#: What a state is made of, by the marks. Spaces, functions and classes are none of it.
KINDS: dict[str, Kind] = {
    **{mark: kind for mark, kind in BY_MARK.items() if mark != "$space"},
    "$reference": BY_MARK["$reference"]._replace(read=_read_member),
    "$generators": _kind(
        "generators", ".np_random", _generators, lambda space: [kind_of(type(space))]
    ),
    "$state": _kind("state", "", lambda writer, part: [writer.state_of(part)]),
    "$same": _kind("same", "", lambda *_: [], lambda value: [callable_path(value)], shares=False),
}
_STATE = Kind("", _write_state, _unread, holds=True)  # type: ignore[arg-type]
_WRITTEN = Kind("", lambda writer, written: writer.graft(written), _unread)  # type: ignore[attr-defined]


class StateWriter(Writer):
    """Writes states. Of spaces it writes the generators, of parts their states.

    Args:
        layers: The stack whose state it is; the hooks of the outermost take those of the others.
    """

    by_type = {**BY_TYPE, State: _STATE, Written: _WRITTEN}  # noqa: RUF012

    def __init__(self, layers: Sequence[Any] = ()) -> None:
        self._layers = layers
        self._taken: dict[int, tuple[Any, State]] = {}
        super().__init__()

    def _begin(self) -> None:
        super()._begin()
        self._seen = set(map(id, self._layers))

    def kind_of(self, value: Any) -> Kind:
        """Return the kind of a value; also of a space, a part or a function."""
        if type(value) is Record:
            return KINDS[f"${value.form}"]
        if is_space(value):
            return KINDS["$generators"]
        if has_hooks(value) and not isinstance(value, type):
            return KINDS["$state"]
        is_named = callable(value) and hasattr(value, "__qualname__")
        return KINDS["$same"] if is_named else super().kind_of(value)

    def state_of(self, part: Any) -> State | None:
        """Return the state of a part; None if its wrapper or another place tells it."""
        if id(part) in self._seen:
            return None
        self._seen.update(map(id, layers_of(part)))
        if id(part) not in self._taken:
            state = take(part)
            state.is_inner = True
            self._taken[id(part)] = part, state
        return self._taken[id(part)][1]

    def graft(self, written: Written) -> Any:
        """Return a copy of a node of another tree, with the numbers that this one would give."""
        node, shared = written
        if shared is None:
            return node
        if type(node) is list:
            return [self.graft(Written(part, shared)) for part in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            known = shared[node["$ref"]]
            if "id" not in known:
                known["id"] = self._numbers
                self._numbers += 1
            return {"$ref": known["id"]}
        number = node.get("id") if next(iter(node), "")[:1] == "$" else None
        copied = {
            name: self.graft(Written(part, shared))
            for name, part in node.items()
            if number is None or name != "id"
        }
        if number is not None:
            shared[number] = copied
        return copied


def written_arrays(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state with nodes in place of its arrays, which nobody else holds.

    Args:
        state: Arrays, dicts of nothing but arrays, and other things, by name.

    Returns:
        The same, unless a snapshot is being taken and may consist of nodes.
    """
    if taking.get() != NODES:
        return state
    written = dict(state)
    for name, value in state.items():
        if type(value) is np.ndarray:
            written[name] = Written(node_of(value), None)
        elif type(value) is dict and set(map(type, value.values())) == {np.ndarray}:
            nodes = {field: node_of(array) for field, array in value.items()}
            written[name] = Written(nodes, None)
    return written


def read_state(tree: Any, find: Callable[[str], Any], load: Any = unchanged) -> Any:
    """Return the state of a tree, with enum members, namedtuples and dataclasses that are found.

    What is not plain comes back as a `Record`, or a `Reference` to a member.
    """
    return Reader(load, find, kinds=KINDS).value(tree)


def write_state(take_it: Callable[[], Any], layers: Sequence[Any] = ()) -> Any:
    """Return the tree of a state that `take_it` gives of a stack, which need not be a copy.

    Raises:
        NotPlainError: If something in it is not plain data.
    """
    token = taking.set(NODES)
    try:
        return StateWriter(layers).run(take_it())
    finally:
        taking.reset(token)


def copy_state(state: Any, *parts: Any, owner: Any = None) -> Any:
    """Return a copy of a state, with what the classes of some parts know; see `types_of`."""
    layers = [] if owner is None else layers_of(owner)
    return read_state(StateWriter(layers).run(state), types_of(*parts))


def with_types(state: Any, *parts: Any) -> Any:
    """Return a state in which nothing is only named that the classes of some parts know."""
    named = (value for value in _values_in(state) if type(value) in (Reference, Record))
    has_names = any(
        type(one) is Reference or one.form in ("namedtuple", "dataclass") for one in named
    )
    return copy_state(state, *parts) if has_names else state


def types_of(*parts: Any) -> Callable[[str], Any]:
    """Return what finds enums, namedtuples and dataclasses by name: those that objects know.

    Known are those that the modules of the classes of the parts, and of all parts in them, define
    or import. Of the library's own modules, only those in ``snapshot_types`` of the class.
    """
    known: dict[type, None] = {}

    def find(path: str) -> Any:
        if not known:
            known.update(dict.fromkeys([Enum]))  # it has been looked
            for part in parts_in(parts, inside=True):
                known.update(dict.fromkeys(_types_of(type(part))))
        same = (one for one in known if same_class(f"{home_of(one)}:{one.__qualname__}", path))
        return next(same, None)

    return find


def _types_of(cls: type) -> Iterator[type]:
    for base in cls.__mro__:
        yield from vars(base).get("snapshot_types", ())
        home = home_of(base)
        if home.partition(".")[0] in ("dromos", "builtins", "typing", "abc"):
            continue
        module = sys.modules.get(home)
        for value in (*vars(base).values(), *(vars(module).values() if module else ())):
            if isinstance(value, type) and (
                issubclass(value, Enum) or is_namedtuple(value) or is_dataclass(value)
            ):
                yield value


def _values_in(value: Any) -> Iterator[Any]:
    """Yield a value and, each container once, what is in it."""
    waiting, seen = [value], set()
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, (*_SEQUENCES, dict)) and id(value) not in seen:
            seen.add(id(value))
            waiting.extend(value)
            waiting.extend(value.values() if isinstance(value, dict) else ())


def parts_in(value: Any, *, inside: bool = False) -> Iterator[Any]:
    """Yield the spaces and the parts in a value; `inside` them too, then without the spaces."""
    waiting, seen = [value], set()
    while waiting:
        for part in _values_in(waiting.pop()):
            is_part = has_hooks(part) and not isinstance(part, type)
            if is_part and id(part) not in seen:
                yield part
                if inside:
                    seen.add(id(part))
                    waiting += attributes_of(part).values()
                    waiting += [part.envs] if hasattr(type(part), "envs") else []
            elif not inside and is_space(part):
                yield part


def refuse_names(value: Any) -> None:
    """Raise if there is something in plain data of which only the name is known.

    Raises:
        SnapshotError: If there is.
    """
    if type(value) in _LEAVES:
        return
    for one in _values_in(value):
        if type(one) in (Record, Reference):
            raise MisfitError(f"expected plain data, found {shown(one)} ({shown(one.path)})")
