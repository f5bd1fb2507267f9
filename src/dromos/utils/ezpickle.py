"""Pickling by constructor arguments."""

from __future__ import annotations

from typing import Any

__all__ = ["EzPickle"]


class EzPickle:
    """A mix-in that pickles an object as the arguments its constructor was given.

    Unpickling, and `copy.deepcopy`, construct a *new* object from these arguments: what the
    object has become since is lost. It is for objects that hold what cannot be pickled. The
    library's own environments do not use it, since their copies keep their state.

    Example:
        >>> class Camera(EzPickle):
        ...     def __init__(self, device, fps=30):
        ...         EzPickle.__init__(self, device, fps)
        ...         self.stream = open(device, "rb")
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Keep the arguments the subclass's constructor was called with."""
        self._ezpickle_args = args
        self._ezpickle_kwargs = kwargs

    def __getstate__(self) -> dict[str, Any]:
        return {
            "_ezpickle_args": self._ezpickle_args,
            "_ezpickle_kwargs": self._ezpickle_kwargs,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Of this very object: others may hold on to it while it is constructed.
        type(self).__init__(self, *state["_ezpickle_args"], **state["_ezpickle_kwargs"])
