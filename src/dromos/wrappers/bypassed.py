"""`BypassedWrapper`: a wrapper that leaves the call path once its ``step`` has nothing left to do.

Python finds an instance's own ``step`` before the class's. A wrapper whose work is done therefore
puts the step of what it wraps into its own instance dict, and from then on ``env.step`` *is* the
inner step: the layer costs nothing, while it still stands in ``str(env)`` and in every attribute
look-up. ``reset`` takes the entry out again if the step inside is no longer the one it was, so
that a step replaced by a user is seen from the next episode on.

Over a step of the native core, a ``reset`` without arguments goes straight to the core too, for as
long as the core finds every layer as it was: it looks at the instance dicts and the classes itself.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import Self

from dromos.core import ActType, ObsType, Wrapper

if TYPE_CHECKING:
    from dromos._core.batch import LimitedStep
    from dromos.snapshot import Writes

__all__ = ["BypassedWrapper", "is_native_step"]

_STEP = "step"


class BypassedWrapper(Wrapper[ObsType, ActType, ObsType, ActType]):
    """Base of the wrappers that are gone from the call path after an episode's first steps.

    A subclass names its own ``step`` in `_own_step`, calls `_resolve` there once its work is done
    and defines `_reset_inner`. A ``step`` or ``reset`` of a further subclass, or one that a user
    has put into the instance, is never bypassed.
    """

    # Slots, not entries of the instance dict: copies, pickles and snapshots take the dict, and the
    # path of one stack means nothing in another.
    __slots__ = ("_clock", "_inner_step", "_reset_path", "_resolved", "_short_path")

    #: Whether this layer has chosen its path for the running episode.
    _resolved: bool
    #: The callable this layer has put into its instance dict, or None.
    _short_path: Any
    #: The inner step that the short path takes.
    _inner_step: Any
    #: Starts an episode past all layers, or returns None once one of them has changed.
    _reset_path: Any
    #: What counts the steps of an episode on its path, in a layer that limits them, or None.
    _clock: LimitedStep | None

    _own_step: ClassVar[Callable[..., Any]]

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Set the slots here, since unpickling does not run ``__init__``."""
        self = object.__new__(cls)
        self._resolved = False
        self._short_path = self._inner_step = self._reset_path = self._clock = None
        return self

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment."""
        if self._reset_path is not None and seed is None and options is None:
            started: tuple[ObsType, dict[str, Any]] | None = self._reset_path()
            if started is not None:
                return started
            self._reset_path = None
        result = self._reset_inner(seed, options)
        self._check_path()
        return result

    def _reset_inner(
        self, seed: int | None, options: dict[str, Any] | None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Do the wrapper's own work around the inner ``reset``."""
        return self.env.reset(seed=seed, options=options)

    def _resolve(self) -> None:
        """Choose the path for the rest of the episode, unless an inner layer has yet to."""
        if not _is_settled(self.env):
            return
        self._resolved = True
        cls = type(self)
        if cls.step is cls._own_step and _STEP not in self.__dict__:
            self._inner_step = self.env.step
            self._short_path = self.__dict__[_STEP] = self._path_over(self._inner_step)
            self._reset_path = self._find_reset_path()

    def _path_over(self, inner_step: Any) -> Any:
        """Return the callable that may stand in for this layer's ``step``."""
        return inner_step

    def _find_reset_path(self) -> Any:
        if not hasattr(type(self._short_path), "reset_path"):
            return None
        layer: Any = self
        layers: list[Any] = []
        while isinstance(layer, BypassedWrapper) and type(layer).reset is BypassedWrapper.reset:
            layers.append(layer)
            layer = layer.env
        starts = getattr(layer.__dict__.get("reset"), "__self__", None)
        if not is_native_step(starts):
            return None
        return self._short_path.reset_path((*layers, layer))

    def _check_path(self) -> None:
        """Take the long path unless the short one is what `_resolve` would choose again."""
        path = self._short_path
        if path is None:
            self._resolved = False
            return
        cls = type(self)
        if not (
            self.__dict__.get(_STEP) is path
            and _is_same(self.env.step, self._inner_step)
            and cls.step is cls._own_step
        ):
            self._take_long_path()
        elif self._reset_path is None:
            self._reset_path = self._find_reset_path()

    def _take_long_path(self) -> None:
        """Let ``step`` be the class's method again.

        A step the user has put in place stays, and so does the path it may be calling.
        """
        self._resolved = False
        path = self._short_path
        if path is None:
            return
        present = self.__dict__.get(_STEP)
        if present is path:
            del self.__dict__[_STEP]
        if present is path or present is None:
            self._forget_short_path()

    def _forget_short_path(self) -> None:
        self._short_path = self._inner_step = self._reset_path = None

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what puts every layer into a state, after looking at all of it."""
        return [self._leave_short_path, *super().judge_state(state)]

    def _leave_short_path(self) -> None:
        self._resolved = False
        self._forget_short_path()

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)


def is_native_step(step: Any) -> bool:
    """Return whether `step` is a callable of the native core, which can keep a clock.

    The type is asked, since a function or a mock may have an attribute of any name.
    """
    return hasattr(type(step), "limited")


def _is_same(step: Any, other: Any) -> bool:
    """Return whether two callables are the same, or the same method of the same object."""
    return step is other or (type(step) is MethodType and bool(step == other))


def _is_settled(env: Any) -> bool:
    """Return whether ``env.step`` stays the same callable for the rest of the episode."""
    if not isinstance(env, BypassedWrapper) or env._resolved or _STEP in env.__dict__:
        return True
    cls = type(env)
    return cls.step is not cls._own_step
