"""Public functions on spaces, which other people's classes of space can join.

A function such as `flatten` is answered by a method of the space, its *hook*. Registering an
implementation for a class puts it there as that method, so Python's own method resolution does
the dispatch: subclasses inherit, and a space nested in a `Dict` is found the same way. The
functions offer the interface of `functools.singledispatch` (`register`, `dispatch`, `registry`)
at a quarter of its cost a call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ParamSpec, Protocol, TypeVar, cast, overload

from dromos.spaces.space import Space

__all__ = ["SpaceFunction", "answered_by", "raise_if_no_space"]

_P = ParamSpec("_P")
_R_co = TypeVar("_R_co", covariant=True)
_R = TypeVar("_R")
_Implementation = TypeVar("_Implementation", bound=Callable[..., Any])


class SpaceFunction(Protocol[_P, _R_co]):
    """A function on spaces with the interface of `functools.singledispatch`.

    Attributes:
        registry: The implementations of the classes that have their own, by class.
    """

    __name__: str
    registry: Mapping[type[Any], Callable[..., Any]]

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co:
        """Call the implementation of the first argument's class."""
        ...

    @overload
    def register(self, cls: type[Any]) -> Callable[[_Implementation], _Implementation]: ...
    @overload
    def register(self, cls: type[Any], func: _Implementation) -> _Implementation: ...
    @overload
    def register(self, cls: _Implementation) -> _Implementation: ...

    def dispatch(self, cls: type[Any]) -> Callable[..., Any]:
        """Return the implementation that spaces of class `cls` use."""
        ...


def answered_by(hook: str) -> Callable[[Callable[_P, _R]], SpaceFunction[_P, _R]]:
    """Give a function `register`, `dispatch` and `registry` over the method named `hook`."""
    is_static = isinstance(Space.__dict__.get(hook), staticmethod)

    def install(cls: object, implementation: Callable[..., Any]) -> Callable[..., Any]:
        if not (isinstance(cls, type) and issubclass(cls, Space)):
            raise TypeError(f"Expected a subclass of {Space.__module__}.Space, got {cls!r}")
        setattr(cls, hook, staticmethod(implementation) if is_static else implementation)
        return implementation

    def register(cls: Any, func: Callable[..., Any] | None = None) -> Any:
        """Make `func`, or the function decorated, the implementation for class `cls`.

        Without `cls`, the annotation of the function's first argument names the class.
        """
        if func is not None:
            return install(cls, func)
        if isinstance(cls, type):
            return lambda implementation: install(cls, implementation)
        return install(_annotated_class(cls), cls)

    def decorate(function: Callable[_P, _R]) -> SpaceFunction[_P, _R]:
        extensible: Any = function
        extensible.register = register
        extensible.dispatch = lambda cls: getattr(cls, hook)
        extensible.registry = _Registry(hook)
        return cast("SpaceFunction[_P, _R]", extensible)

    return decorate


class _Registry(Mapping[type[Any], Callable[..., Any]]):
    """The classes of space that define the hook themselves; a live view."""

    def __init__(self, hook: str) -> None:
        self._hook = hook

    def __getitem__(self, cls: type[Any]) -> Callable[..., Any]:
        if self._hook in getattr(cls, "__dict__", ()):
            return cast("Callable[..., Any]", getattr(cls, self._hook))
        raise KeyError(cls)

    def __iter__(self) -> Iterator[type[Any]]:
        pending: list[type[Any]] = [Space]
        seen = set(pending)
        while pending:
            cls = pending.pop()
            if self._hook in cls.__dict__:
                yield cls
            new = [subclass for subclass in cls.__subclasses__() if subclass not in seen]
            pending += new
            seen.update(new)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _annotated_class(function: Callable[..., Any]) -> Any:
    from typing import get_type_hints

    hints = {k: v for k, v in get_type_hints(function).items() if k != "return"}
    if not hints:
        raise TypeError(
            f"Expected a class of space or a function whose first argument is annotated with one, "
            f"got {function!r}"
        )
    first = next(iter(hints.values()))
    return getattr(first, "__origin__", first)


def raise_if_no_space(function: str, given: object) -> None:
    """Raise `TypeError` if a public function was given something else than a space.

    Asked only once a hook is missing, since the functions are called at every step.
    """
    if not isinstance(given, Space):
        raise TypeError(
            f"{function} expects a Space instance, got {given!r} of type {type(given).__name__}"
        ) from None
