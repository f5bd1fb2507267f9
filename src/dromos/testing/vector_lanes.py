"""The promise that each lane of a vector is the environment it should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.checks.promise import Promise
from dromos.testing.comparison import alike, require_same
from dromos.testing.vector_calls import SEED, AnyVector, actions_for, autoreset_mode
from dromos.vector import AutoresetMode
from dromos.vector.utils import concatenate, create_empty_array, iterate

if TYPE_CHECKING:
    from dromos.env import Env

__all__ = ["check_lanes"]

_KNOWN = "A lane is not the environment of its seed"
_REMEDY = "Look at what the lane does that the environment alone does not, and at its seed."
OBSERVATIONS = alike(_KNOWN, _REMEDY)
SIGNALS = Promise(
    AssertionError,
    "step {step}, lane {lane}: reward, terminated, truncated",
    _KNOWN,
    "{expected}",
    "{value}",
    _REMEDY,
)


def check_lanes(envs: AnyVector, env_fn: Callable[[], Env[Any, Any]] | None, steps: int) -> None:
    """Check that lane i is the environment of `env_fn`, if there is one, seeded ``seed + i``."""
    if env_fn is None:
        return
    lanes = _LanesAlone(envs, env_fn)
    draw = actions_for(envs)
    try:
        lanes.compare(envs.reset(seed=SEED)[0], f"reset(seed={SEED})")
        for step in range(steps):
            lanes.reset_ended()
            actions = draw()
            expected = lanes.step(actions)
            obs, *signals, _ = envs.step(actions)
            lanes.compare(obs, f"step {step}")
            for lane, (own, found) in enumerate(
                zip(expected, zip(*signals, strict=True), strict=True)
            ):
                reward, flags = float(found[0]), tuple(map(bool, found[1:]))
                same = np.isclose(own[0], reward, rtol=1e-5, atol=1e-5) and own[1:] == flags
                SIGNALS.require(same, (reward, *flags), step=step, lane=lane, expected=own)
    finally:
        lanes.close()


class _LanesAlone:
    """The environments that the lanes should be, moved as the vector's mode moves its lanes."""

    def __init__(self, envs: AnyVector, env_fn: Callable[[], Env[Any, Any]]) -> None:
        self.envs, self.mode = envs, autoreset_mode(envs)
        self.singles = [env_fn() for _ in range(envs.num_envs)]
        self.rows = [env.reset(seed=SEED + lane)[0] for lane, env in enumerate(self.singles)]
        self.ended = [False] * envs.num_envs

    def compare(self, observations: Any, call: str) -> None:
        space = self.envs.single_observation_space
        batch = concatenate(space, self.rows, create_empty_array(space, len(self.rows)))
        require_same(OBSERVATIONS, batch, observations, f"{call}.obs")

    def reset_ended(self) -> None:
        """Reset, with autoreset disabled, the lanes whose episodes have ended."""
        if self.mode is AutoresetMode.DISABLED and any(self.ended):
            self.envs.reset(options={"reset_mask": np.array(self.ended)})
            for lane in np.flatnonzero(self.ended).tolist():
                self._reset(lane)

    def step(self, actions: Any) -> list[tuple[float, bool, bool]]:
        """Do what the lanes do in a step, and return their rewards and flags."""
        rows = enumerate(iterate(self.envs.action_space, actions))
        return [self._step(lane, action) for lane, action in rows]

    def _step(self, lane: int, action: Any) -> tuple[float, bool, bool]:
        if self.ended[lane]:
            self._reset(lane)
            return 0.0, False, False
        self.rows[lane], reward, terminated, truncated, _ = self.singles[lane].step(action)
        self.ended[lane] = bool(terminated or truncated)
        if self.ended[lane] and self.mode is AutoresetMode.SAME_STEP:
            self._reset(lane)
        return float(reward), bool(terminated), bool(truncated)

    def _reset(self, lane: int) -> None:
        self.rows[lane], self.ended[lane] = self.singles[lane].reset()[0], False

    def close(self) -> None:
        for env in self.singles:
            env.close()
