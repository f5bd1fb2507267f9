"""Our environments and vectors as the real Gymnasium's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from dromos.compat.gymnasium.converted import ConvertedEnv, ConvertedVectorEnv, converted_spec
from dromos.compat.gymnasium.peer import peer
from dromos.registration import EnvSpec, make

if TYPE_CHECKING:
    from dromos.core import Env
    from dromos.vector import VectorEnv

__all__ = ["GymnasiumEnv", "GymnasiumVectorEnv", "gymnasium_spec", "make_for_gymnasium"]

_gymnasium: Any = peer()


class GymnasiumEnv(ConvertedEnv, _gymnasium.Env):  # type: ignore[misc]
    """An environment of ours for programs that use the real Gymnasium.

    Attributes that it does not have are those of `inner`.

    Attributes:
        inner: The environment of ours, with its wrappers.
    """

    _spaces: ClassVar[Any] = _gymnasium.spaces
    _errors: ClassVar[Any] = _gymnasium.error

    def __init__(self, env: Env[Any, Any]) -> None:
        super().__init__(env, gymnasium_spec(env.spec))

    @property
    def _np_random(self) -> Any:  # what `check_env` reads
        return self.inner.unwrapped._np_random


class GymnasiumVectorEnv(ConvertedVectorEnv, _gymnasium.vector.VectorEnv):  # type: ignore[misc]
    """A vector of ours for programs that use the real Gymnasium.

    Attributes that it does not have are those of `inner`.

    Attributes:
        inner: The vector of ours.
    """

    _spaces: ClassVar[Any] = _gymnasium.spaces
    _errors: ClassVar[Any] = _gymnasium.error

    def __init__(self, vector: VectorEnv[Any, Any, Any]) -> None:
        super().__init__(vector, gymnasium_spec(vector.spec), _gymnasium.vector.AutoresetMode)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r})"


def gymnasium_spec(spec: EnvSpec | None) -> Any:
    """Return a specification that ``gymnasium.make`` builds the environment from."""
    return converted_spec(spec, _gymnasium.envs.registration.EnvSpec, make_for_gymnasium)


def make_for_gymnasium(spec: str, render_mode: str | None = None) -> GymnasiumEnv:
    """Make an environment of ours from the JSON text of its specification."""
    chosen: dict[str, Any] = {} if render_mode is None else {"render_mode": render_mode}
    return GymnasiumEnv(make(EnvSpec.from_json(spec), **chosen))
