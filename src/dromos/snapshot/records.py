"""What stands in a state for things that are not plain, and what takes their place again.

Functions and classes are not stored: of one, a state says only its name, to compare it with what is
there. Enum members, namedtuples and dataclasses are looked up among those that the modules of the
object's own classes define; nothing else can be named.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, NamedTuple

from dromos import seeding
from dromos.homes import home_of
from dromos.plain.errors import MalformedError, MisfitError, NotPlainError, key_label, shown
from dromos.plain.names import Record, Reference, attributes_of, is_dataclass, is_namedtuple
from dromos.plain.spaces import is_space, parts_of_space
from dromos.plain.trees import Decoder, Encoder
from dromos.snapshot.parts import State, has_hooks, layers_of, same_class, stack_of, take, taking

__all__ = [
    "StateDecoder",
    "StateEncoder",
    "Written",
    "callable_path",
    "copy_state",
    "parts_in",
    "read_state",
    "refuse_names",
    "types_of",
    "with_types",
    "write_state",
]

_SEQUENCES = (list, tuple, deque, set, frozenset)
_LEAVES = frozenset({type(None), bool, int, float, str})
_STATES = ("state", "generators", "same")
_REMEDY = (
    'If "{0}" does not decide the future of a {1}, name it in the class: snapshot_exclude = '
    'frozenset({{"{0}"}}). If it does, override snapshot_state and restore_state'
)
_BY_HAND = "Let the method convert it to plain data, and restore_state back"


class Written(NamedTuple):
    """A node that another encoder has written, in another process for one.

    Attributes:
        node: The node.
        shared: The nodes copied from that tree to which others there may refer, by their numbers.
    """

    node: Any
    shared: dict[int, Any]


class StateEncoder(Encoder):
    """Writes states. Of spaces it writes the generators, of parts their states.

    Args:
        owner: Whose state it is; the hooks of the outermost layer take those of its stack.
    """

    def __init__(self, owner: Any = None) -> None:
        self._layers = [] if owner is None else layers_of(owner)
        self._taken: dict[int, tuple[Any, Any]] = {}
        super().__init__()

    def _begin(self) -> None:
        super()._begin()
        self._seen = set(map(id, self._layers))

    def other(self, value: Any, parent: Any, key: Any) -> Any:
        """Return the node of a state, a space, a part or a function."""
        if type(value) is State:
            return self._state(value)
        if type(value) is Written:
            return self._graft(value.node, value.shared)
        if is_space(value):
            node = {"$generators": self._generators(value), "of": stack_of(value)}
        elif has_hooks(value) and not isinstance(value, type):
            node = {"$state": [self._part(value)], "of": stack_of(value)}
        elif callable(value) and hasattr(value, "__qualname__"):
            return {"$same": [], "of": [callable_path(value)]}
        else:
            return super().other(value, parent, key)
        return self.remember(node, value, parent, key)

    def _graft(self, node: Any, shared: dict[int, Any]) -> Any:
        """Return a copy of a node of another tree, with the numbers that this one would give."""
        if type(node) is list:
            return [self._graft(part, shared) for part in node]
        if type(node) is not dict:
            return node
        if "$ref" in node:
            known = shared[node["$ref"]]
            if "id" not in known:
                known["id"] = self._numbers
                self._numbers += 1
            return {"$ref": known["id"]}
        number = node.get("id") if next(iter(node), "")[:1] == "$" else None
        copied = {k: self._graft(v, shared) for k, v in node.items() if number is None or k != "id"}
        if number is not None:
            shared[number] = copied
        return copied

    def _part(self, part: Any) -> Any:
        """Return the state of a part; nothing if its wrapper or another place tells it."""
        if id(part) in self._seen:
            return None
        self._seen.update(map(id, layers_of(part)))
        if id(part) not in self._taken:
            self._taken[id(part)] = part, take(part)
        return self._state(self._taken[id(part)][1], is_inner=True)

    def _state(self, state: Any, *, is_inner: bool = False) -> Any:
        try:
            return self.dict_node(state, key_label if state.is_by_hand else ".{}".format)
        except NotPlainError as error:
            attribute = error.path[1:].partition("[")[0].partition(".")[0]
            if "remedy" not in vars(error):
                remedy = _BY_HAND if state.is_by_hand else _REMEDY
                error.remedy = remedy.format(attribute, state.owner)
            root = "snapshot_state()" if state.is_by_hand else state.owner
            raise (error if is_inner else error.rooted(root)) from None

    def _generators(self, space: Any) -> list[Any]:
        for part in (parts := parts_of_space(space)):
            if part._np_random is None:
                # Drawn from the system at the first sample, it would not be decided yet.
                part._np_random, _ = seeding.np_random()
        return self.list_node([part._np_random for part in parts], lambda _: ".np_random")

    def record(self, record: Record, value: Any) -> Any:
        """Return the node of a record."""
        if record.form not in _STATES:
            return super().record(record, value)
        nodes = self.list_node([*record.fields.values()], lambda _: "")
        return {f"${record.form}": nodes, "of": record.path.split(" ")}


class StateDecoder(Decoder):
    """Reads states. What is not plain comes back as a `Record`, or a `Reference` to a member."""

    forms = (*Decoder.forms, *_STATES)

    def marked(self, mark: str, node: dict[str, Any]) -> Any:
        """Return the value of an object with a mark; spaces, functions and classes are none."""
        if mark == "$space":
            raise MalformedError("a space in a state, which holds only the generators of spaces")
        if mark == "$reference" and type(node[mark]) is str:
            raise MalformedError(f"a function or class in a state, {shown(node[mark])}")
        return super().marked(mark, node)

    def record(self, form: str, of: list[Any], values: list[Any]) -> Any:
        """Return a record of the state of a part, of generators, or of a function."""
        if form in Decoder.forms:
            return super().record(form, of, values)
        if not of or any(type(name) is not str for name in of):
            raise MalformedError(f"expected the names of classes, found {shown(of)}")
        if form == "state" and (len(values) != 1 or type(values[0]) not in (dict, type(None))):
            raise MalformedError("expected a state, or null for that of a layer")
        return Record(form, " ".join(of), {str(place): value for place, value in enumerate(values)})


def read_state(tree: Any, find: Callable[[str], Any], load: Any = lambda data: data) -> Any:
    """Return the state of a tree, with enum members, namedtuples and dataclasses that are found."""
    return StateDecoder(load, find).value(tree)


def write_state(take_it: Callable[[], Any], owner: Any = None) -> Any:
    """Return the tree of a state that `take_it` gives, which need not be a copy.

    Raises:
        NotPlainError: If something in it is not plain data.
    """
    token = taking.set(True)
    try:
        return StateEncoder(owner).run(take_it())
    finally:
        taking.reset(token)


def copy_state(state: Any, *parts: Any, owner: Any = None) -> Any:
    """Return a copy of a state, with what the classes of some parts know; see `types_of`."""
    return read_state(StateEncoder(owner).run(state), types_of(*parts))


def with_types(state: Any, *parts: Any) -> Any:
    """Return a state in which nothing is only named that the classes of some parts know."""
    named = (value for value in _values_in(state) if type(value) in (Reference, Record))
    has_names = any(type(one) is Reference or one.form in Decoder.forms for one in named)
    return copy_state(state, *parts) if has_names else state


def callable_path(value: Any) -> str:
    """Return the name of a function, class or method: its module and its qualified name."""
    return f"{getattr(value, '__module__', None)}:{value.__qualname__}".replace(" ", "_")


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
