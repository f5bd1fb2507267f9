"""`RemoteVector`: what vectors whose lanes live in other processes have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Generic

from typing_extensions import Self

from dromos.core import ActType, ObsType
from dromos.snapshot import Snapshot
from dromos.vector.lane_vector import LaneVector
from dromos.vector.utils.misc import CloudpickleWrapper
from dromos.vector.workers.settings import checked_timeout

__all__ = ["RemoteVector"]

#: Methods of an environment that only the vector itself may call.
_OWN_CALLS = ("close", "reset", "step")


class RemoteVector(LaneVector[ObsType, ActType], Generic[ObsType, ActType]):
    """A vector over other processes: copies have processes of their own, closing ends them."""

    _lanes: Any  # `close` takes how long the processes may take
    _made_of: tuple[tuple[Any, ...], dict[str, Any]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Keep what the vector is made of, of a subclass with a constructor of its own too."""
        vector = super().__new__(cls)
        vector._made_of = args, kwargs
        return vector

    def _recipe(self) -> Callable[[], Self]:
        """Return what makes such a vector."""
        args, kwargs = self._made_of

        def lasting(value: Any) -> Any:  # an iterator of functions has given its functions away
            return vars(self)["env_fns"] if isinstance(value, Iterator) else value

        kept = {name: lasting(value) for name, value in kwargs.items()}
        return partial(type(self), *map(lasting, args), **kept)

    def clone(self) -> Self:
        """Return an independent copy with the same future, with processes of its own."""
        saved = self.snapshot()  # what cannot be taken starts no processes
        return _rebuilt(self._recipe(), self.spec, saved)  # type: ignore[no-any-return]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.clone()

    def __reduce__(self) -> tuple[Any, ...]:
        """Become what makes such a vector, and the state of the lanes."""
        recipe = CloudpickleWrapper(self._recipe())
        return _rebuilt, (recipe, self.spec, self.snapshot().to_bytes())

    def _refuse_own(self, name: str) -> None:
        """Raise for a method of an environment that only the vector itself may call.

        Raises:
            ValueError: If it is one.
        """
        if name in _OWN_CALLS:
            raise ValueError(
                f"Trying to call `{name}` of each sub-environment with `call`; use the vector's "
                f"own `{name}` instead."
            )

    def close(self, **kwargs: Any) -> None:
        """Close every lane and end the processes; closing twice is harmless.

        Args:
            **kwargs: Arguments of `close_extras`.

        Raises:
            TypeError: If ``timeout`` is no number; nothing is closed then.
        """
        super().close(**{**kwargs, "timeout": checked_timeout(kwargs.get("timeout"))})

    def close_extras(
        self, timeout: float | None = None, terminate: bool = False, **kwargs: Any
    ) -> None:
        """Close every lane and end the processes, also those that do not answer.

        Args:
            timeout: How long they may take, in seconds; None for ten seconds.
            terminate: Whether to end them at once.
            **kwargs: Nothing.

        Raises:
            Exception: The first that closing a lane raised; all processes have ended then.
        """
        if terminate:
            timeout = 0.0
        self._lanes.close(*(() if timeout is None else (timeout,)))


def _rebuilt(recipe: Callable[[], Any], spec: Any, saved: Snapshot | bytes) -> Any:
    """Return a copy: a vector with processes of its own, in the saved state."""
    envs = recipe()
    try:
        envs.spec = spec
        envs.restore(Snapshot.from_bytes(saved) if isinstance(saved, bytes) else saved)
    except BaseException:
        envs.close()
        raise
    return envs
