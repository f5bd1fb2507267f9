"""Our environments and vectors as the real Gymnasium's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from dromos.compat.gymnasium.converted import ConvertedEnv, ConvertedVectorEnv, converted_spec
from dromos.compat.gymnasium.peer import peer
from dromos.registration import EnvSpec, make, make_vec

if TYPE_CHECKING:
    from dromos.core import Env
    from dromos.vector import VectorEnv

__all__ = ["GymnasiumEnv", "GymnasiumVectorEnv", "make_for_gymnasium", "make_vec_for_gymnasium"]

_gymnasium: Any = peer()
_Spec = _gymnasium.envs.registration.EnvSpec


class GymnasiumEnv(ConvertedEnv, _gymnasium.Env):  # type: ignore[misc]
    """An environment of ours for programs that use the real Gymnasium.

    Attributes that it does not have are those of `inner`.

    Attributes:
        inner: The environment of ours, with its wrappers.
    """

    _spaces: ClassVar[Any] = _gymnasium.spaces
    _errors: ClassVar[Any] = _gymnasium.error

    def __init__(self, env: Env[Any, Any]) -> None:
        super().__init__(env, converted_spec(env.spec, _Spec, entry_point=make_for_gymnasium))

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
        spec = converted_spec(vector.spec, _Spec, vector_entry_point=make_vec_for_gymnasium)
        super().__init__(vector, spec, _gymnasium.vector.AutoresetMode)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r})"


def make_for_gymnasium(spec: str, render_mode: str | None = None) -> GymnasiumEnv:
    """Make an environment of ours from the JSON text of its specification."""
    chosen: dict[str, Any] = {} if render_mode is None else {"render_mode": render_mode}
    return GymnasiumEnv(make(EnvSpec.from_json(spec), **chosen))


def make_vec_for_gymnasium(spec: str, num_envs: int, **kwargs: Any) -> GymnasiumVectorEnv:
    """Make a vector of ours from the JSON text of its specification, which may say `num_envs`."""
    return GymnasiumVectorEnv(make_vec(EnvSpec.from_json(spec), num_envs, **kwargs))
