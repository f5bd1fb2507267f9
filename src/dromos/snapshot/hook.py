"""Judging and writing states: what every part of a stack is asked, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeAlias

from dromos.error import Error, SnapshotError
from dromos.plain.errors import IMPOSSIBLE, LocatedError, MisfitError, shown, type_name
from dromos.plain.names import Record
from dromos.snapshot.parts import has_hooks, layers_of, take
from dromos.snapshot.records import StateWriter, copy_state, read_state, types_of

__all__ = [
    "ByHand",
    "Restore",
    "Writes",
    "at",
    "judge",
    "making",
    "one_restore",
    "require_names",
    "restore_now",
    "restoring",
    "write",
]

#: What is to be done once everything has been judged. A write assigns or copies; it cannot fail,
#: and does no more if it is done twice.
Writes: TypeAlias = "list[Callable[[], Any]]"

_LONGEST = 1000  # characters of another's message


class Restore:
    """What one restore knows of the parts it has met.

    Attributes:
        claims: The live object that has got the state of a record, by the record's ``id``.
        claimed: The ``id`` of every such object.
        made: What takes away again what had to be made for judging.
    """

    def __init__(self) -> None:
        self.claims: dict[int, tuple[Record, Any]] = {}
        self.claimed: set[int] = set()
        self.made: list[Callable[[], Any]] = []

    def undo(self) -> None:
        """Take away what was made for judging: the state is refused."""
        while self.made:
            self.made.pop()()


#: The restore that is under way.
restoring: ContextVar[Restore | None] = ContextVar("restoring", default=None)


@contextmanager
def one_restore(*, fresh: bool = False) -> Iterator[Restore]:
    """Let everything that is judged within be parts of one restore: of the one under way, if any.

    Args:
        fresh: Whether it is to be another one.
    """
    under_way = None if fresh else restoring.get()
    token = restoring.set(restore := under_way or Restore())
    try:
        yield restore
    except BaseException:
        restore.undo()
        raise
    finally:
        restoring.reset(token)


def making(owner: Any, *names: str) -> None:
    """Read attributes, which makes them; if the state is refused, those that were not there go."""
    restore, present = restoring.get(), vars(owner)
    for name in names:
        if name not in present:
            getattr(owner, name)
            if restore is not None and name in present:
                restore.made.append(partial(present.pop, name, None))


class at:
    """Turn what a check raises into a `MisfitError` that says where, ``".gravity"`` for one."""

    __slots__ = ("_label",)

    def __init__(self, label: str) -> None:
        self._label = label

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Note the place, and let the error pass."""
        if isinstance(error, LocatedError):
            error.under(self._label)
        elif isinstance(error, (Error, *IMPOSSIBLE)):
            text = str(error)
            text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
            raise MisfitError(text).under(self._label) from error


def require_names(value: Any, names: Iterable[str]) -> None:
    """Raise unless a value is a dict with these names.

    Raises:
        MisfitError: If it is none.
    """
    expected = sorted(names)
    if type(value) is not dict:
        raise MisfitError(f"expected {', '.join(expected)}, found {shown(value)}")
    if value.keys() != set(expected):
        unknown, missing = value.keys() - set(expected), set(expected) - value.keys()
        found = [*(f"no {name}" for name in sorted(missing)), *map(shown, list(unknown)[:3])]
        raise MisfitError(f"expected {', '.join(expected)}, found {', '.join(found)}")


def judge(part: Any, state: Any, lanes: Any = None) -> Writes:
    """Return what puts a part into a state, after all of that was looked at; nothing changes.

    Args:
        part: An object with the hooks.
        state: What `take` returned, read from anywhere; it is used up.
        lanes: The lanes of a vector to put it into, None for those it was taken from.

    Raises:
        SnapshotError: If it does not fit; the message names the class, the place, what was
            expected and what was found.
    """
    if not has_hooks(part):
        raise MisfitError(f"expected no state of {shown(part)}")
    arguments = () if lanes is None else (lanes,)
    with _in_class_of(part):
        if type(state) is not dict or any(type(name) is not str for name in state):
            raise MisfitError(f"expected a state, found {shown(state)}")
        if _restores_by_hand(type(part)):
            return [ByHand(part, state, arguments)]
        writes: Writes = part.judge_state(state, *arguments)
        return writes


@contextmanager
def _in_class_of(part: Any) -> Iterator[None]:
    """Let what is refused be the state of a part."""
    try:
        with at(""):
            yield
    except LocatedError as error:
        raise error.rooted(type(part).__qualname__) from None


def _restores_by_hand(cls: type) -> bool:
    """Return whether ``restore_state`` was defined further down than ``judge_state``."""
    for base in cls.__mro__:
        if "judge_state" in vars(base):
            return False
        if "restore_state" in vars(base):
            break
    return True


def restore_now(
    part: Any, judgement: Callable[[dict[str, Any]], Writes], state: dict[str, Any]
) -> None:
    """Do at once what `judgement` of a state returns: for hooks that are called by hand.

    Raises:
        SnapshotError: If the state does not fit; nothing has changed then.
    """
    is_outermost = restoring.get() is None
    with one_restore():
        with _in_class_of(part):
            writes = judgement(copy_state(state, part) if is_outermost else state)
        write(writes, type_name(part))


class ByHand:
    """A ``restore_state`` that a user has written: it may do anything, and fail."""

    def __init__(self, part: Any, state: dict[str, Any], lanes: tuple[Any, ...]) -> None:
        self._part, self._arguments = part, (state, *lanes)
        self._backup: Any = None

    def prepare(self) -> None:
        """Note the present state, to go back to; unless it is not plain, and to be replaced."""
        with suppress(SnapshotError):
            self._backup = StateWriter(layers_of(self._part)).run(take(self._part))

    def __call__(self) -> None:
        """Let the user's method take the state over."""
        with one_restore(fresh=True):
            self._part.restore_state(*self._arguments)

    def undo(self) -> None:
        """Go back to the state noted."""
        if self._backup is not None:
            self._arguments = (read_state(self._backup, types_of(self._part)),)
            self()


def write(writes: Writes, target: str) -> None:
    """Do what `judge` returned. First comes what may fail; if it does, nothing has changed.

    Args:
        writes: What is to be done.
        target: What is restored, for messages.

    Raises:
        SnapshotError: If a ``restore_state`` that a user has written fails.
    """
    by_hand: list[Any] = [step for step in writes if type(step) is ByHand]
    for step in by_hand:
        step.prepare()
    for number, step in enumerate(by_hand, 1):
        try:
            step()
        except BaseException as reason:
            outcome = _undone(by_hand[:number])
            if not isinstance(reason, Exception):
                raise
            raise SnapshotError(
                f"The snapshot could not be restored into {target}, {outcome}: "
                f"{type(reason).__name__}: {reason}"
            ) from reason
    rest = [step for step in writes if type(step) is not ByHand]
    try:
        for step in rest:
            step()
    except BaseException:  # Ctrl-C: what has begun is done, so that no state is a mixed one
        for step in rest:
            step()
        raise


def _undone(done: list[ByHand]) -> str:
    """Undo what was done by hand, the last first, and return how that ended."""
    outcome = "which stays as it was"
    for step in reversed(done):
        try:
            step.undo()
        except Exception as reason:
            outcome = (
                f"and going back failed too ({type(reason).__name__}: {reason}), so that its "
                "state is mixed; make a new one"
            )
    return outcome
