"""The real Gymnasium's environments and vectors as ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from dromos import error, spaces
from dromos.compat.gymnasium.converted import ConvertedEnv, ConvertedVectorEnv, converted_spec
from dromos.compat.gymnasium.peer import peer
from dromos.core import Env
from dromos.registration import EnvSpec
from dromos.vector import AutoresetMode, VectorEnv
from dromos.vector.utils import concatenate, create_empty_array, iterate

__all__ = ["DromosEnv", "DromosVectorEnv", "make_from_gymnasium", "make_vec_from_gymnasium"]


class DromosEnv(ConvertedEnv, Env[Any, Any]):
    """An environment of the real Gymnasium for programs that use this library.

    Attributes that it does not have are those of `inner`. Its state is Gymnasium's own, which
    snapshots cannot take.

    Attributes:
        inner: The environment of theirs, with its wrappers.
    """

    _spaces: ClassVar[Any] = spaces
    _errors: ClassVar[Any] = error

    def __init__(self, env: Any) -> None:
        super().__init__(env, converted_spec(env.spec, EnvSpec, entry_point=make_from_gymnasium))


class DromosVectorEnv(ConvertedVectorEnv, VectorEnv[Any, Any, npt.NDArray[Any]]):
    """A vector of the real Gymnasium for programs that use this library.

    `send` takes the actions of all lanes. Attributes that it does not have are those of `inner`.

    Attributes:
        inner: The vector of theirs.
    """

    _spaces: ClassVar[Any] = spaces
    _errors: ClassVar[Any] = error

    def __init__(self, vector: Any) -> None:
        spec = converted_spec(vector.spec, EnvSpec, vector_entry_point=make_vec_from_gymnasium)
        super().__init__(vector, spec, AutoresetMode)
        self._ended = self._stepped = np.zeros(self.num_envs, dtype=np.bool_)
        self._observations: Any = None
        self._final: dict[int, Any] = {}
        self._sent: Any = None

    def reset(self, *, seed: Any = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        """Reset the lanes; ``options`` is one dict for all.

        Raises:
            TypeError: If there are options for single lanes, which Gymnasium does not know.
        """
        if not isinstance(options, (Mapping, type(None))):
            raise TypeError(f"options: expected one dict for all lanes, found {options!r}")
        given = None if options is None else dict(options)  # Gymnasium takes ``reset_mask`` out
        chosen = np.ones(self.num_envs, np.bool_) if given is None else given.get("reset_mask")
        self._observations, infos = super().reset(seed=seed, options=given)
        self._ended = self._ended & ~chosen if chosen is not None else np.zeros_like(self._ended)
        self._stepped = np.zeros(self.num_envs, dtype=np.bool_)
        self._sent, self._final = None, {}
        return self._observations, infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step the lanes."""
        self._observations, rewards, terminations, truncations, infos = super().step(actions)
        next_step = self.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
        self._stepped = ~self._ended if next_step else np.ones(self.num_envs, dtype=np.bool_)
        self._ended = terminations | truncations
        ended = np.flatnonzero(infos.get("_final_obs", ())).tolist()
        self._final = {lane: infos["final_obs"][lane] for lane in ended}
        return self._observations, rewards, terminations, truncations, infos

    def send(self, actions: Any, lane_ids: Any = None) -> None:
        """Keep the actions of all lanes for the step that `recv` makes."""
        if lane_ids is not None and list(lane_ids) != list(range(self.num_envs)):
            raise ValueError(f"Gymnasium steps all lanes at once, not lanes {lane_ids} alone")
        if self._sent is not None:
            raise error.AlreadyPendingCallError("`send` before `recv` of the last step", "send")
        self._sent = (actions,)

    def recv(self) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step all lanes with the actions that were sent."""
        if self._sent is None:
            raise error.NoAsyncCallError("`recv` without a `send` before it", "send")
        (actions,), self._sent = self._sent, None
        result = self.step(actions)
        result[-1]["lane_ids"] = np.arange(self.num_envs, dtype=np.int64)
        return result

    @property
    def final_obs(self) -> Any:
        """What the lanes observed at the end of their last steps, before any autoreset."""
        if self._observations is None:
            raise error.ResetNeeded(f"{self} has no observations before the first `reset()`.")
        rows = list(iterate(self.observation_space, self._observations))
        for lane, observation in self._final.items():
            rows[lane] = self._convert(self.single_observation_space, observation)
        space = self.single_observation_space
        return concatenate(space, rows, create_empty_array(space, self.num_envs))

    @property
    def valid_transition(self) -> npt.NDArray[np.bool_]:  # type: ignore[override]
        """Which lanes' environments made a step in the last call; bool (n,)."""
        return self._stepped.copy()


def make_from_gymnasium(spec: str, render_mode: str | None = None) -> DromosEnv:
    """Make an environment of theirs from the JSON text of its specification."""
    registration = peer().envs.registration
    chosen: dict[str, Any] = {} if render_mode is None else {"render_mode": render_mode}
    return DromosEnv(registration.make(registration.EnvSpec.from_json(spec), **chosen))


def make_vec_from_gymnasium(spec: str, num_envs: int, **kwargs: Any) -> DromosVectorEnv:
    """Make a vector of theirs from the JSON text of its specification, which may say `num_envs`."""
    registration = peer().envs.registration
    theirs = registration.EnvSpec.from_json(spec)
    return DromosVectorEnv(registration.make_vec(theirs, num_envs, **kwargs))
