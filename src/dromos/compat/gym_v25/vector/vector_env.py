"""What the vectors of the dialect are: today's, with the returns they had."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, ClassVar, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from dromos import vector
from dromos.compat.gym_v25.core import Env
from dromos.compat.gymnasium_v029.old_infos import columns_of
from dromos.compat.old_env import SilentlyConverted
from dromos.core import Env as NewEnv
from dromos.error import NoAsyncCallError
from dromos.spaces import Space
from dromos.step_api import convert_to_done_step_api
from dromos.vector.infos import split_infos

__all__ = ["MakeEnv", "Result", "Seeds", "VectorEnv", "VectorEnvWrapper", "todays_makers"]

#: A function that makes an environment, of the dialect or of today's interface.
MakeEnv: TypeAlias = Callable[[], Any]
Seeds: TypeAlias = "SupportsIndex | Sequence[SupportsIndex | None] | None"
#: (observations, rewards float64 (n,), dones bool (n,), infos): columns, or until 0.23 a list.
Result: TypeAlias = tuple[Any, npt.NDArray[np.float64], npt.NDArray[np.bool_], Any]


#: What wrappers of vectors add to infos when an episode ends.
_OF_WRAPPERS = ("episode",)


class VectorEnv(Env[Any, Any]):
    """Several copies of an environment, reset and stepped with one call.

    A copy whose episode ends is reset in the same step: the observation is the first of the next
    episode, and the last of the old one is ``infos["final_observation"][i]``. Infos are columns,
    with a mask ``_key`` for each key, as in 0.24 and 0.25; until 0.23 they were a list of n dicts.

    Attributes:
        num_envs: The number of copies, n.
        single_observation_space: The observations of one copy.
        single_action_space: The actions of one copy.
        observation_space: The observations of all copies, batched.
        action_space: The actions of all copies, batched.
        closed: Whether `close` was called.
        observations: The last observations.
        new_step_api: Whether ``step`` returns five values.
    """

    num_envs: int
    single_observation_space: Space[Any]
    single_action_space: Space[Any]
    closed: bool = False
    is_vector_env = True
    closes_itself = False  # today's vector does
    new_step_api = False
    observations: Any = None

    #: What the last observation of an episode is called.
    final_key: ClassVar[str] = "final_observation"

    def __init__(
        self, vector_env: vector.VectorEnv[Any, Any, Any], new_step_api: bool = False
    ) -> None:
        """Give `vector_env`, which is in the mode ``SAME_STEP``, the old interface."""
        if new_step_api:
            self.new_step_api = True
        self._vector: Any = vector_env
        self.num_envs = vector_env.num_envs
        self.single_observation_space = vector_env.single_observation_space
        self.single_action_space = vector_env.single_action_space
        self.observation_space = vector_env.observation_space
        self.action_space = vector_env.action_space
        self.metadata = vector_env.metadata
        self._seeds: Seeds = None
        self._pending: tuple[str, Callable[[], Any]] | None = None

    def reset(
        self,
        *,
        seed: Seeds = None,
        return_info: bool = False,
        options: dict[str, Any] | None = None,
    ) -> Any:
        """Reset all copies.

        Args:
            seed: None, an integer ``s`` (copy ``i`` gets ``s + i``), or a list of n.
            return_info: Whether to return ``(observations, infos)``, not the observations alone.
            options: Passed to each copy's ``reset``.
        """
        self.observations, infos = self._vector.reset(seed=self._seeds_for(seed), options=options)
        return (self.observations, self._infos(infos)) if return_info else self.observations

    def _seeds_for(self, seed: Seeds) -> Seeds:
        """Return the seeds of a reset: its own, or else those that `seed` kept."""
        kept, self._seeds = self._seeds, None
        return kept if seed is None else seed

    def step(self, actions: Any) -> Result:  # type: ignore[override]
        """Step all copies.

        Args:
            actions: An element of `action_space`.

        Returns:
            Observations, rewards (float64), dones (bool) and infos; with `new_step_api`
            terminated and truncated instead of dones.

        Raises:
            InvalidAction: If there are not n actions or their structure is wrong.
        """
        return self._with_dones(self._vector.step(actions))

    def _with_dones(self, result: Any) -> Result:
        *values, infos = result
        self.observations = values[0]
        old = (*values, self._infos(infos))
        if self.new_step_api:
            return old
        return convert_to_done_step_api(old, is_vector_env=True)

    def _infos(self, infos: dict[str, Any]) -> Any:
        """Return today's infos as the release had them."""
        if not infos:
            return {}
        old = columns_of(self._rows(infos), self.num_envs)
        kept = [mark + name for name in _OF_WRAPPERS if name in infos for mark in ("", "_")]
        return {**old, **{name: infos[name] for name in kept}}

    def _rows(self, infos: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the info of each copy's own step; what starts the next episode tells nothing."""
        return [
            {
                **row["final_info"],
                **{name: row[name] for name in _OF_WRAPPERS if name in row},
                self.final_key: row["final_obs"],
            }
            if "final_info" in row
            else row
            for row in split_infos(infos, self.num_envs)
        ]

    def around(self, wrap: Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Return this vector with a wrapper of today's vectors applied inside."""
        twin = copy.copy(self)
        twin._vector = wrap(self._vector, *args, **kwargs)
        twin.observation_space = twin._vector.observation_space
        twin.single_observation_space = twin._vector.single_observation_space
        return twin

    def seed(self, seed: Seeds = None) -> list[int]:
        """Keep seeds for the next reset.

        Args:
            seed: As in `reset`.
        """
        self._seeds = seed
        return []

    def reset_async(self, **kwargs: Any) -> None:
        """Begin a reset; `reset_wait` returns what `reset` would."""
        self._pending = ("reset", partial(self.reset, **kwargs))

    def reset_wait(self, **_: Any) -> Any:
        """Return the result of the reset that was begun."""
        return self._finished("reset")

    def step_async(self, actions: Any) -> None:
        """Begin a step; `step_wait` returns what `step` would."""
        self._pending = ("step", partial(self.step, actions))

    def step_wait(self, **_: Any) -> Result:
        """Return the result of the step that was begun."""
        result: Result = self._finished("step")
        return result

    def _finished(self, name: str) -> Any:
        pending, self._pending = self._pending, None
        if pending is None or pending[0] != name:
            raise NoAsyncCallError(
                f"Calling `{name}_wait` without any prior call to `{name}_async`.", name
            )
        return pending[1]()

    def render(self, mode: str = "human") -> Any:
        """Return what each copy renders in the mode it was made with."""
        return self._vector.render()

    def close(self, **kwargs: Any) -> None:
        """Close all copies. Closing twice is harmless."""
        self.closed = True
        self._vector.close(**kwargs)

    def __getattr__(self, name: str) -> Any:
        # `call`, `get_attr`, `set_attr`, `processes`, …
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._vector, name)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.num_envs})"

    __str__ = __repr__


class VectorEnvWrapper(VectorEnv):
    """A vector that passes every call on to the one it wraps.

    Attributes:
        env: The wrapped vector.
    """

    def __init__(self, env: VectorEnv) -> None:
        """Wrap `env`."""
        self.env = env
        super().__init__(env._vector, env.new_step_api)

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped vector."""
        return self.env.reset(**kwargs)

    def step(self, actions: Any) -> Result:  # type: ignore[override]
        """Step the wrapped vector."""
        return self.env.step(actions)

    def seed(self, seed: Seeds = None) -> list[int]:
        """Seed the wrapped vector."""
        return self.env.seed(seed)

    def close(self, **kwargs: Any) -> None:
        """Close the wrapped vector."""
        self.env.close(**kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "env":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.env, name)


def todays_makers(env_fns: Iterable[MakeEnv]) -> list[Callable[[], NewEnv[Any, Any]]]:
    """Return functions whose environments speak today's interface, converted if need be."""
    return [partial(_todays_env, make_one) for make_one in env_fns]


def _todays_env(make_one: MakeEnv) -> NewEnv[Any, Any]:
    env = make_one()
    return env if isinstance(env, NewEnv) else SilentlyConverted(env, env.render_mode)
