"""Both ways between environments of Gym 0.9 and today's."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos import core
from dromos.compat.gym_v09.core import Env
from dromos.compat.gym_v21 import conversion
from dromos.compat.gym_v25 import built_in
from dromos.compat.gym_v25.conversion import to_new, told_changes
from dromos.compat.gym_v25.core import Step

__all__ = ["FromNew", "from_new", "to_new"]


class BuiltIn(built_in.BuiltIn):
    """A built-in environment; its methods call the underscored ones, which subclasses override."""

    def step(self, action: Any) -> Step:
        """Advance the environment by one action."""
        return self._step(action)

    def _step(self, action: Any) -> Step:
        return super().step(action)

    def reset(self, **kwargs: Any) -> Any:
        """Start an episode and return its first observation."""
        return self._reset(**kwargs)

    def _reset(self, **kwargs: Any) -> Any:
        return super().reset(**kwargs)

    def render(self, mode: str | None = None, close: bool = False, **_: Any) -> Any:
        """Return a picture of the present state, or close the window."""
        return self._render(mode=mode or "human", close=close)

    def _render(self, mode: str = "human", close: bool = False) -> Any:
        return None if close else super().render(mode)

    def seed(self, seed: int | None = None) -> list[int]:
        """Seed the random numbers and return the seeds in use."""
        return self._seed(seed)

    def _seed(self, seed: int | None = None) -> list[int]:
        return super().seed(seed)

    def close(self) -> None:
        """Release what the environment holds."""
        self._close()

    def _close(self) -> None:
        super().close()


class FromNew(conversion.FromNew, Env[Any, Any]):  # type: ignore[misc]
    """The old face of an environment of today's interface; see `dromos.compat.gym_v21`."""

    #: What built-in environments are in this dialect.
    face: ClassVar[type[BuiltIn]] = BuiltIn


def from_new(env: core.Env[Any, Any]) -> FromNew:
    """Return `env`, of today's interface, as an environment of the dialect."""
    return told_changes(FromNew, env)  # type: ignore[no-any-return]
